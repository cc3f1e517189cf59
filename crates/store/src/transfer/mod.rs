//! Moving all that is kept from a file of SQLite to PostgreSQL, once and for good.
//!
//! Rows go over table by table in batches, and with each batch, in its transaction, how far it is: a move that was killed goes on there.
//! From its beginning on the file says where it is moved to, and no node serves it any more; until its end the database says that it is
//! half filled, and no node serves that. At the end both are counted and their checksums compared.

mod error;
pub(crate) mod rows;
mod tables;

use std::path::Path;

use sqlx::{Connection, PgConnection, SqliteConnection};

pub use error::MoveError;
pub use tables::TABLES;

use crate::{
    Address, OpenError,
    address::Kind,
    deadline::PATIENCE,
    marks::{self, MOVED_TO, MOVING},
    postgres, schema,
    serving::Serving,
    sqlite,
};
use rows::{Checksum, Table};

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
    if !path.exists() {
        return Err(unreadable(path, std::io::Error::from(std::io::ErrorKind::NotFound)).into());
    }
    let _alone = Serving::enter_alone(path).map_err(|e| unreadable(path, e))?.ok_or(MoveError::Served)?;
    let mut file = open_file(path).await?;
    schema::bring_sqlite_up_to_date(&mut file).await?;
    let mut database = postgres::connect(to, &postgres::unhurried(*options.clone())).await?;
    postgres::refuse_old(&mut database).await?;
    marks::refuse_half_restored(&mut database).await?;
    schema::bring_postgres_up_to_date(&mut database).await?;
    begin((&mut file, path), &mut database, to).await?;
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
        .bind(marks::SECRET_KEY)
        .fetch_optional(&mut file)
        .await?;
    let mut tx = database.begin().await?;
    if let Some(key) = key {
        sqlx::query("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2")
            .bind(marks::SECRET_KEY)
            .bind(key)
            .execute(&mut *tx)
            .await?;
    }
    // A node may have started on the empty database and have given its key the first number.
    sqlx::query("DELETE FROM secret_keys").execute(&mut *tx).await?;
    let keys: Vec<(i64, String, i64)> =
        sqlx::query_as("SELECT number, fingerprint, in_use FROM secret_keys").fetch_all(&mut file).await?;
    for (number, fingerprint, in_use) in keys {
        sqlx::query("INSERT INTO secret_keys (number, fingerprint, in_use) VALUES ($1, $2, $3)")
            .bind(number)
            .bind(fingerprint)
            .bind(in_use)
            .execute(&mut *tx)
            .await?;
    }
    sqlx::query("DELETE FROM meta WHERE name = $1 OR name LIKE $1 || ' %'").bind(MOVING).execute(&mut *tx).await?;
    tx.commit().await?;
    database.close().await?;
    file.close().await?;
    Ok(rows)
}

async fn open_file(path: &Path) -> Result<SqliteConnection, OpenError> {
    let options = sqlite::options(path, PATIENCE).map_err(|e| unreadable(path, e))?;
    SqliteConnection::connect_with(&options).await.map_err(|e| unreadable(path, e))
}

fn unreadable(path: &Path, source: impl Into<sqlx::Error>) -> OpenError {
    let (address, source) = (path.display().to_string(), source.into());
    OpenError::Unreachable { address, source, next: "Name the file that is served" }
}

// Both sides say that a move is under way, or said so before.
async fn begin(
    (file, path): (&mut SqliteConnection, &Path),
    database: &mut PgConnection,
    to: &Address,
) -> Result<(), MoveError> {
    let shown = to.to_string();
    let from = path.canonicalize().map_err(|e| unreadable(path, e))?.display().to_string();
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
    if let Some(other) = goes_on.as_ref().filter(|other| **other != from) {
        return Err(MoveError::FromElsewhere { to: shown, from: other.clone() });
    }
    if goes_on.is_none() {
        for table in TABLES {
            let sql = format!("SELECT EXISTS (SELECT 1 FROM {table})");
            let filled: bool = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut *database).await?;
            if filled {
                // The file is marked after the database; only the end of a move takes the database's mark away.
                return Err(if known_here { MoveError::Done(shown) } else { MoveError::NotEmpty(shown, table) });
            }
        }
        sqlx::query("INSERT INTO meta (name, value) VALUES ($1, $2)")
            .bind(MOVING)
            .bind(&from)
            .execute(&mut *database)
            .await?;
    }
    sqlx::query("INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(MOVED_TO)
        .bind(shown)
        .execute(file)
        .await?;
    Ok(())
}
