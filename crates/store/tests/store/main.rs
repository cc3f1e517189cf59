//! The store's operations, each against what it promises; on a file of their own.

mod audit;
mod backups;
mod blocks;
mod centres;
mod examining;
mod family;
mod hand_offs;
mod launches;
mod leases;
mod linkings;
mod max;
mod measures;
mod messages;
mod outbox;
mod races;
mod room;
mod schema;
mod secret_keys;
mod sessions;
mod sign_ins;
mod world;

/// Which database these tests stand on; `on_postgres.rs` says otherwise.
const ON_POSTGRES: bool = false;
