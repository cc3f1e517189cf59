//! «Отправить на телефон»: from this device to another one, and from another one to here; see ADR 15.

use mostik_wire::{Code, HandOffPlace, HandedOff, PupilId};

use super::{
    open::account,
    transition::{Transition, ends_session, failure},
};
use crate::{
    Attempt, CauseKind, Effect, Home, IncomingHandOff, LinkRefusal, Next, OutgoingHandOff, Reply, Route, State,
};

/// Whether a reply under this attempt is an answer to what is asked here.
pub(super) fn awaits(state: &State, attempt: Attempt) -> bool {
    let incoming = state.conditions.incoming.as_ref().and_then(IncomingHandOff::awaited);
    let outgoing = state.conditions.outgoing.as_ref().map(|outgoing| [outgoing.pending, outgoing.following]);
    incoming == Some(attempt) || outgoing.is_some_and(|awaited| awaited.contains(&Some(attempt)))
}

pub(super) fn handle_reply(transition: Transition, route: Route, attempt: Attempt, reply: Reply) -> Next {
    if transition.state.conditions.incoming.as_ref().and_then(IncomingHandOff::awaited) == Some(attempt) {
        incoming(transition, route, attempt, reply)
    } else {
        outgoing(transition, route, attempt, reply)
    }
}

/// After each step: the dialog goes with the diary that it is about, and what another device has shown is taken as soon as
/// somebody is signed in.
pub(super) fn advance(transition: &mut Transition, route: &Route) {
    let open = route.home().map(|home| &home.pupil.id);
    transition.state.conditions.outgoing.take_if(|outgoing| open != Some(&outgoing.pupil));
    match (route, &mut transition.state.conditions.incoming) {
        // Another account may be the right one.
        (Route::SignedOut { .. } | Route::SigningIn { .. }, Some(IncomingHandOff::Known { refused, .. })) => {
            *refused = false
        }
        (
            Route::Family(_) | Route::Diary(_) | Route::Security(_) | Route::Wizard(_) | Route::NoPupil { .. },
            Some(IncomingHandOff::Known { looked, offer, refused: false }),
        ) => {
            let (looked, offer) = (*looked, offer.clone());
            let attempt = transition.attempt();
            transition.effects.push(Effect::TakeHandOff { attempt, looked });
            transition.state.conditions.incoming = Some(IncomingHandOff::Taking { attempt, looked, offer });
        }
        _ => {}
    }
}

// ── The device that shows the code ──

/// «Отправить на телефон», and «Показать новый код».
pub(super) fn send(mut transition: Transition, route: Route) -> Next {
    let Some(home) = route.home() else { return transition.refused(route, "no diary is open") };
    if transition.state.conditions.device.is_phone() {
        return transition.refused(route, "this is a phone");
    }
    let to = match route {
        Route::Wizard(_) => HandOffPlace::Linking,
        Route::Security(_) => HandOffPlace::Security,
        _ => HandOffPlace::Diary,
    };
    let pupil = home.pupil.id.clone();
    match &transition.state.conditions.outgoing {
        Some(outgoing) if outgoing.pending.is_some() => transition.ignored(route, "a code is being made"),
        _ => {
            make(&mut transition, pupil, to);
            transition.moved(route)
        }
    }
}

pub(super) fn close(mut transition: Transition, route: Route) -> Next {
    match transition.state.conditions.outgoing.take() {
        Some(_) => transition.moved(route),
        None => transition.ignored(route, "not open"),
    }
}

/// The service is in reach again.
pub(super) fn retry_offline(transition: &mut Transition) {
    let Some(outgoing) = &transition.state.conditions.outgoing else { return };
    let offline = outgoing.cause.as_ref().is_some_and(|cause| cause.kind == CauseKind::Offline);
    if offline && outgoing.pending.is_none() {
        let (pupil, place) = (outgoing.pupil.clone(), outgoing.place);
        make(transition, pupil, place);
    } else if outgoing.following.is_none() {
        follow(transition);
    }
}

fn make(transition: &mut Transition, pupil: PupilId, place: HandOffPlace) {
    let attempt = transition.attempt();
    transition.effects.push(Effect::MakeHandOff { attempt, pupil: pupil.clone(), place });
    // The older code stays in sight until the new one is there.
    let made = transition.state.conditions.outgoing.take().and_then(|outgoing| outgoing.made);
    let outgoing = OutgoingHandOff { pupil, place, made, pending: Some(attempt), following: None, cause: None };
    transition.state.conditions.outgoing = Some(Box::new(outgoing));
}

