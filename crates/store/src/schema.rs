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

/// What a database says of the changes that were made to it; see [`waiting`].
pub(crate) const MADE: &str = "SELECT version, success, checksum FROM _sqlx_migrations ORDER BY version";

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

/// The newest change that was made to a file's tables; `None`: it has none. Refuses what this version cannot read.
pub(crate) async fn newest_of_sqlite(conn: &mut SqliteConnection) -> Result<Option<i64>, OpenError> {
    refuse_foreign_of_sqlite(&mut *conn).await?;
    let exists: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = '_sqlx_migrations')")
            .fetch_one(&mut *conn)
            .await?;
    let made = if exists { sqlx::query_as(MADE).fetch_all(conn).await? } else { Vec::new() };
    newest_of(&SQLITE, &made)
}

/// The same of PostgreSQL.
pub(crate) async fn newest_of_postgres(conn: &mut PgConnection) -> Result<Option<i64>, OpenError> {
    refuse_foreign_of_postgres(&mut *conn).await?;
    let exists: bool =
        sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL").fetch_one(&mut *conn).await?;
    let made = if exists { sqlx::query_as(MADE).fetch_all(conn).await? } else { Vec::new() };
    newest_of(&POSTGRES, &made)
}

fn newest_of(known: &Migrator, made: &[(i64, bool, Vec<u8>)]) -> Result<Option<i64>, OpenError> {
    waiting(known, made)?;
    Ok(made.iter().map(|(version, ..)| *version).max())
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
