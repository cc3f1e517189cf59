//! How places are opened and read anew, whatever has led there. Nothing here looks at an input.

pub(super) mod account;
pub(super) mod diary;
pub(super) mod family;
pub(super) mod security;
pub(super) mod wizard;

use super::transition::Transition;
use crate::{Next, Route};

/// The person waits no longer for the service's answer: a late one does not count, and what came of the request is read.
pub(super) fn stop_waiting(transition: Transition, mut route: Route) -> Next {
    let pending = match &mut route {
        Route::Family(family) => &mut family.pending,
        Route::Diary(diary) => &mut diary.pending,
        Route::Security(security) => &mut security.pending,
        Route::Wizard(wizard) => &mut wizard.pending,
        _ => return transition.refused(route, "nothing to wait for"),
    };
    if pending.take().is_none() {
        return transition.ignored(route, "nothing is waited for");
    }
    reread(transition, route)
}

/// Reads anew what is shown, unless a request is under way: its answer will say the same.
pub(super) fn reread(mut transition: Transition, route: Route) -> Next {
    match route {
        Route::Family(family) if family.pending.is_none() => family::refresh(transition, family),
        Route::Diary(diary) if diary.pending.is_none() => diary::refresh(transition, diary),
        Route::Security(security) if security.pending.is_none() => security::refresh(transition, security),
        Route::Wizard(wizard) if wizard.pending.is_none() => wizard::resync(transition, wizard),
        Route::Opening { pending: None, in_wizard, .. } => {
            let pending = Some(transition.read_me());
            transition.moved(Route::Opening { pending, cause: None, in_wizard })
        }
        route => transition.moved(route),
    }
}
