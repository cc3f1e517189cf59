//! The protocol of linking, model-checked: every order in which two people, their phones, MAX, the network and the service can act,
//! with the app's own machine ([`mostik_flow::step`]) and the service's own rules ([`mostik_linking::decide`]).
//!
//! Written anew here is what stands around the two: the tables, the transactions, the bot, the people. Each file says what of the
//! service it stands for. `ledger` writes down what has happened without those rules, and `properties` is about that.

mod act;
mod asks;
mod beginnings;
mod bot;
mod device;
mod facts;
mod kept;
mod ledger;
mod model;
mod mutant;
mod offers;
mod people;
mod press;
mod properties;
mod protocol;
mod second;
mod serve;
mod show;
mod story;
mod tables;
mod world;

pub use mutant::Mutant;
pub use properties::names;
pub use protocol::Protocol;
pub use story::{Left, Story};
