//! What the database says of itself, in its table `meta`, and what is refused by it.

use sqlx::{PgConnection, SqliteConnection};

use crate::OpenError;

/// Which key sealed it.
pub(crate) const SECRET_KEY: &str = "secret_key";
/// In a file: where what was in it went, or goes at this moment.
pub(crate) const MOVED_TO: &str = "moved_to";
/// In PostgreSQL, while a move goes on. Behind a blank and the name of a table: how far that is.
pub(crate) const MOVING: &str = "moving";

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
