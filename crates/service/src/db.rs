//! The database: one writer, several readers, and nothing acknowledged before it is on the disk.

use std::{path::Path, time::Duration};

use sqlx::{
    Sqlite, SqlitePool, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

/// A write transaction.
pub type Tx = Transaction<'static, Sqlite>;

/// How long a request waits for the writer before it is told to come again.
const PATIENCE: Duration = Duration::from_secs(5);

/// The two pools on one SQLite file.
#[derive(Clone)]
pub struct Db {
    read: SqlitePool,
    // One connection: writers queue here, in order, not in SQLite's busy loop.
    write: SqlitePool,
}

impl Db {
    /// Opens the file, creates it where it is missing, and brings its tables up to date.
    ///
    /// # Errors
    /// When the file cannot be opened or a migration fails.
    pub async fn open(path: &Path) -> Result<Self, sqlx::Error> {
        keep_private(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(PATIENCE)
            // Codes and tokens of queued messages do not linger in free pages.
            .pragma("secure_delete", "ON");
        let write =
            SqlitePoolOptions::new().max_connections(1).acquire_timeout(PATIENCE).connect_with(options.clone()).await?;
        sqlx::migrate!("./migrations").run(&write).await?;
        let read = SqlitePoolOptions::new().max_connections(4).acquire_timeout(PATIENCE).connect_with(options).await?;
        Ok(Self { read, write })
    }

    /// For questions that change nothing.
    #[must_use]
    pub fn read(&self) -> &SqlitePool {
        &self.read
    }

    /// Begins a change; no other writer is inside until it ends.
    ///
    /// # Errors
    /// When the database is locked or gone.
    pub async fn write(&self) -> Result<Tx, sqlx::Error> {
        self.write.begin_with("BEGIN IMMEDIATE").await
    }

    /// Moves the journal into the file and empties it. While a reader is inside it stays; the next call takes it.
    ///
    /// # Errors
    /// When the database is locked or gone.
    pub async fn empty_journal(&self) -> Result<(), sqlx::Error> {
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.write).await?;
        Ok(())
    }

    /// Closes both pools after what runs has ended.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

// The file is its owner's alone; SQLite gives its journal the same rights.
#[cfg(unix)]
fn keep_private(path: &Path) -> Result<(), sqlx::Error> {
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)?;
    Ok(())
}

#[cfg(not(unix))]
fn keep_private(_path: &Path) -> Result<(), sqlx::Error> {
    Ok(())
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
