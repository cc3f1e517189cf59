//! The store: every statement of SQL, behind operations that are named after what they are for.
//!
//! An operation takes a connection, which may be a transaction, and plain values: hashes, sealed texts, ids and moments. It
//! answers facts and decides nothing. What only SQLite knows is in `sqlite`.
//!
//! Every operation fails with [`Error`] when the database does not answer, or holds a row that no code of ours can have written;
//! one that fails for another cause says so.

#![expect(clippy::missing_errors_doc, reason = "said once, above")]

pub mod accounts;
pub mod budgets;
pub mod centres;
pub mod codes;
pub mod contact;
pub mod erasure;
pub mod expiry;
pub mod family;
pub mod hand_offs;
pub mod history;
pub mod holdings;
pub mod idempotency;
pub mod launches;
pub mod linkings;
pub mod max;
pub mod measures;
pub mod names;
pub mod outbox;
pub mod profiles;
pub mod receipts;
pub mod sessions;
pub mod sign_ins;
mod sqlite;
pub mod vk_sign_ins;

use std::{
    ops::{Deref, DerefMut},
    path::Path,
    time::Duration,
};

use sqlx::{Sqlite, SqlitePool, Transaction, pool::PoolConnection, sqlite::SqlitePoolOptions};

/// A connection to the database; a transaction is one too.
pub type Conn = sqlx::SqliteConnection;

/// A change under way; it is undone where it is dropped before it is committed.
pub struct Tx(Transaction<'static, Sqlite>);

impl Tx {
    /// Keeps the change: what was written is on the disk when this comes back.
    ///
    /// # Errors
    /// When the database does not take it; then nothing was written.
    pub async fn commit(self) -> Result<(), Error> {
        Ok(self.0.commit().await?)
    }

    /// Undoes the change, and comes back when the writer is free for the next.
    ///
    /// # Errors
    /// When the database is gone; then nothing was written either.
    pub async fn rollback(self) -> Result<(), Error> {
        Ok(self.0.rollback().await?)
    }
}

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.0
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.0
    }
}

/// A connection for questions that change nothing.
pub type Reader = PoolConnection<Sqlite>;

// What a statement answers with.
type DbRow = sqlx::sqlite::SqliteRow;

/// How long a request waits for the writer before it is told to come again.
const PATIENCE: Duration = Duration::from_secs(5);

/// The database: one writer, several readers, and nothing acknowledged before it is on the disk.
#[derive(Clone)]
pub struct Store {
    read: SqlitePool,
    // One connection: writers queue here, in order, not in SQLite's busy loop.
    write: SqlitePool,
}

impl Store {
    /// Opens the file, creates it where it is missing, and brings its tables up to date.
    ///
    /// # Errors
    /// When the file cannot be opened or a migration fails.
    pub async fn open(path: &Path) -> Result<Self, Error> {
        let options = sqlite::options(path, PATIENCE)?;
        let write =
            SqlitePoolOptions::new().max_connections(1).acquire_timeout(PATIENCE).connect_with(options.clone()).await?;
        sqlx::migrate!("./migrations").run(&write).await.map_err(sqlx::Error::from)?;
        let read = SqlitePoolOptions::new().max_connections(4).acquire_timeout(PATIENCE).connect_with(options).await?;
        Ok(Self { read, write })
    }

    /// For questions that change nothing.
    ///
    /// # Errors
    /// When every reader stays busy, or the database is gone.
    pub async fn reader(&self) -> Result<Reader, Error> {
        Ok(self.read.acquire().await?)
    }

    /// For several questions whose answers belong together: all see the database as it is at the first. Nothing is to be changed.
    ///
    /// # Errors
    /// When every reader stays busy, or the database is gone.
    pub async fn snapshot(&self) -> Result<Tx, Error> {
        Ok(Tx(self.read.begin().await?))
    }

    /// The readers, for tests that look into the tables; see [`Store::reader`].
    #[must_use]
    pub fn read(&self) -> &SqlitePool {
        &self.read
    }

    /// Begins a change; no other writer is inside until it ends.
    ///
    /// # Errors
    /// When the database is locked or gone.
    pub async fn write(&self) -> Result<Tx, Error> {
        Ok(Tx(self.write.begin_with(sqlite::BEGIN).await?))
    }

    /// Whether the database can be read, and could be written.
    ///
    /// # Errors
    /// When it cannot.
    pub async fn check(&self) -> Result<(), Error> {
        sqlx::query("SELECT 1").execute(&self.read).await?;
        self.write().await?.rollback().await?;
        Ok(())
    }

    /// Moves the journal into the file and empties it. While a reader is inside it stays; the next call takes it.
    ///
    /// # Errors
    /// When the database is locked or gone.
    pub async fn empty_journal(&self) -> Result<(), Error> {
        sqlx::query(sqlite::EMPTY_JOURNAL).execute(&self.write).await?;
        Ok(())
    }

    /// Closes both pools after what runs has ended.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

/// Why an operation failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Others are inside: the same can succeed a moment later.
    #[error(transparent)]
    Busy(sqlx::Error),
    /// A row that no code of ours can have written.
    #[error(transparent)]
    Inconsistent(#[from] Inconsistent),
    /// Anything else.
    #[error(transparent)]
    Failed(sqlx::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let busy = match &error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => true,
            sqlx::Error::Database(e) => e.code().is_some_and(|code| sqlite::is_busy(&code)),
            _ => false,
        };
        if busy { Self::Busy(error) } else { Self::Failed(error) }
    }
}

/// A row that no code of ours can have written.
#[derive(Debug, thiserror::Error)]
#[error("the database is inconsistent: {table} {id}: {what}")]
pub struct Inconsistent {
    /// The table.
    pub table: &'static str,
    /// The row's key.
    pub id: String,
    /// What does not fit.
    pub what: &'static str,
}

fn inconsistent(table: &'static str, id: &str, what: &'static str) -> Error {
    Inconsistent { table, id: id.to_owned(), what }.into()
}
