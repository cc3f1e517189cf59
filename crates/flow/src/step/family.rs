//! A parent's children: who is linked, who is not, whose diary to open.

use mostik_wire::Linking;

use super::{
    known_link::{Heard, hear},
    open::{
        account,
        family::{choose, refresh},
    },
    turn::{Turn, ends_session, failure},
};
use crate::{Attempt, CauseKind, Family, Intent, Next, Place, Reply};

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
            account::open(turn, family, false)
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

/// A linking of one of the children has changed somewhere.
pub(super) fn told(turn: Turn, mut family: Family, linking: &Linking) -> Next {
    let child = family.children.iter_mut().find(|child| child.id == linking.pupil);
    match child.map(|child| hear(&mut child.link, linking)) {
        Some(Heard::Reread) if family.pending.is_none() => refresh(turn, family),
        Some(Heard::Reread | Heard::Shown) => turn.moved(Place::Family(family)),
        _ => turn.ignored(Place::Family(family), "what is known already"),
    }
}
