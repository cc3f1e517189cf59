//! MAX: what arrives from the bot's chats, and what the bot says.

pub(crate) mod causes;
pub mod dialogs;
mod health;
mod leaving;
pub mod menu;
pub mod poll;
mod read;
pub mod send;
pub(crate) mod texts;
mod updates;
pub mod webhook;

pub use health::answers;
pub use read::{BotEvent, BotUpdate, Contact, read};
pub use updates::handle;
