//! The same as `main.rs`, on PostgreSQL; and what befalls PostgreSQL alone.

mod audit;
mod backups;
mod broken_restores;
mod centres;
mod changes;
mod examining;
mod family;
mod hand_offs;
mod launches;
mod leases;
mod linkings;
mod max;
mod measures;
mod messages;
mod moving;
mod outages;
mod outbox;
mod races;
mod schema;
mod secret_keys;
mod sessions;
mod sign_ins;
mod world;

/// Which database these tests stand on.
const ON_POSTGRES: bool = true;
