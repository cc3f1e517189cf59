//! The store: every statement of SQL, behind operations that are named after what they are for.
//!
//! An operation takes a connection, which may be a transaction, and plain values: hashes, sealed texts, ids and moments. It
//! answers facts and decides nothing. The same statements run on SQLite and on PostgreSQL (`sql`); what only one of the two knows is
//! in `sqlite`, `postgres` and `hold`.
//!
//! Every operation fails with [`Error`] when the database does not answer, or holds a row that no code of ours can have written;
//! one that fails for another cause says so.

#![expect(clippy::missing_errors_doc, reason = "said once, above")]

pub mod accounts;
mod address;
pub mod audit;
pub mod backup;
pub mod blocks;
pub mod budgets;
pub mod centres;
pub mod changes;
pub mod codes;
mod conn;
pub mod contact;
mod deadline;
pub mod deletions;
pub mod erasure;
mod error;
mod examine;
pub mod expiry;
pub mod family;
pub mod hand_offs;
mod hash;
pub mod history;
mod hold;
pub mod holdings;
pub mod idempotency;
pub mod interruptions;
pub mod launches;
pub mod leases;
pub mod linkings;
mod marks;
pub mod max;
pub mod measures;
pub mod messages;
pub mod names;
pub mod outbox;
mod postgres;
pub mod presented;
pub mod profiles;
pub mod receipts;
pub mod schema;
pub mod secret_keys;
mod serving;
pub mod sessions;
pub mod sign_ins;
pub mod sql;
mod sqlite;
pub mod statistics;
mod store;
pub mod support;
pub mod transfer;
pub mod vk_sign_ins;

pub use address::{Address, AddressError};
pub use conn::{Conn, Reader, Tx};
pub use error::{Error, Inconsistent, OpenError, Unavailable};
pub use examine::{Examined, Tables, examine};
pub use hash::KeyedHash;
pub use store::{Connections, Store, compare_clocks};

pub(crate) use error::inconsistent;
pub(crate) use sql::DbRow;
