//! What one check has found.

use std::fmt;

use serde::Serialize;

use crate::config::Fault;

/// What one check has found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The setting that it is about, or `clock` and the like.
    pub check: String,
    /// How that is.
    pub state: State,
    /// What was found; never a secret's value.
    pub found: String,
    /// What to do, where something is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// How it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// As it should be.
    Well,
    /// The service would not work, or not for long.
    Wrong,
    /// Not tried, for the cause that was found.
    NotTried,
}

impl Finding {
    pub(super) fn well(check: impl Into<String>, found: impl Into<String>) -> Self {
        Self { check: check.into(), state: State::Well, found: found.into(), next: None }
    }

    pub(super) fn wrong(check: impl Into<String>, found: impl Into<String>, next: impl Into<String>) -> Self {
        Self { check: check.into(), state: State::Wrong, found: found.into(), next: Some(next.into()) }
    }

    pub(super) fn not_tried(check: impl Into<String>, found: impl Into<String>) -> Self {
        Self { check: check.into(), state: State::NotTried, found: found.into(), next: None }
    }
}

impl From<Fault> for Finding {
    fn from(fault: Fault) -> Self {
        Self::wrong(fault.key, fault.found, fault.next)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            State::Well => "well     ",
            State::Wrong => "WRONG    ",
            State::NotTried => "not tried",
        };
        write!(f, "{state} {}: {}", self.check, self.found)?;
        match &self.next {
            Some(next) => write!(f, "\n          {next}"),
            None => Ok(()),
        }
    }
}
