//! Opens the list of a parent's children, and reads it anew.

use mostik_wire::PupilId;

use super::diary;
use crate::{Effect, Family, Home, Next, RequestKind, Route, step::transition::Transition};

/// Opens a child's diary.
pub(in crate::step) fn choose(mut transition: Transition, family: Family, pupil: &PupilId) -> Next {
    let Some(home) = Home::of(&family, pupil, transition.today()) else {
        return transition.refused(Route::Family(family), "no child of this account");
    };
    let diary = diary::open(&mut transition, home);
    transition.moved(Route::Diary(diary))
}

/// Leaves a child's diary or wizard for the children; what waits at the service waits there.
pub(in crate::step) fn back(transition: Transition, home: Home) -> Next {
    refresh(transition, home.into_family())
}

/// The children, being read anew.
pub(in crate::step) fn refresh(mut transition: Transition, mut family: Family) -> Next {
    family.cause = None;
    family.pending = transition.begin(RequestKind::Refresh, Effect::ReadMe);
    diary::follow(&mut transition);
    transition.moved(Route::Family(family))
}
