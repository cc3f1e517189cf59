//! Opens what an account leads to.

use mostik_wire::{HandOffPlace, HandedOff, LinkSummary, Role};

use super::{diary, security, wizard};
use crate::{Arriving, Effect, Family, Home, Next, Place, State, Watched, Wish, step::turn::Turn};

/// Where an account leads: a pupil to their own diary, a parent to the children, anyone else nowhere.
/// A wizard that stood open when a pupil's session ended is gone on with.
pub(in crate::step) fn open(mut turn: Turn, family: Family, in_wizard: bool) -> Next {
    if let Some(handed) = destination(&mut turn.state)
        && let Some(home) = Home::of(&family, &handed.pupil, turn.today())
    {
        return go_on(turn, home, handed);
    }
    let place = match (family.account.role, family.children.first()) {
        (Role::Pupil, Some(pupil)) => match Home::of(&family, &pupil.id, turn.today()) {
            Some(home) => {
                let mut diary = diary::open(&mut turn, home);
                if in_wizard && matches!(diary.home.pupil.link, LinkSummary::InProgress { .. }) {
                    diary::enter(&mut turn, &mut diary, Wish::Enter);
                }
                Place::Diary(diary)
            }
            None => Place::NoPupil { account: family.account },
        },
        (Role::Parent, Some(_)) => {
            turn.effects.push(Effect::Watch(Watched::Account));
            Place::Family(family)
        }
        (Role::Pupil | Role::Parent | Role::Other, _) => Place::NoPupil { account: family.account },
    };
    turn.moved(place)
}

/// Where an account that was just read is to go on, if another device has said so.
fn destination(state: &mut State) -> Option<HandedOff> {
    match state.conditions.arriving.take() {
        Some(Arriving::Going(handed)) => Some(*handed),
        arriving => {
            state.conditions.arriving = arriving;
            None
        }
    }
}

/// The same diary, at the same place.
pub(in crate::step) fn go_on(turn: Turn, home: Home, handed: HandedOff) -> Next {
    match (handed.place, handed.linking) {
        (HandOffPlace::Linking, Some(linking)) => wizard::open(turn, home, linking),
        (HandOffPlace::Security, _) => security::open(turn, home),
        (HandOffPlace::Diary | HandOffPlace::Linking, _) => diary::refresh(turn, diary::shown(home)),
    }
}
