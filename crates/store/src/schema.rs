//! The tables: brought up to date, and refused where they are not ours to touch.

use sqlx::{
    PgConnection, SqliteConnection,
    migrate::{MigrateError, Migrator},
};

use crate::OpenError;

/// The changes of SQLite's tables.
pub static SQLITE: Migrator = sqlx::migrate!("./migrations/sqlite");
/// The changes of PostgreSQL's tables. From 13 on each has its match in SQLite's, of the same number.
pub static POSTGRES: Migrator = sqlx::migrate!("./migrations/postgres");

/// The number of the newest change that this version knows.
#[must_use]
pub fn newest() -> i64 {
    POSTGRES.iter().map(|migration| migration.version).max().unwrap_or_default()
}

pub(crate) async fn bring_sqlite_up_to_date(conn: &mut SqliteConnection) -> Result<(), OpenError> {
    refuse_foreign_of_sqlite(conn).await?;
    SQLITE.run(conn).await.map_err(refusal)
}

pub(crate) async fn bring_postgres_up_to_date(conn: &mut PgConnection) -> Result<(), OpenError> {
    refuse_foreign_of_postgres(conn).await?;
    POSTGRES.run(conn).await.map_err(refusal)
}

/// How many changes wait to be made, of those that a database says were made: number, whether it has ended, checksum.
pub(crate) fn waiting(known: &Migrator, made: &[(i64, bool, Vec<u8>)]) -> Result<usize, OpenError> {
    if let Some((version, ..)) = made.iter().find(|(_, ended, _)| !ended) {
        return Err(OpenError::HalfMigrated(*version));
    }
    for (version, _, checksum) in made {
        match known.iter().find(|migration| migration.version == *version) {
            Some(migration) if migration.checksum[..] == checksum[..] => {}
            None if *version > newest() => return Err(OpenError::Newer(*version)),
            _ => return Err(OpenError::HalfMigrated(*version)),
        }
    }
    Ok(known.iter().count() - made.len())
}

pub(crate) async fn refuse_foreign_of_sqlite(conn: &mut SqliteConnection) -> Result<(), OpenError> {
    let foreign: Option<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> '_sqlx_migrations' AND name NOT LIKE 'sqlite%'
             AND NOT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'linkings') ORDER BY name LIMIT 1",
    )
    .fetch_optional(&mut *conn)
    .await?;
    refuse_foreign(foreign)
}

pub(crate) async fn refuse_foreign_of_postgres(conn: &mut PgConnection) -> Result<(), OpenError> {
    let foreign: Option<String> = sqlx::query_scalar(
        "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() AND tablename <> '_sqlx_migrations'
             AND to_regclass('linkings') IS NULL ORDER BY tablename LIMIT 1",
    )
    .fetch_optional(&mut *conn)
    .await?;
    refuse_foreign(foreign)
}

fn refuse_foreign(table: Option<String>) -> Result<(), OpenError> {
    table.map_or(Ok(()), |table| Err(OpenError::Foreign(table)))
}

fn refusal(error: MigrateError) -> OpenError {
    match error {
        MigrateError::VersionMissing(version) if version > newest() => OpenError::Newer(version),
        MigrateError::VersionMissing(version)
        | MigrateError::VersionMismatch(version)
        | MigrateError::Dirty(version) => OpenError::HalfMigrated(version),
        MigrateError::Execute(error) => error.into(),
        other => OpenError::Migration(other),
    }
}
