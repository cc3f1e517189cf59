//! Somebody comes from MAX: whose MAX account it is, and with whose diary it is to be linked. Nothing happens before the
//! person has said yes; what lay underneath goes on meanwhile, and is there again if they say no.

use mostik_wire::{Code, PupilId};

use super::{
    open,
    turn::{Turn, ends_session, failure},
};
use crate::{Attempt, Effect, FromMax, Home, Input, Intent, LinkRefusal, News, Next, Pending, Place, Reply, Wish};

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

/// Whether an input is not about the question: then it goes to what lies underneath.
pub(super) fn is_for_beneath(from_max: &FromMax, input: &Input) -> bool {
    match input {
        Input::Intent(_) | Input::News(News::Link(_)) => false,
        Input::Reply(attempt, _) => from_max.pending.as_ref().is_none_or(|pending| pending.attempt != *attempt),
        Input::News(_) => true,
    }
}

pub(super) fn wish(mut turn: Turn, mut from_max: FromMax, intent: Intent) -> Next {
    match intent {
        Intent::SignOut => turn.sign_out(),
        Intent::Dismiss => {
            turn.dismiss_strips();
            from_max.cause = None;
            turn.moved(Place::FromMax(from_max))
        }
        // What was asked for may have been done; its answer is told by what lies underneath, which is read anew.
        Intent::DeclineLaunch | Intent::BackToDiary | Intent::StopWaiting => open::again(turn, *from_max.beneath),
        _ if from_max.pending.is_some() => turn.ignored(Place::FromMax(from_max), "a wish is under way"),
        Intent::AcceptLaunch { pupil } => accept(turn, from_max, pupil),
        _ => turn.refused(Place::FromMax(from_max), "the question comes first"),
    }
}

fn accept(mut turn: Turn, mut from_max: FromMax, pupil: PupilId) -> Next {
    if !from_max.beneath.family().is_some_and(|family| family.children.iter().any(|child| child.id == pupil)) {
        return turn.refused(Place::FromMax(from_max), "no pupil of this account");
    }
    let claimed = from_max.claimed;
    from_max.cause = None;
    let for_effect = pupil.clone();
    from_max.pending =
        turn.pending(Wish::Accept { pupil }, |attempt| Effect::AcceptLaunch { attempt, claimed, pupil: for_effect });
    turn.moved(Place::FromMax(from_max))
}

pub(super) fn answer(mut turn: Turn, mut from_max: FromMax, reply: Reply) -> Next {
    let Some(Pending { wish: Wish::Accept { pupil }, .. }) = from_max.pending.take() else {
        return turn.ignored(Place::FromMax(from_max), "a late reply");
    };
    match reply {
        Reply::Linking(linking) => {
            let home = from_max.beneath.family().and_then(|family| Home::of(&family, &pupil, turn.today()));
            match home {
                Some(home) => open::wizard::open(turn, home, *linking),
                None => open::again(turn, *from_max.beneath),
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
