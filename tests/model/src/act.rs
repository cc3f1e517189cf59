//! One action on one linking, as `mostik-service` carries it out (`linkings/act.rs`, `linkings/effects.rs`): the facts, the rules'
//! own decision, compare-and-set, effects.

use mostik_linking::{
    Action, Aim, AtMax, Change as Version, CodeCheck, Decision, Effect, Facts, Linking, NewProfile, Refusal,
    SharedContact, Step, decide,
};
use mostik_wire::{Code, Millis, Problem};

use crate::{
    asks::{Answer, WRONG_CODE, code_number},
    facts,
    kept::Kept,
    ledger::Ledger,
    mutant::Mutant,
    people::{ContactName, LinkingNo, MINUTE, Party, ProfileNo, linking_no, number_in},
    show::show,
    tables::{CodeRow, Counted, LinkRow, Message, ProfileRow, Proves, Tables, count, profile_no, pupil_no},
};

/// By how much a clock lags where a mutant says that it does.
const LAG: i64 = 11 * MINUTE;

/// A transaction: what it has changed so far.
pub(crate) struct Change {
    pub(crate) tables: Tables,
    pub(crate) ledger: Ledger,
    pub(crate) now: Millis,
}

/// What a transaction has read.
#[derive(Clone, Copy)]
pub(crate) struct Seen<'a> {
    pub(crate) tables: &'a Tables,
    pub(crate) now: Millis,
}

/// Who acts; nobody: a messenger, or time.
#[derive(Clone, Copy)]
pub(crate) struct Asker {
    pub(crate) party: Party,
    /// The version that they had seen.
    pub(crate) version: Option<u64>,
    /// The code that they have typed, and what it is to prove.
    pub(crate) typed: Option<(u32, Proves)>,
}

/// What was carried out.
pub(crate) struct Completed {
    /// Something has changed.
    pub(crate) changed: bool,
    /// The answer is this refusal, and what has changed is kept.
    pub(crate) refused: Option<Answer>,
}

/// The service: the frame around the rules, perhaps with a mistake in it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Service {
    pub(crate) mutant: Option<Mutant>,
}

impl Service {
    pub(crate) fn is(self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }

    /// Carries an action out.
    ///
    /// # Errors
    /// The answer that refuses it. The transaction is to be undone then.
    pub(crate) fn act(
        self,
        change: &mut Change,
        seen: Seen<'_>,
        no: LinkingNo,
        by: Option<Asker>,
        action: Action,
    ) -> Result<Completed, Answer> {
        let loaded = seen.tables.linking(no).clone();
        let facts = facts::gather(seen.tables, &loaded, &action, seen.now, self.mutant);
        let shown_by = shown_by(&loaded, &action);
        let of_number = matches!(action, Action::TakeMaxNumber);
        let decided = self.decide(&loaded, action, &facts, seen.now);
        let Decision { step, change: version, effects, refused } =
            decided.map_err(|refused| refusal(seen, &loaded, &refused))?;
        let before = change.tables.linking(no).clone();
        self.make_profile(change, &effects)?;
        let is_written = !(self.is(Mutant::SpentCodeNotKept) && version == Version::None
            || self.is(Mutant::TriesNotKept) && refused.is_some());
        let writes = is_written && (version != Version::None || step != loaded.step);
        if writes {
            if before.version != loaded.version && !self.is(Mutant::NoCompareAndSet) {
                return Err(stale(Seen { tables: &change.tables, now: change.now }, &before));
            }
            let after = next(&before, step, version, &effects, by);
            change.tables.linkings[usize::from(no)] = Kept::new(after);
        }
        let changed = version != Version::None || !effects.is_empty();
        note(change, &before, by.filter(|_| changed), of_number, refused.is_none());
        if version != Version::None {
            let after = change.tables.linking(no).clone();
            change.ledger.written(Some(&before), &after, change.now);
            if let (Some(user), Step::Profile { proven_in_max: Some(_), .. }) = (shown_by, &after.step) {
                change.ledger.number_shown(no, user);
            }
            if matches!(after.step, Step::Max(AtMax { aim: Aim::Number, .. }) | Step::Closed { .. }) {
                change.ledger.begun_anew(no);
            }
        }
        self.carry_out(change, &before, effects)?;
        let present = change.tables.linking(no).clone();
        let refused =
            refused.map(|refused| refusal(Seen { tables: &change.tables, now: change.now }, &present, &refused));
        Ok(Completed { changed, refused })
    }

