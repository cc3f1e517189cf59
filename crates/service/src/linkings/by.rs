//! On whose behalf an action is carried out.

use crate::{audit::Actor, session::Session};

/// On whose behalf an action is carried out.
#[derive(Clone, Copy)]
pub enum OnBehalfOf<'a> {
    /// A signed-in person's.
    Session(&'a Session),
    /// An operator's, who was asked by somebody.
    Operator(Operator<'a>),
    /// Nobody's who is signed in: a messenger, or time.
    Event,
}

/// An operator, and why.
#[derive(Clone, Copy)]
pub struct Operator<'a> {
    /// As the file of operators has it.
    pub name: &'a str,
    /// Why, without anybody's number, address or code.
    pub reason: &'a str,
}

impl<'a> OnBehalfOf<'a> {
    /// The session, if a person has asked.
    pub(crate) const fn session(self) -> Option<&'a Session> {
        match self {
            Self::Session(session) => Some(session),
            Self::Operator(_) | Self::Event => None,
        }
    }

    /// Why, where an operator acts.
    pub(crate) const fn reason(self) -> Option<&'a str> {
        match self {
            Self::Operator(operator) => Some(operator.reason),
            Self::Session(_) | Self::Event => None,
        }
    }

    /// As the audit log has it.
    pub(crate) fn actor(self) -> Actor<'a> {
        match self {
            Self::Session(session) => Actor::Account(&session.account),
            Self::Operator(operator) => Actor::Operator(operator.name),
            Self::Event => Actor::Service,
        }
    }
}
