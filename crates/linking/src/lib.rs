//! The rules of linking: where a linking can stand, what may be done there, and what follows.
//!
//! [`decide`] is given a linking, an action, the facts that were looked up before, and the moment. It answers with a
//! [`Decision`]: the next step, and what is to be done with it in the same transaction (messages to send, history to write,
//! tries to count); or with a [`Refusal`], after which nothing has changed. It reads no clock, draws no randomness, and does
//! no I/O. `docs/linking.md` prints every step with every action.

mod action;
mod budget;
mod case;
mod codes;
mod decide;
mod decision;
mod facts;
mod in_max;
pub mod limits;
mod owner;
mod passwords;
mod profile;
mod refusal;
mod step;
mod vk;

pub use action::{Action, ActionName, CodeCheck, Proof, SharedContact};
pub use budget::{Budget, GAPS};
pub use codes::{CODE_LIFE, TRIES};
pub use decide::decide;
pub use decision::{Account, Change, Decision, Effect, MaxText, NewProfile, News};
pub use facts::{Facts, FormerProfile, FoundProfile, LinkedTo, OwnedBy, Profile, Pupil, Randomness, Settings};
pub use in_max::TICKET_LIFE;
pub use owner::DELETION_DELAY;
pub use refusal::Refusal;
pub use step::{
    Aim, AtMax, Link, Linked, Linking, MaxUser, PasswordHash, ProfileId, Purpose, Sealed, SentCode, Step, Ticket,
    Trouble, Visitor,
};
pub use vk::VK_SIGN_IN_LIFE;
