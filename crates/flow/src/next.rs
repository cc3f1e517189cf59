//! What the machine answers to an input.

use crate::{Effect, State};

/// What the machine decided.
pub struct Next {
    /// The state to keep before any effect runs.
    pub state: State,
    /// What to do now, in order.
    pub effects: Vec<Effect>,
    /// What became of the input.
    pub verdict: Verdict,
}

/// What became of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The state changed or effects follow.
    Moved,
    /// Nothing to do, and that is fine: a late reply, a second tap.
    Ignored(&'static str),
    /// The input cannot be served here; the person is told by the state if it was theirs.
    Refused(&'static str),
}