    fn decide(self, linking: &Linking, action: Action, facts: &Facts, now: Millis) -> Result<Decision, Refusal> {
        let lags = now.plus(-LAG);
        match (self.mutant, action) {
            (Some(Mutant::CodeOutlivesItsLife), action @ Action::SubmitCode { .. }) => {
                decide(linking, action, facts, lags)
            }
            (Some(Mutant::TicketOutlivesItsLife), action @ Action::OpenInMax { .. }) => {
                decide(linking, action, facts, lags)
            }
            (Some(Mutant::NumberInMaxNotCompared), Action::ShareInMax { user, name, contact }) => {
                let profiles = facts.profile.as_ref().and_then(|profile| profile.phone.as_ref());
                let contact = match (contact, linking.step.phone_in_max(profiles)) {
                    (SharedContact::Own { masked, phone: Some((_, sealed)) }, Some(expected)) => {
                        SharedContact::Own { masked, phone: Some((expected, sealed)) }
                    }
                    (contact, _) => contact,
                };
                decide(linking, Action::ShareInMax { user, name, contact }, facts, now)
            }
            (Some(Mutant::NobodyAsked), action @ Action::ShareInMax { .. }) => {
                let asked = decide(linking, action, facts, now)?;
                let step = asked.step.clone();
                if step.at_max().is_some_and(AtMax::waits_for_a_yes) {
                    let waiting = Linking { step, ..linking.clone() };
                    return decide(&waiting, Action::TakeMaxNumber, facts, now);
                }
                Ok(asked)
            }
            (Some(Mutant::QuestionLeavesOldAnswers), action @ Action::ShareInMax { .. }) => {
                let asked = decide(linking, action, facts, now)?;
                let asks = asked.step.at_max().is_some_and(AtMax::waits_for_a_yes);
                Ok(if asks { Decision { change: Version::Known, ..asked } } else { asked })
            }
            (Some(Mutant::VisitorNotHeld), action @ Action::OpenInMax { .. }) => {
                let mut alone = linking.clone();
                if let Step::Max(at_max) = &mut alone.step {
                    at_max.visitor = None;
                }
                decide(&alone, action, facts, now)
            }
            (Some(Mutant::LetterOpensProfile), action @ Action::SubmitCode { .. }) => {
                let mut decision = decide(linking, action, facts, now)?;
                if let Step::Exists { profile, .. } = &decision.step {
                    decision.step = Step::Profile {
                        contact: ContactName::Mailbox.contact().clone(),
                        profile: Some(profile.clone()),
                        proven_in_max: None,
                    };
                }
                Ok(decision)
            }
            (_, action) => decide(linking, action, facts, now),
        }
    }

    /// What a code that was typed is to the linking.
    pub(crate) fn entered(self, tables: &Tables, linking: &Linking, proves: Proves, typed: u32) -> CodeCheck {
        let no = linking_no(&linking.id);
        let newest = linking.step.sent_code().map(|(_, sent)| (sent.nth, sent.place));
        let mut found = CodeCheck::Neither;
        for code in &tables.codes {
            let looked_up = (code.linking == no || self.is(Mutant::CodeOfAnotherLinking))
                && (code.proves == proves || self.is(Mutant::CodeOfAnotherPurpose));
            if !looked_up || typed == WRONG_CODE || code_number(code.linking, code.nth) != typed {
                continue;
            }
            let is_newest = if self.is(Mutant::CodeOfAnotherPurpose) {
                newest.is_some_and(|(_, place)| place == code.place)
            } else {
                newest.is_some_and(|(nth, _)| nth == code.nth)
            };
            if found != CodeCheck::Newest {
                let is_newest = is_newest || self.is(Mutant::OlderCodeWorks);
                found = if is_newest { CodeCheck::Newest } else { CodeCheck::Older };
            }
        }
        found
    }

    fn make_profile(self, change: &mut Change, effects: &[Effect]) -> Result<(), Answer> {
        for effect in effects {
            let Effect::MakeProfile(new) = effect else { continue };
            let NewProfile::ByPhone { id, phone } = &**new else { continue };
            let contact = ContactName::of(&mostik_wire::Contact::Sms { phone: phone.clone() });
            if change.tables.under(contact).is_some() && !self.is(Mutant::NumberNotUnique) {
                return Err(contended());
            }
            let no = number_in(id);
            change.tables.profiles.push(ProfileRow { no, contact, password: 0, max: None, former_max: None });
        }
        Ok(())
    }

