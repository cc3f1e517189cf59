//! From the start of the app to an open diary.

use mostik_wire::Account;

use super::{
    open::{account, diary, family, security, wizard},
    transition::{Transition, ends_session, failure},
};
use crate::{Attempt, Cause, Effect, Input, Intent, KeyringProblem, Next, Reply, Route};

pub(super) fn starting(transition: Transition, attempt: Attempt, after: Option<Box<Route>>, input: Input) -> Next {
    match input {
        Input::Reply(of, reply) if of == attempt => keyring_answer(transition, after, reply),
        Input::Reply(..) => transition.ignored(Route::Starting { attempt, after }, "a late reply"),
        _ => transition.ignored(Route::Starting { attempt, after }, "the keyring is being read"),
    }
}

pub(super) fn keyring(
    mut transition: Transition,
    problem: KeyringProblem,
    pending: Option<Attempt>,
    after: Option<Box<Route>>,
    input: Input,
) -> Next {
    let stay = |after| Route::Keyring { problem, pending, after };
    match input {
        Input::Intent(Intent::RetryKeyring) if pending.is_none() => {
            let attempt = transition.attempt();
            transition.effects.push(Effect::ReadKeyring(attempt));
            transition.moved(Route::Keyring { problem, pending: Some(attempt), after })
        }
        Input::Intent(Intent::RetryKeyring) => transition.ignored(stay(after), "the keyring is being read"),
        Input::Intent(Intent::ContinueWithoutKeyring) => {
            transition.effects.push(Effect::KeepInMemory);
            transition.state.conditions.session_only = true;
            let in_wizard = matches!(after.as_deref(), Some(Route::Wizard(_)));
            transition.moved(Route::SignedOut { cause: None, in_wizard })
        }
        Input::Intent(Intent::Dismiss) => {
            transition.dismiss_strips();
            transition.moved(stay(after))
        }
        Input::Intent(_) => transition.refused(stay(after), "the keyring comes first"),
        Input::Reply(attempt, reply) if pending == Some(attempt) => keyring_answer(transition, after, reply),
        _ => transition.ignored(stay(after), "a late reply"),
    }
}

fn keyring_answer(mut transition: Transition, after: Option<Box<Route>>, reply: Reply) -> Next {
    match reply {
        Reply::KeyringRead { session: true } => match after.map(|route| *route) {
            Some(Route::Family(family)) => family::refresh(transition, family),
            Some(Route::Diary(diary)) => diary::refresh(transition, diary),
            Some(Route::Security(security)) => security::refresh(transition, security),
            Some(Route::Wizard(wizard)) => wizard::resync(transition, wizard),
            _ => {
                let pending = Some(transition.read_me());
                transition.moved(Route::Opening { pending, cause: None, in_wizard: false })
            }
        },
        Reply::KeyringRead { session: false } => {
            // A session kept in memory alone ended with the app; the linking itself waits at the service.
            let in_wizard = matches!(after.as_deref(), Some(Route::Wizard(_)));
            transition.moved(Route::SignedOut { cause: None, in_wizard })
        }
        Reply::KeyringFailed(problem) => transition.moved(Route::Keyring { problem, pending: None, after }),
        _ => transition.moved(Route::Keyring { problem: KeyringProblem::Broken, pending: None, after }),
    }
}

pub(super) fn signed_out(mut transition: Transition, cause: Option<Cause>, in_wizard: bool, input: Input) -> Next {
    match input {
        Input::Intent(Intent::SignIn | Intent::Retry) => {
            let attempt = transition.attempt();
            transition.effects.push(Effect::SignIn(attempt));
            transition.moved(Route::SigningIn { attempt, address: None, in_wizard })
        }
        Input::Intent(Intent::Dismiss) => {
            transition.dismiss_strips();
            transition.moved(Route::SignedOut { cause: None, in_wizard })
        }
        Input::Intent(Intent::SignOut) => {
            transition.ignored(Route::SignedOut { cause, in_wizard }, "nobody is signed in")
        }
        Input::Intent(_) => transition.refused(Route::SignedOut { cause, in_wizard }, "nobody is signed in"),
        _ => transition.ignored(Route::SignedOut { cause, in_wizard }, "a late reply"),
    }
}

