//! What the database says of itself, in its table `meta`, and what is refused by it.

use sqlx::{PgConnection, SqliteConnection};

use crate::OpenError;

/// Which key sealed it.
pub(crate) const SECRET_KEY: &str = "secret_key";
/// In a file: where what was in it went, or goes at this moment.
pub(crate) const MOVED_TO: &str = "moved_to";
/// In PostgreSQL, while a move goes on. Behind a blank and the name of a table: how far that is.
pub(crate) const MOVING: &str = "moving";

/// Whether a restore was begun in this database and has not ended: then it has a table that says so.
pub(crate) async fn is_half_restored(database: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("SELECT to_regclass('restoring') IS NOT NULL").fetch_one(database).await
}

/// Refuses a database that a restore has half filled.
pub(crate) async fn refuse_half_restored(database: &mut PgConnection) -> Result<(), OpenError> {
    if is_half_restored(database).await? { Err(OpenError::HalfRestored) } else { Ok(()) }
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