    fn carry_out(self, change: &mut Change, before: &Linking, effects: Vec<Effect>) -> Result<(), Answer> {
        let (no, pupil) = (linking_no(&before.id), pupil_no(before));
        let now = change.now;
        let mut replaced = Vec::new();
        for effect in effects {
            let tables = &mut change.tables;
            match effect {
                Effect::SendCode { purpose, to, sent } => {
                    let (contact, proves) = (ContactName::of(&to), Proves::from(purpose));
                    let (nth, place, expires_at) = (sent.nth, sent.place, sent.expires_at);
                    count(&mut tables.counts, (contact, proves), Counted::Send, no, now);
                    if self.is(Mutant::ReissueForgetsFailures) {
                        tables.counts.retain(|c| c.of != (contact, proves) || c.counted == Counted::Send);
                    }
                    tables.codes.push(CodeRow { linking: no, nth, place, proves, contact, expires_at });
                    tables.drop_codes_of(no);
                    tables.outbox.push(Message { linking: no, nth, contact, expires_at });
                    change.ledger.code_made(no, nth, proves, contact, now);
                }
                Effect::DropQueuedCodes => tables.drop_codes_of(no),
                Effect::CountFailure { purpose, contact } => {
                    let spender = (ContactName::of(&contact), Proves::from(purpose));
                    count(&mut tables.counts, spender, Counted::Failure, no, now);
                }
                Effect::SetPassword { profile, .. } => {
                    if let Some(row) = tables.profile_mut(number_in(&profile)) {
                        row.password += 1;
                        change.ledger.password_shown(no, row.password);
                    }
                }
                Effect::ReplacePasswordElsewhere { profile } => replaced.push(number_in(&profile)),
                Effect::Link { profile } => {
                    self.link(change, LinkRow { pupil, profile: number_in(&profile), linking: no })?
                }
                Effect::Unlink { profile } => {
                    let profile = number_in(&profile);
                    tables.links.retain(|link| link.pupil != pupil);
                    if let Some(row) = tables.profile_mut(profile) {
                        row.former_max = row.max.take();
                    }
                    tables.formers[usize::from(pupil)] = Some(profile);
                }
                Effect::Bind { profile, account } => {
                    let profile = number_in(&profile);
                    let is_taken = tables.profiles.iter().any(|row| row.no != profile && row.max == Some(account.user));
                    if is_taken && !self.is(Mutant::MaxAccountNotUnique) {
                        return Err(contended());
                    }
                    if let Some(row) = tables.profile_mut(profile) {
                        (row.max, row.former_max) = (Some(account.user), None);
                        change.ledger.bound(row, account.user);
                    }
                }
                // Contacts that are counted as new have tests of their own, as what is only told and written down has.
                _ => {}
            }
        }
        self.sign_in_again(change, no, &replaced)
    }

    fn link(self, change: &mut Change, row: LinkRow) -> Result<(), Answer> {
        let taken = change.tables.link_of(row.profile).is_some() && !self.is(Mutant::LinkNotUnique);
        if taken || change.tables.link_of_pupil(row.pupil).is_some() {
            return Err(contended());
        }
        change.tables.links.push(row);
        if let Some(profile) = change.tables.profile(row.profile) {
            change.ledger.linked(row.linking, profile);
        }
        Ok(())
    }

    /// Other linkings that have signed in to a profile whose password was replaced.
    fn sign_in_again(self, change: &mut Change, but: LinkingNo, profiles: &[ProfileNo]) -> Result<(), Answer> {
        if profiles.is_empty() || self.is(Mutant::OldPasswordStays) {
            return Ok(());
        }
        for no in 0..u8::try_from(change.tables.linkings.len()).unwrap_or(0) {
            let step = &change.tables.linking(no).step;
            let signed_in = matches!(step, Step::Profile { .. })
                && profile_no(step).is_some_and(|profile| profiles.contains(&profile));
            if signed_in && no != but {
                let tables = change.tables.clone();
                let seen = Seen { tables: &tables, now: change.now };
                self.act(change, seen, no, None, Action::PasswordReplaced)?;
            }
        }
        Ok(())
    }
}

// The MAX account whose number the action may make the linking's.
fn shown_by(linking: &Linking, action: &Action) -> Option<i64> {
    match action {
        Action::ShareInMax { user, .. } => Some(*user),
        Action::TakeMaxNumber => linking.step.max_user(),
        _ => None,
    }
}

fn next(before: &Linking, step: Step, version: Version, effects: &[Effect], by: Option<Asker>) -> Linking {
    let codes = effects.iter().find_map(|effect| match effect {
        Effect::SendCode { sent, .. } => Some(sent.nth),
        _ => None,
    });
    let mut next = Linking { step, codes: codes.unwrap_or(before.codes), ..before.clone() };
    if version != Version::None {
        next.version += 1;
        next.moved_by = by.map_or_else(|| before.moved_by.clone(), |by| Some(by.party.account().into()));
    }
    if version == Version::Moved {
        next.moved_at_version = next.version;
    }
    next
}

fn note(change: &mut Change, before: &Linking, by: Option<Asker>, of_number: bool, right: bool) {
    let Some(by) = by else { return };
    if let Some((typed, proves)) = by.typed {
        change.ledger.compared(before, typed, proves, right, change.now);
    }
    if let Some(version) = by.version {
        change.ledger.done_at(before, version, of_number);
    }
}

/// Another transaction was faster.
fn contended() -> Answer {
    Answer::refused(Code::Overloaded)
}

/// The refusal of a request that is based on a choice that has changed since.
pub(crate) fn stale(seen: Seen<'_>, present: &Linking) -> Answer {
    let linking = Some(Box::new(show(seen.tables, present, seen.now)));
    Answer::Refused(Kept::new(Problem { linking, ..Problem::new(Code::StaleVersion) }))
}

/// What the rules refuse, as it goes over the wire.
fn refusal(seen: Seen<'_>, linking: &Linking, refused: &Refusal) -> Answer {
    let shown = refused.shows_linking.then(|| Box::new(show(seen.tables, linking, seen.now)));
    Answer::Refused(Kept::new(Problem {
        detail: refused.detail.map(str::to_owned),
        tries_left: refused.tries_left,
        retry_at: refused.retry_at,
        linking: shown,
        ..Problem::new(refused.code)
    }))
}