/// Asks how far the code is, until nothing more becomes of it. The service holds the answer back until there is news.
fn follow(transition: &mut Transition) {
    let live = transition.state.conditions.outgoing.as_ref().and_then(|outgoing| outgoing.made.clone());
    let live = live.filter(|made| !made.status.stage.is_last());
    let attempt = live.as_ref().map(|_| transition.attempt());
    if let (Some(made), Some(attempt)) = (live, attempt) {
        transition.effects.push(Effect::FollowHandOff { attempt, id: made.id, known: made.status.stage });
    }
    if let Some(outgoing) = &mut transition.state.conditions.outgoing {
        outgoing.following = attempt;
    }
}

fn outgoing(mut transition: Transition, route: Route, attempt: Attempt, reply: Reply) -> Next {
    let Some(mut outgoing) = transition.state.conditions.outgoing.take() else {
        return transition.ignored(route, "not open");
    };
    let asked = outgoing.pending == Some(attempt);
    match reply {
        Reply::Refused(problem) if ends_session(problem.code) => {
            transition.session_ended(&problem, matches!(route, Route::Wizard(_)))
        }
        Reply::HandOff(made) if asked => {
            outgoing.pending = None;
            outgoing.made = Some(*made);
            transition.state.conditions.outgoing = Some(outgoing);
            follow(&mut transition);
            transition.moved(route)
        }
        Reply::HandOffStatus(status) if !asked => {
            if let Some(made) = &mut outgoing.made {
                made.status = status;
            }
            transition.state.conditions.outgoing = Some(outgoing);
            follow(&mut transition);
            transition.moved(route)
        }
        reply if asked => {
            outgoing.pending = None;
            // What was made before has ended, or may have.
            outgoing.made = None;
            outgoing.cause = Some(failure(&transition, reply));
            transition.state.conditions.outgoing = Some(outgoing);
            transition.moved(route)
        }
        // The code is good all the same; it is asked about again once the service is in reach.
        _ => {
            outgoing.following = None;
            transition.state.conditions.outgoing = Some(outgoing);
            transition.moved(route)
        }
    }
}

// ── The device that reads it ──

/// A link that another device has shown: the service is asked whose diary it leads to. The token is in this one effect.
pub(super) fn look(mut transition: Transition, route: Route, token: String) -> Next {
    let attempt = transition.attempt();
    transition.effects.push(Effect::PreviewHandOff { attempt, token });
    transition.state.conditions.incoming = Some(IncomingHandOff::Looking(attempt));
    transition.state.conditions.link_refused = None;
    transition.moved(route)
}

fn incoming(mut transition: Transition, route: Route, attempt: Attempt, reply: Reply) -> Next {
    match (transition.state.conditions.incoming.take(), reply) {
        (Some(IncomingHandOff::Looking(_)), Reply::HandOffOffer(offer)) => {
            transition.state.conditions.incoming =
                Some(IncomingHandOff::Known { looked: attempt, offer, refused: false });
            transition.moved(route)
        }
        (Some(IncomingHandOff::Taking { .. }), Reply::HandedOff(handed)) => arrive(transition, route, handed),
        (Some(IncomingHandOff::Taking { looked, offer, .. }), Reply::Refused(problem))
            if ends_session(problem.code) || problem.code == Code::PupilNotYours =>
        {
            let refused = problem.code == Code::PupilNotYours;
            transition.state.conditions.incoming = Some(IncomingHandOff::Known { looked, offer, refused });
            if refused {
                transition.moved(route)
            } else {
                transition.session_ended(&problem, matches!(route, Route::Wizard(_)))
            }
        }
        (_, reply) => {
            transition.state.conditions.link_refused = Some(match reply {
                Reply::Refused(problem) => match problem.code {
                    Code::HandOffUnknown => LinkRefusal::HandOffUnknown,
                    Code::HandOffExpired => LinkRefusal::HandOffExpired,
                    Code::HandOffUsed => LinkRefusal::HandOffUsed,
                    Code::HandOffHere => LinkRefusal::HandOffHere,
                    _ => LinkRefusal::HandOffUnchecked,
                },
                _ => LinkRefusal::HandOffUnchecked,
            });
            transition.moved(route)
        }
    }
}

fn arrive(mut transition: Transition, route: Route, handed: Box<HandedOff>) -> Next {
    // A question out of MAX that lies above is left: what the person did last counts.
    let route = match route {
        Route::FromMax(from_max) => *from_max.beneath,
        route => route,
    };
    let home = route.family().and_then(|family| Home::of(&family, &handed.pupil, transition.today()));
    match home {
        Some(home) => account::go_on(transition, home, *handed),
        // A child that this device has not heard of yet.
        None => {
            transition.state.conditions.incoming = Some(IncomingHandOff::Going(handed));
            let pending = Some(transition.read_me());
            transition.moved(Route::Opening { pending, cause: None, in_wizard: false })
        }
    }
}
