//! Somebody comes from MAX: whose MAX account it is, and with whose diary it is to be linked. Nothing happens before the
//! person has said yes; what lay underneath goes on meanwhile, and is there again if they say no.

use mostik_wire::{Code, PupilId};

use super::{
    open,
    transition::{Transition, ends_session, failure},
};
use crate::{
    Attempt, Effect, FromMax, Home, Input, Intent, LinkRefusal, News, Next, PendingRequest, Reply, RequestKind, Route,
};

/// A link with a handle came: the service is asked who sends it. The handle is in this one effect and nowhere else.
pub(super) fn claim(mut transition: Transition, route: Route, handle: String) -> Next {
    let attempt = transition.attempt();
    transition.effects.push(Effect::ClaimLaunch { attempt, handle });
    transition.state.conditions.claiming = Some(attempt);
    transition.state.conditions.link_refused = None;
    transition.moved(route)
}

/// The service has said who it is, or that the link is none.
pub(super) fn claimed(mut transition: Transition, route: Route, attempt: Attempt, reply: Reply) -> Next {
    transition.state.conditions.claiming = None;
    match reply {
        Reply::Launch(launch) => {
            transition.state.conditions.launched = Some((attempt, *launch));
            transition.moved(route)
        }
        reply => {
            transition.state.conditions.link_refused = Some(match reply {
                Reply::Refused(problem) => match problem.code {
                    Code::LaunchUsed => LinkRefusal::Repeated,
                    Code::LaunchExpired => LinkRefusal::Expired,
                    Code::LaunchUnknown => LinkRefusal::Foreign,
                    _ => LinkRefusal::Unchecked,
                },
                _ => LinkRefusal::Unchecked,
            });
            transition.moved(route)
        }
    }
}

/// Lays the question over what is shown, once somebody is signed in who can answer it.
pub(super) fn overlay_question(transition: &mut Transition, route: Route) -> Route {
    let signed_in =
        matches!(route, Route::Family(_) | Route::Diary(_) | Route::Security(_) | Route::Wizard(_) | Route::FromMax(_));
    let route = match (signed_in, transition.state.conditions.launched.take()) {
        (true, Some((claimed, launch))) => {
            Route::FromMax(FromMax { beneath: Box::new(route), claimed, launch, pending: None, cause: None })
        }
        (_, launched) => {
            transition.state.conditions.launched = launched;
            route
        }
    };
    // The newest link counts: one question, not a pile of them.
    match route {
        Route::FromMax(FromMax { beneath, claimed, launch, pending, cause }) => {
            let beneath = match *beneath {
                Route::FromMax(older) => older.beneath,
                other => Box::new(other),
            };
            Route::FromMax(FromMax { beneath, claimed, launch, pending, cause })
        }
        route => route,
    }
}

/// Whether an input is not about the question: then it goes to what lies underneath.
pub(super) fn is_for_beneath(from_max: &FromMax, input: &Input) -> bool {
    match input {
        Input::Intent(_) | Input::News(News::Link(_)) => false,
        Input::Reply(attempt, _) => from_max.pending.as_ref().is_none_or(|pending| pending.attempt != *attempt),
        Input::News(_) => true,
    }
}

pub(super) fn handle_intent(mut transition: Transition, mut from_max: FromMax, intent: Intent) -> Next {
    match intent {
        Intent::SignOut => transition.sign_out(),
        Intent::Dismiss => {
            transition.dismiss_strips();
            from_max.cause = None;
            transition.moved(Route::FromMax(from_max))
        }
        // What was asked for may have been done; its answer is told by what lies underneath, which is read anew.
        Intent::DeclineLaunch | Intent::BackToDiary | Intent::StopWaiting => {
            open::reread(transition, *from_max.beneath)
        }
        _ if from_max.pending.is_some() => transition.ignored(Route::FromMax(from_max), "a request is under way"),
        Intent::AcceptLaunch { pupil } => accept(transition, from_max, pupil),
        _ => transition.refused(Route::FromMax(from_max), "the question comes first"),
    }
}

fn accept(mut transition: Transition, mut from_max: FromMax, pupil: PupilId) -> Next {
    if !from_max.beneath.family().is_some_and(|family| family.children.iter().any(|child| child.id == pupil)) {
        return transition.refused(Route::FromMax(from_max), "no pupil of this account");
    }
    let claimed = from_max.claimed;
    from_max.cause = None;
    let for_effect = pupil.clone();
    from_max.pending = transition.begin(RequestKind::Accept { pupil }, |attempt| Effect::AcceptLaunch {
        attempt,
        claimed,
        pupil: for_effect,
    });
    transition.moved(Route::FromMax(from_max))
}

pub(super) fn handle_reply(mut transition: Transition, mut from_max: FromMax, reply: Reply) -> Next {
    let Some(PendingRequest { kind: RequestKind::Accept { pupil }, .. }) = from_max.pending.take() else {
        return transition.ignored(Route::FromMax(from_max), "a late reply");
    };
    match reply {
        Reply::Linking(linking) => {
            let home = from_max.beneath.family().and_then(|family| Home::of(&family, &pupil, transition.today()));
            match home {
                Some(home) => open::wizard::open(transition, home, *linking),
                None => open::reread(transition, *from_max.beneath),
            }
        }
        Reply::Refused(problem) if ends_session(problem.code) => {
            transition.state.conditions.launched = Some((from_max.claimed, from_max.launch));
            transition.session_ended(&problem, matches!(*from_max.beneath, Route::Wizard(_)))
        }
        reply => {
            from_max.cause = Some(failure(&transition, reply));
            transition.moved(Route::FromMax(from_max))
        }
    }
}
