//! «Отправить на телефон»: from this device to another one, and from another one to here; see ADR 15.

use mostik_wire::{Code, HandOffPlace, HandedOff, PupilId};

use super::{
    open::account,
    turn::{Turn, ends_session, failure},
};
use crate::{Arriving, Attempt, CauseKind, Effect, Home, LinkRefusal, Next, Place, Reply, Sending, State};

/// Whether a reply under this attempt is an answer to what is asked here.
pub(super) fn awaits(state: &State, attempt: Attempt) -> bool {
    let arriving = state.conditions.arriving.as_ref().and_then(Arriving::awaited);
    let sending = state.conditions.sending.as_ref().map(|sending| [sending.pending, sending.following]);
    arriving == Some(attempt) || sending.is_some_and(|awaited| awaited.contains(&Some(attempt)))
}

pub(super) fn answer(turn: Turn, place: Place, attempt: Attempt, reply: Reply) -> Next {
    if turn.state.conditions.arriving.as_ref().and_then(Arriving::awaited) == Some(attempt) {
        arriving(turn, place, attempt, reply)
    } else {
        sending(turn, place, attempt, reply)
    }
}

/// After each step: the dialog goes with the diary that it is about, and what another device has shown is taken as soon as
/// somebody is signed in.
pub(super) fn keep_up(turn: &mut Turn, place: &Place) {
    let open = place.home().map(|home| &home.pupil.id);
    turn.state.conditions.sending.take_if(|sending| open != Some(&sending.pupil));
    match (place, &mut turn.state.conditions.arriving) {
        // Another account may be the right one.
        (Place::SignedOut { .. } | Place::SigningIn { .. }, Some(Arriving::Known { refused, .. })) => *refused = false,
        (
            Place::Family(_) | Place::Diary(_) | Place::Security(_) | Place::Wizard(_) | Place::NoPupil { .. },
            Some(Arriving::Known { looked, offer, refused: false }),
        ) => {
            let (looked, offer) = (*looked, offer.clone());
            let attempt = turn.attempt();
            turn.effects.push(Effect::TakeHandOff { attempt, looked });
            turn.state.conditions.arriving = Some(Arriving::Taking { attempt, looked, offer });
        }
        _ => {}
    }
}

// ── The device that shows the code ──

/// «Отправить на телефон», and «Показать новый код».
pub(super) fn send(mut turn: Turn, place: Place) -> Next {
    let Some(home) = place.home() else { return turn.refused(place, "no diary is open") };
    if turn.state.conditions.device.is_phone() {
        return turn.refused(place, "this is a phone");
    }
    let to = match place {
        Place::Wizard(_) => HandOffPlace::Linking,
        Place::Security(_) => HandOffPlace::Security,
        _ => HandOffPlace::Diary,
    };
    let pupil = home.pupil.id.clone();
    match &turn.state.conditions.sending {
        Some(sending) if sending.pending.is_some() => turn.ignored(place, "a code is being made"),
        _ => {
            make(&mut turn, pupil, to);
            turn.moved(place)
        }
    }
}

pub(super) fn close(mut turn: Turn, place: Place) -> Next {
    match turn.state.conditions.sending.take() {
        Some(_) => turn.moved(place),
        None => turn.ignored(place, "not open"),
    }
}

/// The service is in reach again.
pub(super) fn again(turn: &mut Turn) {
    let Some(sending) = &turn.state.conditions.sending else { return };
    let offline = sending.cause.as_ref().is_some_and(|cause| cause.kind == CauseKind::Offline);
    if offline && sending.pending.is_none() {
        let (pupil, place) = (sending.pupil.clone(), sending.place);
        make(turn, pupil, place);
    } else if sending.following.is_none() {
        follow(turn);
    }
}

fn make(turn: &mut Turn, pupil: PupilId, place: HandOffPlace) {
    let attempt = turn.attempt();
    turn.effects.push(Effect::MakeHandOff { attempt, pupil: pupil.clone(), place });
    // The older code stays in sight until the new one is there.
    let made = turn.state.conditions.sending.take().and_then(|sending| sending.made);
    let sending = Sending { pupil, place, made, pending: Some(attempt), following: None, cause: None };
    turn.state.conditions.sending = Some(Box::new(sending));
}

