//! A request at the service, as `mostik-service` answers it (`post.rs`, `linkings/request.rs`, `profiles/request.rs`): one key, one
//! transaction, one answer.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use mostik_linking::{Action, Linking, PasswordHash, Proof};
use mostik_wire::{Code, Millis, Problem};

use crate::{
    act::{Asker, Change, Completed, Seen, Service, stale},
    asks::{Answer, Ask, Move, Own},
    device::Given,
    facts,
    kept::Kept,
    mutant::Mutant,
    people::{ContactName, LinkingNo, Party, ProfileNo, PupilNo, SECOND},
    show::{me, profile, show},
    tables::{Counted, KeyRow, KeyState, Proves, Spender, Tables, profile_no},
    world::{Flight, Letter, Stage, Told, World},
};

/// How long an unanswered request is believed to be alive.
const CLAIM: i64 = 30 * SECOND;

/// What one transaction keeps others from until it ends.
type Held = (Option<Spender>, Vec<ProfileNo>);

/// How a transaction ends: its answer, and whether it has changed anything; or the refusal that undoes it.
type Outcome = Result<(Answer, bool), Answer>;

/// What a key says of a request.
enum Known {
    Nothing,
    UnderWay,
    Answered(Answer),
}

impl Service {
    /// Answers a request in one go; `false`: it has to wait.
    pub(crate) fn serve(self, world: &mut World, at: usize) -> bool {
        let flight = world.flights[at].clone();
        if flight.ask.only_reads() {
            let answer = read(&world.tables, &flight, world.now);
            answer_comes(world, at, &answer);
            return true;
        }
        match known(&world.tables, &flight, world.now) {
            Known::UnderWay => return false,
            Known::Answered(answer) => {
                Arc::make_mut(&mut world.ledger).answered(flight.party, flight.wish, true, false, digest(&answer));
                answer_is_under_way(world, at, answer);
                return true;
            }
            Known::Nothing => {}
        }
        if self.must_wait(world, at, &world.tables) {
            return false;
        }
        let seen = world.tables.clone();
        self.finish(world, at, &seen, world.now);
        true
    }

    /// A node reads what a request needs and decides, while another goes on; `false`: it has to wait.
    pub(crate) fn load(self, world: &mut World, at: usize) -> bool {
        let flight = world.flights[at].clone();
        if flight.ask.only_reads()
            || !matches!(known(&world.tables, &flight, world.now), Known::Nothing)
            || self.must_wait(world, at, &world.tables)
        {
            return false;
        }
        let tables = Arc::make_mut(&mut world.tables);
        tables.keys.retain(|row| (row.party, row.key) != (flight.party, flight.key));
        let state = KeyState::Claimed { until: world.now.plus(CLAIM) };
        tables.keys.push(KeyRow { party: flight.party, key: flight.key, ask: flight.ask, state });
        let seen = world.tables.clone();
        world.flights[at].stage = Stage::Loaded { seen: seen.clone(), at: world.now };
        if self.is(Mutant::MessageBeforeCommit) || self.is(Mutant::AnswerBeforeCommit) {
            self.leak(world, &flight, &seen);
        }
        true
    }

    // What leaves before the commit where a mutant says so.
    fn leak(self, world: &mut World, flight: &Flight, seen: &Tables) {
        let (change, outcome) = self.transaction(world, flight, seen, world.now);
        let Ok((answer, _)) = outcome else { return };
        if self.is(Mutant::MessageBeforeCommit) {
            let new = change.tables.outbox.iter().filter(|message| !seen.outbox.contains(message));
            let letters: Vec<Letter> =
                new.map(|m| Letter { contact: m.contact, linking: m.linking, nth: m.nth }).collect();
            world.inbox.extend(letters);
        } else {
            deliver_to(world, flight.party, flight.wish, &answer);
        }
    }

    /// A node writes what it has decided; what another has written meanwhile may be in the way.
    pub(crate) fn write(self, world: &mut World, at: usize) {
        let Stage::Loaded { seen, at: moment } = world.flights[at].stage.clone() else { return };
        self.finish(world, at, &seen, moment);
    }

