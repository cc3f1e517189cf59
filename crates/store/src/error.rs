//! Why an operation failed.

use std::fmt;

use crate::sqlite;

/// Why an operation failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Others are inside, or the database is away for the moment: the same can succeed a little later.
    #[error(transparent)]
    Busy(#[from] Unavailable),
    /// A row that no code of ours can have written.
    #[error(transparent)]
    Inconsistent(#[from] Inconsistent),
    /// Anything else.
    #[error(transparent)]
    Failed(sqlx::Error),
}

/// Why the database does not take it at this moment.
#[derive(Debug, thiserror::Error)]
pub enum Unavailable {
    /// Every connection stays taken.
    #[error("every connection to the database is taken: {0}")]
    Pool(#[source] sqlx::Error),
    /// Others hold what is needed, or have changed it meanwhile.
    #[error("others are at the same rows: {0}")]
    Contended(#[source] sqlx::Error),
    /// It is gone, or too slow.
    #[error("the database cannot be reached: {0}")]
    Unreachable(#[source] sqlx::Error),
    /// It cannot be written.
    #[error("the database takes no change: {0}")]
    ReadOnly(#[source] sqlx::Error),
    /// Its disk is full.
    #[error("the database has no space left: {0}")]
    Full(#[source] sqlx::Error),
    /// A statement of the change has failed before.
    #[error("a part of the change has failed")]
    StatementFailed,
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        use Unavailable::{Pool, Unreachable};
        let why = match &error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => Pool,
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => {
                Unreachable
            }
            sqlx::Error::Database(e) => {
                let code = e.code().unwrap_or_default();
                let why = if e.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some() {
                    of_postgres(&code)
                } else {
                    of_sqlite(&code)
                };
                match why {
                    Some(why) => why,
                    None => return Self::Failed(error),
                }
            }
            _ => return Self::Failed(error),
        };
        Self::Busy(why(error))
    }
}

type Why = fn(sqlx::Error) -> Unavailable;

fn of_sqlite(code: &str) -> Option<Why> {
    let code = sqlite::primary(code)?;
    Some(match code {
        sqlite::BUSY | sqlite::LOCKED => Unavailable::Contended,
        sqlite::READ_ONLY => Unavailable::ReadOnly,
        sqlite::FULL => Unavailable::Full,
        sqlite::IO_ERROR | sqlite::CANNOT_OPEN => Unavailable::Unreachable,
        _ => return None,
    })
}

// The codes are PostgreSQL's own, appendix A of its manual.
fn of_postgres(code: &str) -> Option<Why> {
    Some(match code {
        // Serialization failure, deadlock, lock not available. A unique or foreign key that is broken was whole when the rules
        // looked: another node was faster, and who looks again sees what it did.
        "40001" | "40P01" | "55P03" | "23505" | "23503" => Unavailable::Contended,
        "25006" => Unavailable::ReadOnly,
        "53100" => Unavailable::Full,
        // The statement's time is over; too many connections; out of memory.
        "57014" | "25P03" => Unavailable::Unreachable,
        _ if code.starts_with("53") => Unavailable::Pool,
        // Connection exceptions; shut down, crashed, or not up yet; an error of its system.
        _ if ["08", "57", "58"].iter().any(|class| code.starts_with(class)) => Unavailable::Unreachable,
        _ => return None,
    })
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

pub(crate) fn inconsistent(table: &'static str, id: &str, what: &'static str) -> Error {
    Inconsistent { table, id: id.to_owned(), what }.into()
}

/// Why a store was not opened. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It cannot be reached, or refuses to be opened.
    Unreachable {
        /// Which, without its password.
        address: String,
        /// What the driver says.
        source: sqlx::Error,
        /// What to do.
        next: &'static str,
    },
    /// A newer version has changed its tables.
    Newer(i64),
    /// A change of its tables was begun and not finished, or was written by another build.
    HalfMigrated(i64),
    /// It holds tables of something else.
    Foreign(String),
    /// What it seals was sealed with another key.
    OtherKey,
    /// Another running node does not know the key that this one would write with.
    KeyNotEverywhere,
    /// A key that this node does not have is needed: for what, and how much of it.
    KeyStillUsed(String),
    /// Its clock and this machine's are apart, by so many seconds.
    ClockApart(i64),
    /// All that was in the file is in PostgreSQL now, or on its way there.
    MovedAway(String),
    /// A move has half filled it.
    HalfMoved,
    /// A restore has half filled it.
    HalfRestored,
    /// PostgreSQL is too old.
    TooOld(String),
    /// It can be read and not written.
    NotWritable {
        /// Which, without its password.
        address: String,
        /// What the driver, or the system, says.
        cause: String,
        /// What to do.
        next: &'static str,
    },
    /// A change of its tables has failed; it was undone.
    Migration(#[source] sqlx::migrate::MigrateError),
    /// Another error of the database.
    Failed(#[from] Error),
}

impl OpenError {
    /// What was found, as a part of a sentence.
    #[must_use]
    pub fn found(&self) -> String {
        match self {
            Self::Unreachable { address, source, .. } => format!("the database {address} cannot be opened: {source}"),
            Self::Newer(change) => format!(
                "the database has the change {change} of its tables, which this version does not know: a newer mostik-service has \
                 been at work"
            ),
            Self::HalfMigrated(change) => {
                format!("the tables of the database are half changed (change {change}); nothing was written now")
            }
            Self::Foreign(table) => format!("the database holds tables that are not Mostik's, {table} among them"),
            Self::OtherKey => "the database was sealed with another secret_key".into(),
            Self::KeyNotEverywhere => {
                "another node runs that does not know this secret_key and could not read what it makes".into()
            }
            Self::KeyStillUsed(what) => format!("a secret_key that this node does not have is still needed ({what})"),
            Self::ClockApart(seconds) => {
                format!("the clock of this machine is {seconds} s away from the database's; at most 5 s are allowed")
            }
            Self::MovedAway(to) => format!("what was in this file was moved to {to}, or begins to be"),
            Self::HalfMoved => "the database is half filled by a move".into(),
            Self::HalfRestored => "the database is half filled by a restore".into(),
            Self::TooOld(version) => format!("the database is PostgreSQL {version}; 15 or newer is needed"),
            Self::NotWritable { address, cause, .. } => format!("the database {address} cannot be written: {cause}"),
            Self::Migration(error) => {
                format!("the tables of the database cannot be brought up to date: {error}; nothing was changed")
            }
            Self::Failed(error) => error.to_string(),
        }
    }

    /// What to do, as a sentence without its stop.
    #[must_use]
    pub const fn next(&self) -> &'static str {
        match self {
            Self::Unreachable { next, .. } | Self::NotWritable { next, .. } => next,
            Self::Newer(_) => "Start that version, or restore a backup from before the upgrade",
            Self::HalfMigrated(_) => "Restore the backup from before the upgrade, and upgrade again",
            Self::Foreign(_) => "Name an empty database in `database`",
            Self::OtherKey => {
                "Give this node the key of the others; if the key was changed, name the one before in previous_secret_key"
            }
            Self::KeyNotEverywhere => {
                "Give every node the new key as previous_secret_key first; a node that was killed is forgotten within 10 s"
            }
            Self::KeyStillUsed(_) => {
                "Name it in previous_secret_key until `mostik-service secret-keys` says that nothing is left under it"
            }
            Self::ClockApart(_) => "Set both by NTP (`timedatectl set-ntp true`)",
            Self::MovedAway(_) => "Name that in `database`; `mostik-service move-to` ends a move",
            Self::HalfMoved => "Run the same `mostik-service move-to` again: it goes on where it was",
            Self::HalfRestored => "Run the same `mostik-service restore` again: it begins anew",
            Self::TooOld(_) => "Upgrade PostgreSQL, or name another one in `database`",
            Self::Migration(_) => "Let the user in `database` own the tables, and start again",
            Self::Failed(_) => "See the database's own log",
        }
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}. {}", self.found(), self.next())
    }
}

impl From<sqlx::Error> for OpenError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}
