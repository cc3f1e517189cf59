//! The store's operations, each against what it promises; on a file of their own.

mod centres;
mod family;
mod hand_offs;
mod launches;
mod linkings;
mod max;
mod measures;
mod outbox;
mod sessions;
mod sign_ins;
mod world;
