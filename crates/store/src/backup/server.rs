//! What PostgreSQL says of itself.

use sqlx::PgConnection;

use crate::OpenError;

/// Its major version.
pub(super) async fn major_of(conn: &mut PgConnection) -> Result<i32, sqlx::Error> {
    let version: String = sqlx::query_scalar("SHOW server_version_num").fetch_one(conn).await?;
    Ok(version.parse::<i32>().unwrap_or_default() / 10_000)
}

/// Whether a restore was begun in this database and has not ended.
pub(super) async fn is_half_restored(conn: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("SELECT to_regclass('restoring') IS NOT NULL").fetch_one(conn).await
}

/// Refuses a database that a restore has half filled.
pub(crate) async fn refuse_half_restored(conn: &mut PgConnection) -> Result<(), OpenError> {
    if is_half_restored(conn).await? { Err(OpenError::HalfRestored) } else { Ok(()) }
}
