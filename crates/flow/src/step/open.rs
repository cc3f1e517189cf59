//! How places are opened and read anew, whatever has led there. Nothing here looks at an input.

pub(super) mod account;
pub(super) mod diary;
pub(super) mod family;
pub(super) mod security;
pub(super) mod wizard;

use super::turn::Turn;
use crate::{Next, Place};

/// The person waits no longer for the service's answer: a late one does not count, and what came of the wish is read.
pub(super) fn stop_waiting(turn: Turn, mut place: Place) -> Next {
    let pending = match &mut place {
        Place::Family(family) => &mut family.pending,
        Place::Diary(diary) => &mut diary.pending,
        Place::Security(security) => &mut security.pending,
        Place::Wizard(wizard) => &mut wizard.pending,
        _ => return turn.refused(place, "nothing to wait for"),
    };
    if pending.take().is_none() {
        return turn.ignored(place, "nothing is waited for");
    }
    again(turn, place)
}

/// Reads anew what is shown, unless a wish is under way: its answer will say the same.
pub(super) fn again(mut turn: Turn, place: Place) -> Next {
    match place {
        Place::Family(family) if family.pending.is_none() => family::refresh(turn, family),
        Place::Diary(diary) if diary.pending.is_none() => diary::refresh(turn, diary),
        Place::Security(security) if security.pending.is_none() => security::refresh(turn, security),
        Place::Wizard(wizard) if wizard.pending.is_none() => wizard::resync(turn, wizard),
        Place::Opening { pending: None, in_wizard, .. } => {
            let pending = Some(turn.read_me());
            turn.moved(Place::Opening { pending, cause: None, in_wizard })
        }
        place => turn.moved(place),
    }
}
