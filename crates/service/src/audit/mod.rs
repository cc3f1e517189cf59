//! The audit log: who did what to which profile, pupil, account or linking.
//!
//! `entry` writes what was done in the transaction that does it; `chain` gives the entries their places, in which each bears a
//! keyed hash of the one before; `verify` finds what was changed since. See ADR 21.

mod action;
pub mod chain;
mod entry;
pub mod verify;

pub use action::Action;
pub(crate) use entry::sessions_ended;
pub use entry::{Actor, Author, Subject};
