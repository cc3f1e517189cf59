//! Opens «Безопасность», and reads it anew.

use mostik_wire::LinkSummary;

use super::diary;
use crate::{Effect, Home, Next, OwnCall, Pending, Place, Security, Wish, step::turn::Turn};

/// Opens it from the diary or from a wizard, which waits at the service.
pub(in crate::step) fn open(mut turn: Turn, home: Home) -> Next {
    diary::follow(&mut turn);
    let security =
        Security { home, profile: None, deed: None, saved: None, log: None, reading: None, pending: None, cause: None };
    refresh(turn, security)
}

/// What it shows, being read anew. A dialog stays open: what was typed into it is the window's.
pub(in crate::step) fn refresh(mut turn: Turn, mut security: Security) -> Next {
    security.cause = None;
    read(&mut turn, &mut security);
    turn.moved(Place::Security(security))
}

pub(in crate::step) fn read(turn: &mut Turn, security: &mut Security) {
    read_log(turn, security);
    // A pupil who is linked to nothing has nothing to be read but whether that is still so.
    security.pending = match security.home.pupil.link {
        LinkSummary::Linked { .. } => own(turn, security, Wish::ReadProfile, OwnCall::Read),
        _ => turn.pending(Wish::Refresh, Effect::ReadMe),
    };
}

pub(in crate::step) fn read_log(turn: &mut Turn, security: &mut Security) {
    let attempt = turn.attempt();
    turn.effects.push(Effect::ReadSecurity { attempt, pupil: security.home.pupil.id.clone() });
    security.reading = Some(attempt);
}

pub(in crate::step) fn own(turn: &mut Turn, security: &Security, wish: Wish, call: OwnCall) -> Option<Pending> {
    let pupil = security.home.pupil.id.clone();
    turn.pending(wish, |attempt| Effect::Own { attempt, pupil, call })
}
