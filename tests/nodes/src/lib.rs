//! What the tests of many nodes stand on: an app without a window, load, and a way to the database that can be led elsewhere.

mod client;
mod gateway;
mod load;
mod phone;

pub use client::{Client, SignedIn};
pub use gateway::Gateway;
pub use load::{Load, Patience};
pub use phone::Phone;
