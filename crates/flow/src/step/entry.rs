//! From the start of the app to an open diary.

use mostik_wire::Account;

use super::{
    open::{account, diary, family, security, wizard},
    turn::{Turn, ends_session, failure},
};
use crate::{Attempt, Cause, Effect, Input, Intent, KeyringProblem, Next, Place, Reply};

pub(super) fn starting(turn: Turn, attempt: Attempt, after: Option<Box<Place>>, input: Input) -> Next {
    match input {
        Input::Reply(of, reply) if of == attempt => keyring_answer(turn, after, reply),
        Input::Reply(..) => turn.ignored(Place::Starting { attempt, after }, "a late reply"),
        _ => turn.ignored(Place::Starting { attempt, after }, "the keyring is being read"),
    }
}

pub(super) fn keyring(
    mut turn: Turn,
    problem: KeyringProblem,
    pending: Option<Attempt>,
    after: Option<Box<Place>>,
    input: Input,
) -> Next {
    let stay = |after| Place::Keyring { problem, pending, after };
    match input {
        Input::Intent(Intent::RetryKeyring) if pending.is_none() => {
            let attempt = turn.attempt();
            turn.effects.push(Effect::ReadKeyring(attempt));
            turn.moved(Place::Keyring { problem, pending: Some(attempt), after })
        }
        Input::Intent(Intent::RetryKeyring) => turn.ignored(stay(after), "the keyring is being read"),
        Input::Intent(Intent::ContinueWithoutKeyring) => {
            turn.effects.push(Effect::KeepInMemory);
            turn.state.conditions.session_only = true;
            let in_wizard = matches!(after.as_deref(), Some(Place::Wizard(_)));
            turn.moved(Place::SignedOut { cause: None, in_wizard })
        }
        Input::Intent(Intent::Dismiss) => {
            turn.dismiss_strips();
            turn.moved(stay(after))
        }
        Input::Intent(_) => turn.refused(stay(after), "the keyring comes first"),
        Input::Reply(attempt, reply) if pending == Some(attempt) => keyring_answer(turn, after, reply),
        _ => turn.ignored(stay(after), "a late reply"),
    }
}

fn keyring_answer(mut turn: Turn, after: Option<Box<Place>>, reply: Reply) -> Next {
    match reply {
        Reply::KeyringRead { session: true } => match after.map(|place| *place) {
            Some(Place::Family(family)) => family::refresh(turn, family),
            Some(Place::Diary(diary)) => diary::refresh(turn, diary),
            Some(Place::Security(security)) => security::refresh(turn, security),
            Some(Place::Wizard(wizard)) => wizard::resync(turn, wizard),
            _ => {
                let pending = Some(turn.read_me());
                turn.moved(Place::Opening { pending, cause: None, in_wizard: false })
            }
        },
        Reply::KeyringRead { session: false } => {
            // A session kept in memory alone ended with the app; the linking itself waits at the service.
            let in_wizard = matches!(after.as_deref(), Some(Place::Wizard(_)));
            turn.moved(Place::SignedOut { cause: None, in_wizard })
        }
        Reply::KeyringFailed(problem) => turn.moved(Place::Keyring { problem, pending: None, after }),
        _ => turn.moved(Place::Keyring { problem: KeyringProblem::Broken, pending: None, after }),
    }
}

pub(super) fn signed_out(mut turn: Turn, cause: Option<Cause>, in_wizard: bool, input: Input) -> Next {
    match input {
        Input::Intent(Intent::SignIn | Intent::Retry) => {
            let attempt = turn.attempt();
            turn.effects.push(Effect::SignIn(attempt));
            turn.moved(Place::SigningIn { attempt, address: None, in_wizard })
        }
        Input::Intent(Intent::Dismiss) => {
            turn.dismiss_strips();
            turn.moved(Place::SignedOut { cause: None, in_wizard })
        }
        Input::Intent(Intent::SignOut) => turn.ignored(Place::SignedOut { cause, in_wizard }, "nobody is signed in"),
        Input::Intent(_) => turn.refused(Place::SignedOut { cause, in_wizard }, "nobody is signed in"),
        _ => turn.ignored(Place::SignedOut { cause, in_wizard }, "a late reply"),
    }
}

