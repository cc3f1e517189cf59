//! Opens «Безопасность», and reads it anew.

use mostik_wire::LinkSummary;

use super::diary;
use crate::{
    Effect, Home, Next, PendingRequest, ProfileCall, RequestKind, Route, Security, step::transition::Transition,
};

/// Opens it from the diary or from a wizard, which waits at the service.
pub(in crate::step) fn open(mut transition: Transition, home: Home) -> Next {
    diary::follow(&mut transition);
    let security = Security {
        home,
        profile: None,
        action: None,
        saved: None,
        log: None,
        reading: None,
        pending: None,
        cause: None,
    };
    refresh(transition, security)
}

/// What it shows, being read anew. A dialog stays open: what was typed into it is the window's.
pub(in crate::step) fn refresh(mut transition: Transition, mut security: Security) -> Next {
    security.cause = None;
    read(&mut transition, &mut security);
    transition.moved(Route::Security(security))
}

pub(in crate::step) fn read(transition: &mut Transition, security: &mut Security) {
    read_log(transition, security);
    // A pupil who is linked to nothing has nothing to be read but whether that is still so.
    security.pending = match security.home.pupil.link {
        LinkSummary::Linked { .. } => own(transition, security, RequestKind::ReadProfile, ProfileCall::Read),
        _ => transition.begin(RequestKind::Refresh, Effect::ReadMe),
    };
}

pub(in crate::step) fn read_log(transition: &mut Transition, security: &mut Security) {
    let attempt = transition.attempt();
    transition.effects.push(Effect::ReadSecurity { attempt, pupil: security.home.pupil.id.clone() });
    security.reading = Some(attempt);
}

pub(in crate::step) fn own(
    transition: &mut Transition,
    security: &Security,
    request: RequestKind,
    call: ProfileCall,
) -> Option<PendingRequest> {
    let pupil = security.home.pupil.id.clone();
    transition.begin(request, |attempt| Effect::ProfileCall { attempt, pupil, call })
}