    /// A node dies: what it had not committed is undone, and whoever waits for it asks again.
    pub(crate) fn crash(self, world: &mut World) {
        if self.is(Mutant::HalfOfAChange) {
            self.leave_half(world);
        }
        for flight in &mut world.flights {
            if matches!(flight.stage, Stage::Loaded { .. }) {
                flight.stage = Stage::Asked;
            }
        }
        if self.is(Mutant::FailuresInMemory) {
            let tables = Arc::make_mut(&mut world.tables);
            tables.counts.retain(|count| count.counted == Counted::Send);
        }
    }

    // Of an open transaction the steps alone.
    fn leave_half(self, world: &mut World) {
        for flight in world.flights.clone() {
            let Stage::Loaded { seen, at } = &flight.stage else { continue };
            let (change, outcome) = self.transaction(world, &flight, seen, *at);
            if outcome.is_ok() {
                Arc::make_mut(&mut world.tables).linkings = change.tables.linkings;
            }
        }
    }

    fn finish(self, world: &mut World, at: usize, seen: &Tables, moment: Millis) {
        let flight = world.flights[at].clone();
        let (mut change, outcome) = self.transaction(world, &flight, seen, moment);
        let answer = match outcome {
            Ok((answer, changed)) => {
                let keys = &mut change.tables.keys;
                keys.retain(|row| (row.party, row.key) != (flight.party, flight.key));
                if !self.is(Mutant::AnswerNotKept) {
                    let state = KeyState::Answered(answer.clone());
                    keys.push(KeyRow { party: flight.party, key: flight.key, ask: flight.ask, state });
                }
                change.ledger.answered(flight.party, flight.wish, true, changed, digest(&answer));
                (world.tables, world.ledger) = (Arc::new(change.tables), Arc::new(change.ledger));
                answer
            }
            Err(refused) => {
                let tables = Arc::make_mut(&mut world.tables);
                tables.keys.retain(|row| (row.party, row.key) != (flight.party, flight.key));
                Arc::make_mut(&mut world.ledger).answered(flight.party, flight.wish, false, false, digest(&refused));
                refused
            }
        };
        answer_is_under_way(world, at, answer);
    }

    fn transaction(self, world: &World, flight: &Flight, seen: &Tables, moment: Millis) -> (Change, Outcome) {
        let mut change = Change { tables: (*world.tables).clone(), ledger: (*world.ledger).clone(), now: world.now };
        let seen = Seen { tables: seen, now: moment };
        let outcome = match flight.ask {
            Ask::Create { pupil } => create(&mut change, flight.party, pupil),
            Ask::Move { linking, version, what } => self.moved(&mut change, seen, flight.party, linking, version, what),
            Ask::Own { pupil, profile, what } => self.owned(&mut change, seen, flight.party, pupil, profile, what),
            Ask::Read { .. } | Ask::Me | Ask::Profile { .. } => unreachable!("it bears no key"),
        };
        (change, outcome)
    }

    fn moved(
        self,
        change: &mut Change,
        seen: Seen<'_>,
        party: Party,
        no: LinkingNo,
        version: u64,
        what: Move,
    ) -> Outcome {
        let loaded = seen.tables.linking(no).clone();
        if loaded.is_stale(version) && !self.is(Mutant::StaleVersionTaken) {
            return Err(stale(seen, &loaded));
        }
        let action = self.action(seen.tables, &loaded, what);
        if !action.name().is_taken_at(&loaded.step) {
            let linking = Some(Box::new(show(seen.tables, &loaded, seen.now)));
            return Err(Answer::Refused(Kept::new(Problem { linking, ..Problem::new(Code::WrongStep) })));
        }
        if let Move::SignIn(password) = what {
            if profile_no(&loaded.step)
                .and_then(|no| seen.tables.profile(no))
                .is_none_or(|row| row.password != password)
            {
                return Err(Answer::refused(Code::PasswordWrong));
            }
            change.ledger.password_shown(no, password);
        }
        let proves = match what {
            Move::Recovery(..) => Proves::Recovery,
            _ => Proves::Contact,
        };
        let typed = Ask::Move { linking: no, version, what }.typed().map(|typed| (typed, proves));
        let by = Asker { party, version: Some(version), typed };
        let Completed { changed, refused } = self.act(change, seen, no, Some(by), action)?;
        Ok((refused.unwrap_or_else(|| linking_answer(change, no)), changed))
    }

