//! Learning profiles: made at the first linking of a number, by a parent, or brought by the operator; and what the people of
//! a linked one may do with it.

mod erase;
pub mod export;
mod for_operator;
mod held;
mod import;
mod news;
pub mod read;
mod request;
pub mod routes;

pub use erase::erase_due;
pub(crate) use erase::erase_for_operator;
pub(crate) use for_operator::export_for_operator;
pub use import::{Entry, import};
pub(crate) use news::{event, tell};

use crate::clock::Entropy;

/// A profile's id, as people see it under «Безопасность»: ten digits, not in order.
pub(crate) fn new_id(entropy: &dyn Entropy) -> String {
    let mut bytes = [0; 8];
    entropy.fill(&mut bytes);
    (1_000_000_000 + u64::from_le_bytes(bytes) % 9_000_000_000).to_string()
}
