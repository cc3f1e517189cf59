//! Why a move does not go on.

use crate::OpenError;

/// Why a move does not go on. What has gone over stays, and the same command goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    /// It is no file of SQLite that is to be moved.
    #[error("`database` is {0}: only a file of SQLite is moved. Name the file that the service has used")]
    NotAFile(String),
    /// It is not moved to PostgreSQL.
    #[error("{0} is not PostgreSQL. Give postgres://USER:PASSWORD@HOST/DATABASE")]
    NotPostgres(String),
    /// A node has the file open.
    #[error("a mostik-service has the file open: stop it first (`systemctl stop mostik-service`)")]
    Served,
    /// It was begun to another place.
    #[error("this file was moved, or began to be, to {0}: name that in `database`, or move on to there")]
    Elsewhere(String),
    /// Another file goes to that database.
    #[error("{to} is half filled from {from}: end that move, or name an empty database")]
    FromElsewhere {
        /// The database.
        to: String,
        /// The other file.
        from: String,
    },
    /// It has ended before.
    #[error("all that was in this file is in {0} already: name that in `database`")]
    Done(String),
    /// There are rows that this move has not brought.
    #[error("{0} holds rows already ({1}). Name an empty database")]
    NotEmpty(String, &'static str),
    /// What has arrived is not what was sent.
    #[error(
        "the table {table} has not come over whole: {sent} rows were sent and {arrived} have arrived, or their contents differ. \
         Nothing is lost in the file. Empty the database and move again"
    )]
    Differs {
        /// Which.
        table: &'static str,
        /// Rows in the file.
        sent: u64,
        /// Rows in the database.
        arrived: u64,
    },
    /// One of the two cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
}

impl From<sqlx::Error> for MoveError {
    fn from(error: sqlx::Error) -> Self {
        Self::Open(error.into())
    }
}