    fn action(self, tables: &Tables, linking: &Linking, what: Move) -> Action {
        match what {
            Move::Contact(contact) => Action::GiveContact { contact: contact.contact().clone() },
            Move::MaxProof => Action::ProveInMax,
            Move::MaxNumber => Action::TakeMaxNumber,
            Move::Former => Action::UseFormer,
            Move::Code(typed) => Action::SubmitCode { entered: self.entered(tables, linking, Proves::Contact, typed) },
            Move::Resend => Action::Resend,
            Move::SignIn(_) => Action::SignInToProfile,
            Move::Recover => Action::Recover,
            Move::Recovery(typed, password) => Action::SetNewPassword {
                entered: self.entered(tables, linking, Proves::Recovery, typed),
                password: PasswordHash(format!("{password}")),
            },
            Move::SkipMax => Action::SkipMax,
            // What names decide is the business of the rules' own tests.
            Move::Confirm => Action::Confirm { accept_other_name: true },
            Move::RenewMaxLink => Action::RenewMaxLink,
            Move::Cancel => Action::Cancel,
        }
    }

    fn owned(
        self,
        change: &mut Change,
        seen: Seen<'_>,
        party: Party,
        pupil: PupilNo,
        meant: ProfileNo,
        what: Own,
    ) -> Outcome {
        let link = seen.tables.link_of_pupil(pupil).filter(|link| link.profile == meant);
        let Some(no) = link.map(|link| link.linking) else { return Err(Answer::refused(Code::NotLinked)) };
        let loaded = seen.tables.linking(no).clone();
        let action = self.owners_action(seen.tables, &loaded, what);
        let typed = Ask::Own { pupil, profile: meant, what }.typed().map(|typed| (typed, Proves::Owner));
        let by = Asker { party, version: None, typed };
        let Completed { changed, refused } = self.act(change, seen, no, Some(by), action)?;
        let answer = match (refused, what) {
            (Some(refused), _) => refused,
            (None, Own::SendCode) => own_profile(&change.tables, pupil, change.now),
            (None, Own::Export(_)) => Answer::Exported,
            (None, Own::Unlink(_)) => Answer::Unlinked,
        };
        Ok((answer, changed))
    }

    fn owners_action(self, tables: &Tables, linking: &Linking, what: Own) -> Action {
        let proof = |typed| Proof::Code(self.entered(tables, linking, Proves::Owner, typed));
        match what {
            Own::SendCode => Action::SendOwnerCode,
            Own::Export(typed) => Action::Export { proof: proof(typed) },
            Own::Unlink(typed) => Action::Unlink { proof: proof(typed) },
        }
    }

    /// Whether an open transaction holds what this one has to hold.
    fn must_wait(self, world: &World, at: usize, tables: &Tables) -> bool {
        let mut open = world.flights.iter().filter_map(|flight| match &flight.stage {
            Stage::Loaded { seen, .. } => Some(self.held(seen, &flight.ask)),
            _ => None,
        });
        let (spender, profiles) = self.held(tables, &world.flights[at].ask);
        open.any(|held: Held| {
            (spender.is_some() && held.0 == spender && !self.is(Mutant::BudgetNotLocked))
                || (held.1.iter().any(|profile| profiles.contains(profile)) && !self.is(Mutant::LinkNotUnique))
        })
    }

    fn held(self, tables: &Tables, ask: &Ask) -> Held {
        let (no, action) = match *ask {
            Ask::Move { linking, what, .. } => (linking, self.action(tables, tables.linking(linking), what)),
            Ask::Own { pupil, what, .. } => match tables.link_of_pupil(pupil) {
                Some(link) => (link.linking, self.owners_action(tables, tables.linking(link.linking), what)),
                None => return (None, Vec::new()),
            },
            Ask::Create { .. } | Ask::Read { .. } | Ask::Me | Ask::Profile { .. } => return (None, Vec::new()),
        };
        let linking = tables.linking(no);
        let under = linking.step.contact().filter(|_| matches!(action, Action::Confirm { .. }));
        let under = under.and_then(|contact| tables.under(ContactName::of(&contact)));
        let profiles = profile_no(&linking.step).into_iter().chain(under.map(|row| row.no)).collect();
        (facts::spender(tables, linking, &action), profiles)
    }

