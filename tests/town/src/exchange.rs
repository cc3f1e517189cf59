//! Requests of apps on their way.

use mostik_flow::{Attempt, ProfileCall};

use crate::node::Asked;

/// The number of an exchange.
pub type ExchangeId = u64;

/// What a good answer is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// Who is signed in.
    Me,
    /// Lessons.
    Schedule,
    /// A linking.
    Linking,
    /// A profile.
    Profile,
    /// The moment of an unlinking.
    Unlinked,
    /// Files with all that is held.
    Export,
    /// What happened.
    SecurityLog,
    /// Tokens for the code of a sign-in.
    SignedIn,
    /// Tokens in place of older ones.
    Renewed,
    /// Nothing.
    Revoked,
    /// A linking that is followed.
    News,
    /// All linkings that are followed.
    AllNews,
}

impl Reads {
    /// What a call about a profile is answered with.
    #[must_use]
    pub const fn of_profile(call: &ProfileCall) -> Self {
        match call {
            ProfileCall::Unlink(_) => Self::Unlinked,
            ProfileCall::Export(_) => Self::Export,
            _ => Self::Profile,
        }
    }
}

/// A request with all its repetitions.
pub struct Exchange {
    /// Whose.
    pub device: usize,
    pub(crate) run: u64,
    pub(crate) attempt: Attempt,
    /// As it goes out; the bearer is put in each time.
    pub asked: Asked,
    pub(crate) reads: Reads,
    pub(crate) bears_token: bool,
    pub(crate) renewed: bool,
    pub(crate) tries: u32,
    pub(crate) begun: i64,
    /// When it arrived at the service last.
    pub(crate) arrived: Option<i64>,
}

impl Exchange {
    /// When the app began with it.
    pub(crate) const fn begun_at(&self) -> i64 {
        self.begun
    }
}
