//! A parent's children: who is linked, who is not, whose diary to open.

use mostik_wire::Linking;

use super::{
    known_link::{LinkChange, apply_news},
    open::{
        account,
        family::{choose, refresh},
    },
    transition::{Transition, ends_session, failure},
};
use crate::{Attempt, CauseKind, Family, Intent, Next, Reply, Route};

pub(super) fn handle_intent(mut transition: Transition, mut family: Family, intent: Intent) -> Next {
    match intent {
        Intent::SignOut => transition.sign_out(),
        Intent::Dismiss => {
            transition.dismiss_strips();
            family.cause = None;
            transition.moved(Route::Family(family))
        }
        Intent::Refresh | Intent::Retry => refresh(transition, family),
        Intent::ChooseChild { pupil } => choose(transition, family, &pupil),
        Intent::OpenPage { page } => {
            family.pending = transition.open_page(&family.pages, page);
            transition.moved(Route::Family(family))
        }
        _ => transition.refused(Route::Family(family), "a child is chosen first"),
    }
}

pub(super) fn handle_reply(transition: Transition, mut family: Family, attempt: Attempt, reply: Reply) -> Next {
    if family.pending.take_if(|pending| pending.attempt == attempt).is_none() {
        return transition.ignored(Route::Family(family), "a late reply");
    }
    match reply {
        Reply::Refused(problem) if ends_session(problem.code) => transition.session_ended(&problem, false),
        Reply::Me(me) => {
            let family = Family { weeks: family.weeks, ..transition.family(me) };
            account::open(transition, family, false)
        }
        Reply::Opened => transition.moved(Route::Family(family)),
        // Nobody asked for this reading: the strip says that the service is out of reach.
        Reply::Failed(cause) if cause.kind == CauseKind::Offline => transition.moved(Route::Family(family)),
        reply => {
            family.cause = Some(failure(&transition, reply));
            transition.moved(Route::Family(family))
        }
    }
}

/// A linking of one of the children has changed somewhere.
pub(super) fn linking_changed(transition: Transition, mut family: Family, linking: &Linking) -> Next {
    let child = family.children.iter_mut().find(|child| child.id == linking.pupil);
    match child.map(|child| apply_news(&mut child.link, linking)) {
        Some(LinkChange::Reread) if family.pending.is_none() => refresh(transition, family),
        Some(LinkChange::Reread | LinkChange::Shown) => transition.moved(Route::Family(family)),
        _ => transition.ignored(Route::Family(family), "what is known already"),
    }
}
