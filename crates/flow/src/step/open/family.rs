//! Opens the list of a parent's children, and reads it anew.

use mostik_wire::PupilId;

use super::diary;
use crate::{Effect, Family, Home, Next, Place, Wish, step::turn::Turn};

/// Opens a child's diary.
pub(in crate::step) fn choose(mut turn: Turn, family: Family, pupil: &PupilId) -> Next {
    let Some(home) = Home::of(&family, pupil, turn.today()) else {
        return turn.refused(Place::Family(family), "no child of this account");
    };
    let diary = diary::open(&mut turn, home);
    turn.moved(Place::Diary(diary))
}

/// Leaves a child's diary or wizard for the children; what waits at the service waits there.
pub(in crate::step) fn back(turn: Turn, home: Home) -> Next {
    refresh(turn, home.into_family())
}

/// The children, being read anew.
pub(in crate::step) fn refresh(mut turn: Turn, mut family: Family) -> Next {
    family.cause = None;
    family.pending = turn.pending(Wish::Refresh, Effect::ReadMe);
    diary::follow(&mut turn);
    turn.moved(Place::Family(family))
}
