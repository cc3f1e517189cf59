//! Opens what an account leads to.

use mostik_wire::{HandOffPlace, HandedOff, LinkSummary, Role};

use super::{diary, security, wizard};
use crate::{
    Effect, Family, Home, IncomingHandOff, Next, RequestKind, Route, State, Watched, step::transition::Transition,
};

/// Where an account leads: a pupil to their own diary, a parent to the children, anyone else nowhere.
/// A wizard that stood open when a pupil's session ended is gone on with.
pub(in crate::step) fn open(mut transition: Transition, family: Family, in_wizard: bool) -> Next {
    if let Some(handed) = destination(&mut transition.state)
        && let Some(home) = Home::of(&family, &handed.pupil, transition.today())
    {
        return go_on(transition, home, handed);
    }
    let route = match (family.account.role, family.children.first()) {
        (Role::Pupil, Some(pupil)) => match Home::of(&family, &pupil.id, transition.today()) {
            Some(home) => {
                let mut diary = diary::open(&mut transition, home);
                if in_wizard && matches!(diary.home.pupil.link, LinkSummary::InProgress { .. }) {
                    diary::enter(&mut transition, &mut diary, RequestKind::Enter);
                }
                Route::Diary(diary)
            }
            None => Route::NoPupil { account: family.account },
        },
        (Role::Parent, Some(_)) => {
            transition.effects.push(Effect::Watch(Watched::Account));
            Route::Family(family)
        }
        (Role::Pupil | Role::Parent | Role::Other, _) => Route::NoPupil { account: family.account },
    };
    transition.moved(route)
}

/// Where an account that was just read is to go on, if another device has said so.
fn destination(state: &mut State) -> Option<HandedOff> {
    match state.conditions.incoming.take() {
        Some(IncomingHandOff::Going(handed)) => Some(*handed),
        incoming => {
            state.conditions.incoming = incoming;
            None
        }
    }
}

/// The same diary, at the same place.
pub(in crate::step) fn go_on(transition: Transition, home: Home, handed: HandedOff) -> Next {
    match (handed.place, handed.linking) {
        (HandOffPlace::Linking, Some(linking)) => wizard::open(transition, home, linking),
        (HandOffPlace::Security, _) => security::open(transition, home),
        (HandOffPlace::Diary | HandOffPlace::Linking, _) => diary::refresh(transition, diary::shown(home)),
    }
}