pub(super) fn signing_in(
    mut transition: Transition,
    attempt: Attempt,
    address: Option<String>,
    in_wizard: bool,
    input: Input,
) -> Next {
    match input {
        Input::Intent(Intent::OpenBrowserAgain) => {
            transition.effects.push(Effect::OpenBrowserAgain(attempt));
            transition.moved(Route::SigningIn { attempt, address, in_wizard })
        }
        Input::Intent(Intent::CancelSignIn) => {
            transition.effects.push(Effect::CancelSignIn);
            transition.moved(Route::SignedOut { cause: None, in_wizard })
        }
        Input::Intent(Intent::Dismiss) => {
            transition.dismiss_strips();
            transition.moved(Route::SigningIn { attempt, address, in_wizard })
        }
        Input::Intent(Intent::SignIn) => {
            transition.ignored(Route::SigningIn { attempt, address, in_wizard }, "the sign-in is open already")
        }
        Input::Intent(_) => {
            transition.refused(Route::SigningIn { attempt, address, in_wizard }, "the sign-in comes first")
        }
        Input::Reply(of, reply) if of == attempt => match reply {
            Reply::BrowserOpened { address } => transition.moved(Route::SigningIn { attempt, address, in_wizard }),
            Reply::SignedIn { not_kept } => {
                transition.state.conditions.session_only |= not_kept.is_some();
                let pending = Some(transition.read_me());
                transition.moved(Route::Opening { pending, cause: None, in_wizard })
            }
            reply => {
                let cause = failure(&transition, reply);
                transition.moved(Route::SignedOut { cause: Some(cause), in_wizard })
            }
        },
        _ => transition.ignored(Route::SigningIn { attempt, address, in_wizard }, "a late reply"),
    }
}

pub(super) fn opening(
    mut transition: Transition,
    pending: Option<Attempt>,
    cause: Option<Cause>,
    in_wizard: bool,
    input: Input,
) -> Next {
    match input {
        Input::Intent(Intent::SignOut) => transition.sign_out(),
        Input::Intent(Intent::Retry | Intent::Refresh) if pending.is_none() => {
            let pending = Some(transition.read_me());
            transition.moved(Route::Opening { pending, cause: None, in_wizard })
        }
        Input::Intent(Intent::Dismiss) => {
            transition.dismiss_strips();
            transition.moved(Route::Opening { pending, cause, in_wizard })
        }
        Input::Intent(_) => {
            transition.refused(Route::Opening { pending, cause, in_wizard }, "the diary is not open yet")
        }
        Input::Reply(attempt, reply) if pending == Some(attempt) => match reply {
            Reply::Me(me) => {
                let family = transition.family(me);
                account::open(transition, family, in_wizard)
            }
            Reply::Refused(problem) if ends_session(problem.code) => transition.session_ended(&problem, in_wizard),
            reply => {
                let cause = failure(&transition, reply);
                transition.moved(Route::Opening { pending: None, cause: Some(cause), in_wizard })
            }
        },
        _ => transition.ignored(Route::Opening { pending, cause, in_wizard }, "a late reply"),
    }
}

pub(super) fn no_pupil(mut transition: Transition, account: Account, input: Input) -> Next {
    match input {
        Input::Intent(Intent::SignOut) => transition.sign_out(),
        Input::Intent(Intent::Refresh | Intent::Retry) => {
            let pending = Some(transition.read_me());
            transition.moved(Route::Opening { pending, cause: None, in_wizard: false })
        }
        Input::Intent(Intent::Dismiss) => {
            transition.dismiss_strips();
            transition.moved(Route::NoPupil { account })
        }
        Input::Intent(_) => transition.refused(Route::NoPupil { account }, "the account opens no pupil's diary"),
        _ => transition.ignored(Route::NoPupil { account }, "a late reply"),
    }
}
