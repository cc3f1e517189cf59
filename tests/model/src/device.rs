//! The family's device: the app's own machine, and what it asks of the service.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{LazyLock, Mutex},
};

use mostik_flow::{
    Attempt, Call, CauseKind, Effect, Input, News, Reply, RequestKind, Route, State, Verdict, Watched, resume, step,
    stored,
};
use mostik_wire::{Linking, Millis, Proof, ProvenBody, Secret};

use crate::{
    asks::{Answer, Ask, Move, Own},
    kept::Kept,
    people::{ContactName, LinkingNo, linking_no, number_in},
    press::Press,
};

/// What the machine follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Follows {
    Nothing,
    Linking(LinkingNo),
    Account,
}

/// The device.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Device {
    pub(crate) state: Kept<State>,
    pub(crate) follows: Follows,
}

/// What the machine asks of the service, with its attempt.
pub(crate) type Request = (u64, Ask);

/// What is given to the machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Given {
    Press(Press),
    /// What the service answers to an attempt.
    Answer(u64, Answer),
    /// The engine gives an attempt up.
    Abandoned(u64),
    News(Kept<Linking>),
    /// The device is killed and comes back with what was stored.
    Restart,
}

/// What the machine made of something.
#[derive(Clone)]
struct Taken {
    state: Kept<State>,
    follows: Follows,
    requests: Vec<Request>,
}

/// The machine is pure: what it has made of something once, it makes of it again.
static TAKEN: LazyLock<[Mutex<HashMap<u64, Taken>>; 64]> = LazyLock::new(|| std::array::from_fn(|_| Mutex::default()));

impl Device {
    /// An app that was never used.
    pub(crate) fn new() -> Self {
        Self { state: Kept::new(State::fresh()), follows: Follows::Nothing }
    }

    /// Gives the machine something, and answers with what it asks of the service then.
    pub(crate) fn take(&mut self, given: &Given, now: Millis) -> Vec<Request> {
        let mut hasher = DefaultHasher::new();
        (self.state.digest(), self.follows, given, now).hash(&mut hasher);
        let key = hasher.finish();
        let known = &TAKEN[usize::try_from(key % 64).unwrap_or_default()];
        let found = known.lock().expect("nobody panics with it").get(&key).cloned();
        let taken = found.unwrap_or_else(|| {
            let taken = self.clone().taken(given, now);
            known.lock().expect("nobody panics with it").insert(key, taken.clone());
            taken
        });
        (self.state, self.follows) = (taken.state, taken.follows);
        taken.requests
    }

    fn taken(mut self, given: &Given, now: Millis) -> Taken {
        let requests = match given {
            Given::Press(press) => self.step(Input::Intent(press.intent()), now),
            Given::Answer(attempt, answer) => self.step(Input::Reply(Attempt(*attempt), reply(answer)), now),
            Given::Abandoned(attempt) => {
                let reply = Reply::Failed(CauseKind::Timeout.into());
                self.step(Input::Reply(Attempt(*attempt), reply), now)
            }
            Given::News(linking) => self.step(Input::News(News::Linking(Box::new((**linking).clone()))), now),
            Given::Restart => {
                let text = stored::save(&self.state).expect("a state has a form as JSON");
                let next = resume(stored::load(&text).expect("it was just saved"), now);
                (self.state, self.follows) = (Kept::new(next.state), Follows::Nothing);
                self.run(next.effects, now)
            }
        };
        Taken { state: self.state, follows: self.follows, requests }
    }

    fn step(&mut self, input: Input, now: Millis) -> Vec<Request> {
        let next = step((*self.state).clone(), input, now);
        if !matches!(next.verdict, Verdict::Ignored(_)) {
            self.state = Kept::new(next.state);
        }
        self.run(next.effects, now)
    }

    fn run(&mut self, effects: Vec<Effect>, now: Millis) -> Vec<Request> {
        let mut requests = Vec::new();
        for effect in effects {
            match effect {
                // The keyring still holds the session.
                Effect::ReadKeyring(attempt) => {
                    let reply = Reply::KeyringRead { session: true };
                    requests.extend(self.step(Input::Reply(attempt, reply), now));
                }
                Effect::Watch(Watched::Linking(id)) => self.follows = Follows::Linking(linking_no(&id)),
                Effect::Watch(Watched::Account) => self.follows = Follows::Account,
                Effect::Unwatch => self.follows = Follows::Nothing,
                Effect::ReadMe(attempt) => requests.push((attempt.0, Ask::Me)),
                Effect::Call { attempt, call } => requests.push((attempt.0, ask_of(&call))),
                Effect::ProfileCall { attempt, pupil, call } => {
                    let pupil = u8::try_from(number_in(&pupil.0)).expect("a pupil of the story");
                    requests.push((attempt.0, own_ask_of(pupil, &call)));
                }
                // Lessons, logs, pages and notices are no part of linking.
                _ => {}
            }
        }
        requests
    }

