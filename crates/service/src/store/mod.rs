//! The store: every statement of SQL, behind operations that are named after what they are for.
//!
//! An operation takes a connection, which may be a transaction, and plain values: hashes, sealed texts, ids and moments. It
//! answers facts and decides nothing.

pub mod accounts;
pub mod budgets;
pub mod codes;
pub mod erasure;
pub mod expiry;
pub mod history;
pub mod holdings;
pub mod idempotency;
pub mod linkings;
pub mod profiles;
pub mod vk_sign_ins;

pub use crate::db::Tx;

/// A connection to the database; a transaction is one too.
pub type Conn = sqlx::SqliteConnection;

/// Why an operation failed.
pub type Error = sqlx::Error;

pub(crate) fn inconsistent(table: &'static str, id: &str, what: &'static str) -> Error {
    Error::Decode(Box::new(crate::db::Inconsistent { table, id: id.to_owned(), what }))
}
