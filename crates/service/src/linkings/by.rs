//! On whose behalf an action is carried out.

use crate::{audit::Actor, session::Session};

/// On whose behalf an action is carried out.
#[derive(Clone, Copy)]
pub enum OnBehalfOf<'a> {
    /// A signed-in person's.
    Session(&'a Session),
    /// Nobody's who is signed in: a messenger, or time.
    Event,
}

impl<'a> OnBehalfOf<'a> {
    /// The session, if a person has asked.
    pub(crate) const fn session(self) -> Option<&'a Session> {
        match self {
            Self::Session(session) => Some(session),
            Self::Event => None,
        }
    }

    /// As the audit log has it.
    pub(crate) fn actor(self) -> Actor<'a> {
        self.session().map_or(Actor::Service, |session| Actor::Account(&session.account))
    }
}