pub(super) fn signing_in(
    mut turn: Turn,
    attempt: Attempt,
    address: Option<String>,
    in_wizard: bool,
    input: Input,
) -> Next {
    match input {
        Input::Intent(Intent::OpenBrowserAgain) => {
            turn.effects.push(Effect::OpenBrowserAgain(attempt));
            turn.moved(Place::SigningIn { attempt, address, in_wizard })
        }
        Input::Intent(Intent::CancelSignIn) => {
            turn.effects.push(Effect::CancelSignIn);
            turn.moved(Place::SignedOut { cause: None, in_wizard })
        }
        Input::Intent(Intent::Dismiss) => {
            turn.dismiss_strips();
            turn.moved(Place::SigningIn { attempt, address, in_wizard })
        }
        Input::Intent(Intent::SignIn) => {
            turn.ignored(Place::SigningIn { attempt, address, in_wizard }, "the sign-in is open already")
        }
        Input::Intent(_) => turn.refused(Place::SigningIn { attempt, address, in_wizard }, "the sign-in comes first"),
        Input::Reply(of, reply) if of == attempt => match reply {
            Reply::BrowserOpened { address } => turn.moved(Place::SigningIn { attempt, address, in_wizard }),
            Reply::SignedIn { not_kept } => {
                turn.state.conditions.session_only |= not_kept.is_some();
                let pending = Some(turn.read_me());
                turn.moved(Place::Opening { pending, cause: None, in_wizard })
            }
            reply => {
                let cause = failure(&turn, reply);
                turn.moved(Place::SignedOut { cause: Some(cause), in_wizard })
            }
        },
        _ => turn.ignored(Place::SigningIn { attempt, address, in_wizard }, "a late reply"),
    }
}

pub(super) fn opening(
    mut turn: Turn,
    pending: Option<Attempt>,
    cause: Option<Cause>,
    in_wizard: bool,
    input: Input,
) -> Next {
    match input {
        Input::Intent(Intent::SignOut) => turn.sign_out(),
        Input::Intent(Intent::Retry | Intent::Refresh) if pending.is_none() => {
            let pending = Some(turn.read_me());
            turn.moved(Place::Opening { pending, cause: None, in_wizard })
        }
        Input::Intent(Intent::Dismiss) => {
            turn.dismiss_strips();
            turn.moved(Place::Opening { pending, cause, in_wizard })
        }
        Input::Intent(_) => turn.refused(Place::Opening { pending, cause, in_wizard }, "the diary is not open yet"),
        Input::Reply(attempt, reply) if pending == Some(attempt) => match reply {
            Reply::Me(me) => {
                let family = turn.family(me);
                account::open(turn, family, in_wizard)
            }
            Reply::Refused(problem) if ends_session(problem.code) => turn.session_ended(in_wizard),
            reply => {
                let cause = failure(&turn, reply);
                turn.moved(Place::Opening { pending: None, cause: Some(cause), in_wizard })
            }
        },
        _ => turn.ignored(Place::Opening { pending, cause, in_wizard }, "a late reply"),
    }
}

pub(super) fn no_pupil(mut turn: Turn, account: Account, input: Input) -> Next {
    match input {
        Input::Intent(Intent::SignOut) => turn.sign_out(),
        Input::Intent(Intent::Refresh | Intent::Retry) => {
            let pending = Some(turn.read_me());
            turn.moved(Place::Opening { pending, cause: None, in_wizard: false })
        }
        Input::Intent(Intent::Dismiss) => {
            turn.dismiss_strips();
            turn.moved(Place::NoPupil { account })
        }
        Input::Intent(_) => turn.refused(Place::NoPupil { account }, "the account opens no pupil's diary"),
        _ => turn.ignored(Place::NoPupil { account }, "a late reply"),
    }
}