/// Asks how far the code is, until nothing more becomes of it. The service holds the answer back until there is news.
fn follow(turn: &mut Turn) {
    let live = turn.state.conditions.sending.as_ref().and_then(|sending| sending.made.clone());
    let live = live.filter(|made| !made.status.stage.is_last());
    let attempt = live.as_ref().map(|_| turn.attempt());
    if let (Some(made), Some(attempt)) = (live, attempt) {
        turn.effects.push(Effect::FollowHandOff { attempt, id: made.id, known: made.status.stage });
    }
    if let Some(sending) = &mut turn.state.conditions.sending {
        sending.following = attempt;
    }
}

fn sending(mut turn: Turn, place: Place, attempt: Attempt, reply: Reply) -> Next {
    let Some(mut sending) = turn.state.conditions.sending.take() else {
        return turn.ignored(place, "not open");
    };
    let asked = sending.pending == Some(attempt);
    match reply {
        Reply::Refused(problem) if ends_session(problem.code) => turn.session_ended(matches!(place, Place::Wizard(_))),
        Reply::HandOff(made) if asked => {
            sending.pending = None;
            sending.made = Some(*made);
            turn.state.conditions.sending = Some(sending);
            follow(&mut turn);
            turn.moved(place)
        }
        Reply::HandOffStatus(status) if !asked => {
            if let Some(made) = &mut sending.made {
                made.status = status;
            }
            turn.state.conditions.sending = Some(sending);
            follow(&mut turn);
            turn.moved(place)
        }
        reply if asked => {
            sending.pending = None;
            // What was made before has ended, or may have.
            sending.made = None;
            sending.cause = Some(failure(&turn, reply));
            turn.state.conditions.sending = Some(sending);
            turn.moved(place)
        }
        // The code is good all the same; it is asked about again once the service is in reach.
        _ => {
            sending.following = None;
            turn.state.conditions.sending = Some(sending);
            turn.moved(place)
        }
    }
}

// ── The device that reads it ──

/// A link that another device has shown: the service is asked whose diary it leads to. The token is in this one effect.
pub(super) fn look(mut turn: Turn, place: Place, token: String) -> Next {
    let attempt = turn.attempt();
    turn.effects.push(Effect::LookAtHandOff { attempt, token });
    turn.state.conditions.arriving = Some(Arriving::Looking(attempt));
    turn.state.conditions.link_refused = None;
    turn.moved(place)
}

fn arriving(mut turn: Turn, place: Place, attempt: Attempt, reply: Reply) -> Next {
    match (turn.state.conditions.arriving.take(), reply) {
        (Some(Arriving::Looking(_)), Reply::HandOffOffer(offer)) => {
            turn.state.conditions.arriving = Some(Arriving::Known { looked: attempt, offer, refused: false });
            turn.moved(place)
        }
        (Some(Arriving::Taking { .. }), Reply::HandedOff(handed)) => arrive(turn, place, handed),
        (Some(Arriving::Taking { looked, offer, .. }), Reply::Refused(problem))
            if ends_session(problem.code) || problem.code == Code::PupilNotYours =>
        {
            let refused = problem.code == Code::PupilNotYours;
            turn.state.conditions.arriving = Some(Arriving::Known { looked, offer, refused });
            if refused { turn.moved(place) } else { turn.session_ended(matches!(place, Place::Wizard(_))) }
        }
        (_, reply) => {
            turn.state.conditions.link_refused = Some(match reply {
                Reply::Refused(problem) => match problem.code {
                    Code::HandOffUnknown => LinkRefusal::HandOffUnknown,
                    Code::HandOffExpired => LinkRefusal::HandOffExpired,
                    Code::HandOffUsed => LinkRefusal::HandOffUsed,
                    Code::HandOffHere => LinkRefusal::HandOffHere,
                    _ => LinkRefusal::HandOffUnchecked,
                },
                _ => LinkRefusal::HandOffUnchecked,
            });
            turn.moved(place)
        }
    }
}

fn arrive(mut turn: Turn, place: Place, handed: Box<HandedOff>) -> Next {
    // A question out of MAX that lies above is left: what the person did last counts.
    let place = match place {
        Place::FromMax(from_max) => *from_max.beneath,
        place => place,
    };
    let home = place.family().and_then(|family| Home::of(&family, &handed.pupil, turn.today()));
    match home {
        Some(home) => account::go_on(turn, home, *handed),
        // A child that this device has not heard of yet.
        None => {
            turn.state.conditions.arriving = Some(Arriving::Going(handed));
            let pending = Some(turn.read_me());
            turn.moved(Place::Opening { pending, cause: None, in_wizard: false })
        }
    }
}
