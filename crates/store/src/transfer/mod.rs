//! Moving all that is kept from a file of SQLite to PostgreSQL, once and for good.
//!
//! Rows go over table by table in batches, and with each batch, in its transaction, how far it is: a move that was killed goes on there.
//! From its beginning on the file says where it is moved to, and no node serves it any more; until its end the database says that it is
//! half filled, and no node serves that. At the end both are counted and their checksums compared.

pub(crate) mod rows;
mod tables;

use std::path::Path;

use sqlx::{Connection, PgConnection, SqliteConnection};

pub use tables::TABLES;

use crate::{Address, OpenError, address::Kind, postgres, schema, serving::Serving, sqlite, store};
use rows::{Checksum, MOVING, Table};

/// What the file says from the beginning of a move on, and for good.
const MOVED_TO: &str = "moved_to";

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

/// How far a move is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many rows of a table have gone over.
    Sent(&'static str, u64),
    /// So many rows of a table were compared.
    Compared(&'static str, u64),
}

/// Moves all that is kept in `from` to `to`, `batch` rows at a time, or goes on with a move that was broken off. Answers how many rows
/// there are.
///
/// # Errors
/// Says why it does not go on, and what to do.
pub async fn transfer(
    from: &Address,
    to: &Address,
    batch: u32,
    mut tell: impl FnMut(Progress),
) -> Result<u64, MoveError> {
    let Kind::Sqlite(path) = &from.0 else { return Err(MoveError::NotAFile(from.to_string())) };
    let Kind::Postgres { options, .. } = &to.0 else { return Err(MoveError::NotPostgres(to.to_string())) };
    let _alone = Serving::enter_alone(path)
        .map_err(|e| OpenError::Unreachable {
            address: from.to_string(),
            source: e.into(),
            next: "Name the file that is served",
        })?
        .ok_or(MoveError::Served)?;
    let mut file = open_file(path, from).await?;
    schema::bring_sqlite_up_to_date(&mut file).await?;
    let options = postgres::connect_options(*options.clone()).options([("statement_timeout", "0")]);
    let mut database = store::connect(to, &options).await?;
    schema::bring_postgres_up_to_date(&mut database).await?;
    begin(&mut file, &mut database, to).await?;
    let mut rows = 0;
    for name in TABLES {
        let table = Table::of(&mut file, name).await?;
        table.send(&mut file, &mut database, batch, |sent| tell(Progress::Sent(name, sent))).await?;
    }
    for name in TABLES {
        let table = Table::of(&mut file, name).await?;
        let sent: Checksum = table.checksum_of_file(&mut file, batch).await?;
        let arrived = table.checksum_of_database(&mut database).await?;
        if sent != arrived {
            return Err(MoveError::Differs { table: name, sent: sent.rows, arrived: arrived.rows });
        }
        tell(Progress::Compared(name, sent.rows));
        rows += sent.rows;
    }
    let key: Option<String> = sqlx::query_scalar("SELECT value FROM meta WHERE name = $1")
        .bind(store::SECRET_KEY)
        .fetch_optional(&mut file)
        .await?;
    let mut tx = database.begin().await?;
    if let Some(key) = key {
        sqlx::query("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2")
            .bind(store::SECRET_KEY)
            .bind(key)
            .execute(&mut *tx)
            .await?;
    }
    sqlx::query("DELETE FROM meta WHERE name = $1 OR name LIKE $1 || ' %'").bind(MOVING).execute(&mut *tx).await?;
    tx.commit().await?;
    database.close().await?;
    file.close().await?;
    Ok(rows)
}

async fn open_file(path: &Path, from: &Address) -> Result<SqliteConnection, OpenError> {
    let unreachable =
        |source| OpenError::Unreachable { address: from.to_string(), source, next: "Name the file that is served" };
    if !path.exists() {
        return Err(unreachable(std::io::Error::from(std::io::ErrorKind::NotFound).into()));
    }
    let options = sqlite::options(path, store::PATIENCE).map_err(unreachable)?;
    SqliteConnection::connect_with(&options).await.map_err(unreachable)
}

// Both sides say that a move is under way, or said so before.
async fn begin(file: &mut SqliteConnection, database: &mut PgConnection, to: &Address) -> Result<(), MoveError> {
    let shown = to.to_string();
    let known: Option<String> =
        sqlx::query_scalar("SELECT value FROM meta WHERE name = $1").bind(MOVED_TO).fetch_optional(&mut *file).await?;
    let known_here = known.as_ref() == Some(&shown);
    if let Some(known) = known.filter(|known| *known != shown) {
        return Err(MoveError::Elsewhere(known));
    }
    let goes_on: Option<String> = sqlx::query_scalar("SELECT value FROM meta WHERE name = $1")
        .bind(MOVING)
        .fetch_optional(&mut *database)
        .await?;
    if goes_on.is_none() {
        for table in TABLES {
            let sql = format!("SELECT EXISTS (SELECT 1 FROM {table})");
            let filled: bool = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut *database).await?;
            if filled {
                // The file is marked after the database; only the end of a move takes the database's mark away.
                return Err(if known_here { MoveError::Done(shown) } else { MoveError::NotEmpty(shown, table) });
            }
        }
        sqlx::query("INSERT INTO meta (name, value) VALUES ($1, '')").bind(MOVING).execute(&mut *database).await?;
    }
    sqlx::query("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(MOVED_TO)
        .bind(shown)
        .execute(file)
        .await?;
    Ok(())
}

/// Refuses a file that was moved away.
pub(crate) async fn refuse_moved(file: &mut SqliteConnection) -> Result<(), OpenError> {
    let to: Option<String> =
        sqlx::query_scalar("SELECT value FROM meta WHERE name = $1").bind(MOVED_TO).fetch_optional(file).await?;
    to.map_or(Ok(()), |to| Err(OpenError::MovedAway(to)))
}

/// Refuses a database that a move has half filled.
pub(crate) async fn refuse_half_moved(database: &mut PgConnection) -> Result<(), OpenError> {
    let moving: Option<String> =
        sqlx::query_scalar("SELECT value FROM meta WHERE name = $1").bind(MOVING).fetch_optional(database).await?;
    moving.map_or(Ok(()), |_| Err(OpenError::HalfMoved))
}
