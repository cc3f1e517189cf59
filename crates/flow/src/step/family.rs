//! A parent's children: who is linked, who is not, whose diary to open.

use mostik_wire::{Linking, PupilId};

use super::{
    Turn,
    diary::{self, Heard},
    ends_session,
    entry::failure,
};
use crate::{Attempt, CauseKind, Diary, Effect, Family, Home, Intent, Next, Place, Reply, Wish};

pub(super) fn wish(mut turn: Turn, mut family: Family, intent: Intent) -> Next {
    match intent {
        Intent::SignOut => turn.sign_out(),
        Intent::Dismiss => {
            turn.dismiss_strips();
            family.cause = None;
            turn.moved(Place::Family(family))
        }
        Intent::Refresh | Intent::Retry => refresh(turn, family),
        Intent::ChooseChild { pupil } => choose(turn, family, &pupil),
        Intent::OpenPage { page } => {
            family.pending = turn.open_page(&family.pages, page);
            turn.moved(Place::Family(family))
        }
        _ => turn.refused(Place::Family(family), "a child is chosen first"),
    }
}

pub(super) fn answer(turn: Turn, mut family: Family, attempt: Attempt, reply: Reply) -> Next {
    if family.pending.take_if(|pending| pending.attempt == attempt).is_none() {
        return turn.ignored(Place::Family(family), "a late reply");
    }
    match reply {
        Reply::Refused(problem) if ends_session(problem.code) => turn.session_ended(false),
        Reply::Me(me) => {
            let family = Family { weeks: family.weeks, ..turn.family(me) };
            turn.open_account(family, false)
        }
        Reply::Opened => turn.moved(Place::Family(family)),
        // Nobody asked for this reading: the strip says that the service is out of reach.
        Reply::Failed(cause) if cause.kind == CauseKind::Offline => turn.moved(Place::Family(family)),
        reply => {
            family.cause = Some(failure(&turn, reply));
            turn.moved(Place::Family(family))
        }
    }
}

/// Opens a child's diary.
pub(super) fn choose(mut turn: Turn, family: Family, pupil: &PupilId) -> Next {
    let Some(home) = Home::of(&family, pupil, turn.today()) else {
        return turn.refused(Place::Family(family), "no child of this account");
    };
    let diary = open(&mut turn, home);
    turn.moved(Place::Diary(diary))
}

/// Opens a diary that is known already: its lessons are read, its linking is followed.
pub(super) fn open(turn: &mut Turn, home: Home) -> Diary {
    let mut diary = Diary { home, dialog: false, pending: None, reading: None, cause: None, failed: None };
    diary::read_schedule(turn, &mut diary);
    diary::follow(turn);
    diary
}

/// A linking of one of the children has changed somewhere.
pub(super) fn told(turn: Turn, mut family: Family, linking: &Linking) -> Next {
    let child = family.children.iter_mut().find(|child| child.id == linking.pupil);
    match child.map(|child| diary::hear(&mut child.link, linking)) {
        Some(Heard::Reread) if family.pending.is_none() => refresh(turn, family),
        Some(Heard::Reread | Heard::Shown) => turn.moved(Place::Family(family)),
        _ => turn.ignored(Place::Family(family), "what is known already"),
    }
}

/// Leaves a child's diary or wizard for the children; what waits at the service waits there.
pub(super) fn back(turn: Turn, home: Home) -> Next {
    refresh(turn, home.into_family())
}

/// The children, being read anew.
pub(super) fn refresh(mut turn: Turn, mut family: Family) -> Next {
    family.cause = None;
    family.pending = turn.pending(Wish::Refresh, Effect::ReadMe);
    diary::follow(&mut turn);
    turn.moved(Place::Family(family))
}
