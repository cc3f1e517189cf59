//! Why there is no backup, or none was restored.

use std::{io, path::PathBuf};

use crate::{Error, OpenError};

/// Why there is no backup, or none was restored. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file cannot be read or written.
    #[error("{}: {source}. {next}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
        /// What to do.
        next: &'static str,
    },
    /// There is something under the name of the backup.
    #[error("{} exists. Name another place for the backup, or a folder that it is to be made in", .0.display())]
    Taken(PathBuf),
    /// It is no backup, or its manifest cannot be read.
    #[error("{} is no backup that can be read: {what}. Name the folder with manifest.json in it, or another backup", path.display())]
    Unreadable {
        /// Where.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// It was made by a newer version.
    #[error(
        "the backup was made by mostik-service {version} (change {migration} of the tables), which is newer. Install that version, \
         or name a backup of this one"
    )]
    Newer {
        /// By which.
        version: String,
        /// The newest change of its tables.
        migration: i64,
    },
    /// There is nothing to back up.
    #[error("{0} holds nothing yet: no service has begun on it. Name the database that is served")]
    Empty(String),
    /// What it seals was sealed with another key.
    #[error("the backup was sealed with another secret_key. Set secret_key to what it was when the backup was made")]
    OtherKey,
    /// It is of the other kind of database.
    #[error(
        "the backup is of {backup}, and `database` is {database}. Restore it to {backup}{}",
        if *backup == "SQLite" { ", and go on to PostgreSQL by `mostik-service move-to`" } else { "" }
    )]
    OtherKind {
        /// What it is of.
        backup: &'static str,
        /// Where it was to go.
        database: String,
    },
    /// Its tables are in another schema of PostgreSQL.
    #[error(
        "the backup's tables are in the schema {backup}, and `database` leads to {found}. Let its user begin there: \
         `ALTER ROLE … SET search_path = {backup}`"
    )]
    OtherSchema {
        /// Where they were.
        backup: String,
        /// Where they would be looked for.
        found: String,
    },
    /// It is not what was written.
    #[error("the backup is damaged: {0}. Nothing was restored. Name another copy of it, or another backup")]
    Damaged(String),
    /// There is something in the place.
    #[error("{0} is not empty. Name an empty place in `database`{1}")]
    NotEmpty(String, &'static str),
    /// Another run makes a backup of the same name.
    #[error("another backup is coming into being as {}: wait for its end, or name another place", .0.display())]
    Claimed(PathBuf),
    /// It was asked to end before it was through.
    #[error("broken off, and nothing of it is left")]
    BrokenOff,
    /// The same, of a database that holds a part of it.
    #[error("broken off: nobody serves what has come of it. The same command begins it anew")]
    HalfRestored,
    /// Somebody else restores to the same place.
    #[error("another restore to {0} is under way: wait for its end")]
    UnderWay(String),
    /// A program of PostgreSQL is not there.
    #[error(
        "{program} of PostgreSQL {wanted} is needed, and none that fits is on the path or under /usr/lib/postgresql. Install \
         postgresql-client-{wanted} (`apt install postgresql-client-{wanted}`; on Fedora `dnf install postgresql`)"
    )]
    NoProgram {
        /// Which.
        program: &'static str,
        /// Of that version or a newer one.
        wanted: i32,
    },
    /// A program of PostgreSQL has failed.
    #[error("{program} has failed: {said}")]
    Program {
        /// Which.
        program: &'static str,
        /// What it says.
        said: String,
    },
    /// No database to try it in can be made.
    #[error(
        "no database to try the backup in can be made: {0}. Give the user that right: `ALTER ROLE mostik CREATEDB`"
    )]
    NoTrial(#[source] sqlx::Error),
    /// The database cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database does not answer.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<sqlx::Error> for BackupError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}