    /// Whether a linking's profile is held by an open transaction.
    pub(crate) fn is_held(self, world: &World, linking: LinkingNo) -> bool {
        let profile = profile_no(&world.tables.linking(linking).step);
        world.flights.iter().any(|flight| match &flight.stage {
            Stage::Loaded { seen, .. } => {
                profile.is_some_and(|profile| self.held(seen, &flight.ask).1.contains(&profile))
            }
            _ => false,
        })
    }
}

fn known(tables: &Tables, flight: &Flight, now: Millis) -> Known {
    let row = tables.keys.iter().find(|row| (row.party, row.key) == (flight.party, flight.key));
    match row.map(|row| &row.state) {
        Some(KeyState::Answered(answer)) => Known::Answered(answer.clone()),
        Some(KeyState::Claimed { until }) if now < *until => Known::UnderWay,
        _ => Known::Nothing,
    }
}

fn create(change: &mut Change, party: Party, pupil: PupilNo) -> Outcome {
    if let Some(link) = change.tables.link_of_pupil(pupil) {
        let linking = show(&change.tables, change.tables.linking(link.linking), change.now);
        let linking = Some(Box::new(linking));
        return Err(Answer::Refused(Kept::new(Problem { linking, ..Problem::new(Code::AlreadyLinked) })));
    }
    let open = change.tables.open_linking(pupil);
    let no = open.unwrap_or_else(|| change.tables.begin(pupil, party));
    if open.is_none() {
        let begun = change.tables.linking(no).clone();
        change.ledger.written(None, &begun, change.now);
    }
    Ok((linking_answer(change, no), open.is_none()))
}

fn linking_answer(change: &Change, no: LinkingNo) -> Answer {
    Answer::Linking(Kept::new(show(&change.tables, change.tables.linking(no), change.now)))
}

fn own_profile(tables: &Tables, pupil: PupilNo, now: Millis) -> Answer {
    let own = tables.link_of_pupil(pupil).and_then(|link| profile(tables, link, now));
    own.map_or_else(|| Answer::refused(Code::NotLinked), |own| Answer::Profile(Kept::new(own)))
}

fn read(tables: &Tables, flight: &Flight, now: Millis) -> Answer {
    match flight.ask {
        Ask::Read { linking } => Answer::Linking(Kept::new(show(tables, tables.linking(linking), now))),
        Ask::Profile { pupil } => own_profile(tables, pupil, now),
        _ => Answer::Me(Kept::new(me(tables, flight.party))),
    }
}

fn digest(answer: &Answer) -> u64 {
    let mut hasher = DefaultHasher::new();
    answer.hash(&mut hasher);
    hasher.finish()
}

fn answer_is_under_way(world: &mut World, at: usize, answer: Answer) {
    if world.flights[at].abandoned {
        world.flights.remove(at);
    } else {
        world.flights[at].stage = Stage::Answered(answer);
    }
}

/// An answer reaches whoever waits for it.
pub(crate) fn deliver(world: &mut World, at: usize) {
    if let Stage::Answered(answer) = world.flights[at].stage.clone() {
        answer_comes(world, at, &answer);
    }
}

fn answer_comes(world: &mut World, at: usize, answer: &Answer) {
    let flight = world.flights.remove(at);
    deliver_to(world, flight.party, flight.wish, answer);
}

fn deliver_to(world: &mut World, party: Party, wish: u64, answer: &Answer) {
    match party {
        Party::Device => world.at_device(&Given::Answer(wish, answer.clone())),
        Party::Second => {
            world.second.told = match answer {
                Answer::Unlinked => None,
                answer => answer.linking().map(Told::of).or(world.second.told),
            };
        }
    }
}
