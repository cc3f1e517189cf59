//! Somebody comes from MAX: whose MAX account it is, and with whose diary it is to be linked. Nothing happens before the
//! person has said yes; what lay underneath goes on meanwhile, and is there again if they say no.

use mostik_wire::{Code, PupilId, Role};

use super::{Turn, decide, ends_session, entry::failure, wizard};
use crate::{Attempt, Effect, Family, FromMax, Home, Input, Intent, LinkRefusal, Next, Pending, Place, Reply, Wish};

/// A link with a handle came: the service is asked who sends it. The handle is in this one effect and nowhere else.
pub(super) fn claim(mut turn: Turn, place: Place, handle: String) -> Next {
    let attempt = turn.attempt();
    turn.effects.push(Effect::ClaimLaunch { attempt, handle });
    turn.state.conditions.claiming = Some(attempt);
    turn.state.conditions.link_refused = None;
    turn.moved(place)
}

/// The service has said who it is, or that the link is none.
pub(super) fn claimed(mut turn: Turn, place: Place, attempt: Attempt, reply: Reply) -> Next {
    turn.state.conditions.claiming = None;
    match reply {
        Reply::Launch(launch) => {
            turn.state.conditions.launched = Some((attempt, *launch));
            turn.moved(place)
        }
        reply => {
            turn.state.conditions.link_refused = Some(match reply {
                Reply::Refused(problem) => match problem.code {
                    Code::LaunchUsed => LinkRefusal::Repeated,
                    Code::LaunchExpired => LinkRefusal::Expired,
                    Code::LaunchUnknown => LinkRefusal::Foreign,
                    _ => LinkRefusal::Unchecked,
                },
                _ => LinkRefusal::Unchecked,
            });
            turn.moved(place)
        }
    }
}

/// Lays the question over what is shown, once somebody is signed in who can answer it.
pub(super) fn lay_over(turn: &mut Turn, place: Place) -> Place {
    let signed_in =
        matches!(place, Place::Family(_) | Place::Diary(_) | Place::Security(_) | Place::Wizard(_) | Place::FromMax(_));
    let place = match (signed_in, turn.state.conditions.launched.take()) {
        (true, Some((claimed, launch))) => {
            Place::FromMax(FromMax { beneath: Box::new(place), claimed, launch, pending: None, cause: None })
        }
        (_, launched) => {
            turn.state.conditions.launched = launched;
            place
        }
    };
    // The newest link counts: one question, not a pile of them.
    match place {
        Place::FromMax(FromMax { beneath, claimed, launch, pending, cause }) => {
            let beneath = match *beneath {
                Place::FromMax(older) => older.beneath,
                other => Box::new(other),
            };
            Place::FromMax(FromMax { beneath, claimed, launch, pending, cause })
        }
        place => place,
    }
}

pub(super) fn step_over(turn: Turn, from_max: FromMax, input: Input) -> Next {
    match input {
        Input::Intent(intent) => wish(turn, from_max, intent),
        Input::Reply(attempt, reply) if from_max.pending.as_ref().is_some_and(|p| p.attempt == attempt) => {
            answer(turn, from_max, reply)
        }
        input => beneath(turn, from_max, input),
    }
}

fn wish(mut turn: Turn, mut from_max: FromMax, intent: Intent) -> Next {
    match intent {
        Intent::SignOut => turn.sign_out(),
        Intent::Dismiss => {
            turn.dismiss_strips();
            from_max.cause = None;
            turn.moved(Place::FromMax(from_max))
        }
        // What was asked for may have been done; its answer is told by what lies underneath, which is read anew.
        Intent::DeclineLaunch | Intent::BackToDiary | Intent::StopWaiting => {
            super::news::again(turn, *from_max.beneath)
        }
        _ if from_max.pending.is_some() => turn.ignored(Place::FromMax(from_max), "a wish is under way"),
        Intent::AcceptLaunch { pupil } => accept(turn, from_max, pupil),
        _ => turn.refused(Place::FromMax(from_max), "the question comes first"),
    }
}

fn accept(mut turn: Turn, mut from_max: FromMax, pupil: PupilId) -> Next {
    if !family(&from_max.beneath).is_some_and(|family| family.children.iter().any(|child| child.id == pupil)) {
        return turn.refused(Place::FromMax(from_max), "no pupil of this account");
    }
    let claimed = from_max.claimed;
    from_max.cause = None;
    let for_effect = pupil.clone();
    from_max.pending =
        turn.pending(Wish::Accept { pupil }, |attempt| Effect::AcceptLaunch { attempt, claimed, pupil: for_effect });
    turn.moved(Place::FromMax(from_max))
}

fn answer(mut turn: Turn, mut from_max: FromMax, reply: Reply) -> Next {
    let Some(Pending { wish: Wish::Accept { pupil }, .. }) = from_max.pending.take() else {
        return turn.ignored(Place::FromMax(from_max), "a late reply");
    };
    match reply {
        Reply::Linking(linking) => {
            let home = family(&from_max.beneath).and_then(|family| Home::of(&family, &pupil, turn.today()));
            match home {
                Some(home) => wizard::open(turn, home, *linking),
                None => super::news::again(turn, *from_max.beneath),
            }
        }
        Reply::Refused(problem) if ends_session(problem.code) => {
            turn.state.conditions.launched = Some((from_max.claimed, from_max.launch));
            turn.session_ended(matches!(*from_max.beneath, Place::Wizard(_)))
        }
        reply => {
            from_max.cause = Some(failure(&turn, reply));
            turn.moved(Place::FromMax(from_max))
        }
    }
}

/// What is not about the question goes to what lies underneath.
fn beneath(turn: Turn, from_max: FromMax, input: Input) -> Next {
    let FromMax { beneath, claimed, launch, pending, cause } = from_max;
    let Turn { mut state, effects: _, now } = turn;
    state.place = *beneath;
    // What another device has shown waits for the answer to this question.
    let arriving = state.conditions.arriving.take();
    let mut next = decide(state, input, now);
    next.state.conditions.arriving = arriving;
    let place = std::mem::replace(&mut next.state.place, Place::SignedOut { cause: None, in_wizard: false });
    next.state.place = match place {
        // A newer link was laid over it meanwhile.
        Place::FromMax(newer) => Place::FromMax(newer),
        // The session ended: the question is asked again after the sign-in.
        place @ (Place::SignedOut { .. } | Place::Opening { .. } | Place::NoPupil { .. }) => {
            next.state.conditions.launched = Some((claimed, launch));
            place
        }
        place => Place::FromMax(FromMax { beneath: Box::new(place), claimed, launch, pending, cause }),
    };
    next
}

/// The account's pupils, as what lies underneath knows them.
#[must_use]
pub fn family(place: &Place) -> Option<Family> {
    match place {
        Place::Family(family) => Some(family.clone()),
        Place::Diary(diary) => Some(diary.home.clone().into_family()),
        Place::Security(security) => Some(security.home.clone().into_family()),
        Place::Wizard(wizard) => Some(wizard.home.clone().into_family()),
        _ => None,
    }
}

/// Whose diary is the likeliest: the pupil's own, or the one that is open.
#[must_use]
pub fn likeliest(place: &Place) -> Option<PupilId> {
    match place {
        Place::Family(family) if family.account.role == Role::Pupil || family.children.len() == 1 => {
            family.children.first().map(|child| child.id.clone())
        }
        Place::Diary(diary) => Some(diary.home.pupil.id.clone()),
        Place::Security(security) => Some(security.home.pupil.id.clone()),
        Place::Wizard(wizard) => Some(wizard.home.pupil.id.clone()),
        _ => None,
    }
}