    /// The linking that the window shows.
    pub(crate) fn shown(&self) -> Option<&Linking> {
        match &self.state.route {
            Route::Wizard(wizard) => Some(&wizard.linking),
            _ => None,
        }
    }

    /// The attempt under way that changes something, if one is.
    pub(crate) fn pending(&self) -> Option<(u64, &RequestKind)> {
        let pending = match &self.state.route {
            Route::Diary(diary) => diary.pending.as_ref(),
            Route::Security(security) => security.pending.as_ref(),
            Route::Wizard(wizard) => wizard.pending.as_ref(),
            _ => None,
        };
        pending.filter(|pending| !pending.kind.only_reads()).map(|pending| (pending.attempt.0, &pending.kind))
    }
}

fn reply(answer: &Answer) -> Reply {
    match answer {
        Answer::Linking(linking) => Reply::Linking(Box::new((**linking).clone())),
        Answer::Me(me) => Reply::Me((**me).clone()),
        Answer::Profile(profile) => Reply::Profile(Box::new((**profile).clone())),
        Answer::Exported => Reply::Saved { file: String::new() },
        Answer::Unlinked => Reply::Unlinked,
        Answer::Refused(problem) => Reply::Refused(Box::new((**problem).clone())),
    }
}

fn password_of(text: &str) -> u8 {
    text.rsplit(' ').next().and_then(|number| number.parse().ok()).expect("a password of the story")
}

fn code_of(code: &Secret) -> u32 {
    code.expose().parse().expect("digits")
}

fn ask_of(call: &Call) -> Ask {
    let (linking, version, what) = match call {
        Call::Create(pupil) => {
            return Ask::Create { pupil: u8::try_from(number_in(&pupil.0)).expect("a pupil of the story") };
        }
        Call::Read(linking) => return Ask::Read { linking: linking_no(linking) },
        Call::Contact { linking, version, contact } => (linking, version, Move::Contact(ContactName::of_text(contact))),
        Call::MaxProof { linking, version } => (linking, version, Move::MaxProof),
        Call::MaxNumber { linking, version } => (linking, version, Move::MaxNumber),
        Call::Former { linking, version } => (linking, version, Move::Former),
        Call::Code { linking, version, code } => (linking, version, Move::Code(code_of(code))),
        Call::Resend { linking, version } => (linking, version, Move::Resend),
        Call::ProfileSignIn { linking, version, password } => {
            (linking, version, Move::SignIn(password_of(password.expose())))
        }
        Call::Recover { linking, version } => (linking, version, Move::Recover),
        Call::Recovery { linking, version, code, password } => {
            (linking, version, Move::Recovery(code_of(code), password_of(password.expose())))
        }
        Call::SkipMax { linking, version } => (linking, version, Move::SkipMax),
        Call::Confirm { linking, version, .. } => (linking, version, Move::Confirm),
        Call::RenewMaxLink { linking, version } => (linking, version, Move::RenewMaxLink),
        Call::Cancel { linking, version } => (linking, version, Move::Cancel),
        Call::Password { .. } | Call::Details { .. } | Call::Vk { .. } => unreachable!("no part of the stories"),
    };
    Ask::Move { linking: linking_no(linking), version: *version, what }
}

fn own_ask_of(pupil: u8, call: &mostik_flow::ProfileCall) -> Ask {
    use mostik_flow::ProfileCall as P;
    let proven = |body: &ProvenBody| match &body.proof {
        Proof::Code { code } => (number_in(&body.profile), code_of(code)),
        Proof::Password { .. } => unreachable!("profiles by phone have no password"),
    };
    let (profile, what) = match call {
        P::Read => return Ask::Profile { pupil },
        P::Code(profile) => (number_in(profile), Own::SendCode),
        P::Export(body) => {
            let (profile, code) = proven(body);
            (profile, Own::Export(code))
        }
        P::Unlink(body) => {
            let (profile, code) = proven(body);
            (profile, Own::Unlink(code))
        }
        P::Keep(_) | P::UnlinkMessenger(..) | P::Delete(_) => unreachable!("no part of the stories"),
    };
    Ask::Own { pupil, profile, what }
}
