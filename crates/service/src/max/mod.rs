//! MAX: what arrives from the bot's chats, and what the bot says.

pub mod poll;
pub mod send;
pub(crate) mod texts;
mod updates;
pub mod webhook;

pub use updates::handle;
