//! Putting a backup into an empty place, or trying whether it could be.

use std::path::Path;

use sqlx::{
    Connection, PgConnection, SqliteConnection,
    postgres::PgConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};

use super::{
    disk::{self, Partial},
    error::BackupError,
    manifest::{self, DatabaseKind, Manifest},
    postgres_tools::Tool,
    server,
    settle::{self, Restoring},
    tables,
};
use crate::{Address, address::Kind, postgres, schema, serving::Serving, store, transfer::TABLES};

/// Puts a backup into an empty place: a file that is not there yet, or a database without tables. What is old in it is not done again:
/// see `settle`. A restore to PostgreSQL that was broken off begins anew when it is asked for again; until then no node serves the place.
///
/// # Errors
/// Says why not, and what to do.
pub async fn restore(backup: &Path, to: &Address, restoring: &Restoring<'_>) -> Result<Manifest, BackupError> {
    let manifest = Manifest::read(backup, restoring.key)?;
    manifest.verify(backup)?;
    match (manifest.database, &to.0) {
        (DatabaseKind::Sqlite, Kind::Sqlite(path)) => to_file(backup, &manifest, path, restoring).await?,
        (DatabaseKind::Postgresql, Kind::Postgres { options, .. }) => {
            to_database(backup, &manifest, options, to, restoring).await?;
        }
        (kind, _) => {
            return Err(BackupError::OtherKind { backup: manifest::name_of(kind), database: to.to_string() });
        }
    }
    Ok(manifest)
}

/// Restores a backup into a place of its own, which is removed again, and compares all rows with what was written: in a temporary
/// folder, or in a temporary database of the server that `beside` names. Changes nothing.
///
/// # Errors
/// Says what is wrong with the backup, or why it cannot be tried.
pub async fn try_out(backup: &Path, beside: &Address, restoring: &Restoring<'_>) -> Result<Manifest, BackupError> {
    let kind = Manifest::read(backup, restoring.key)?.database;
    match (kind, &beside.0) {
        (DatabaseKind::Sqlite, _) => {
            let folder = tempfile::tempdir().map_err(|e| disk::unwritable(&std::env::temp_dir(), e))?;
            restore(backup, &Address::from(&*folder.path().join("tried.sqlite")), restoring).await
        }
        (DatabaseKind::Postgresql, Kind::Postgres { options, shown }) => {
            let patient = postgres::connect_options(*options.clone()).options([("statement_timeout", "0")]);
            let mut conn = store::connect(beside, &patient).await?;
            let name: String = sqlx::query_scalar("SELECT 'mostik_try_' || replace(gen_random_uuid()::text, '-', '')")
                .fetch_one(&mut conn)
                .await?;
            // Of the server's own template: that has nothing in it.
            let sql = format!("CREATE DATABASE {name} TEMPLATE template0");
            sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut conn).await.map_err(BackupError::NoTrial)?;
            let options = options.clone().database(&name);
            let tried = Address(Kind::Postgres { options: Box::new(options), shown: format!("{shown} ({name})") });
            let result = restore(backup, &tried, restoring).await;
            let sql = format!("DROP DATABASE {name} WITH (FORCE)");
            sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut conn).await?;
            conn.close().await?;
            result
        }
        (DatabaseKind::Postgresql, Kind::Sqlite(_)) => {
            Err(BackupError::OtherKind { backup: manifest::name_of(kind), database: beside.to_string() })
        }
    }
}

async fn to_file(
    backup: &Path,
    manifest: &Manifest,
    place: &Path,
    restoring: &Restoring<'_>,
) -> Result<(), BackupError> {
    let taken = || BackupError::NotEmpty(place.display().to_string(), ": a file that is not there yet");
    let _alone = Serving::enter_alone(place).map_err(|e| disk::unwritable(place, e))?.ok_or_else(taken)?;
    if place.symlink_metadata().is_ok() {
        return Err(taken());
    }
    let partial = Partial::beside(place, "restoring")?;
    let copy = partial.path().join(&manifest.file);
    disk::copy(&backup.join(&manifest.file), &copy)?;
    let options = SqliteConnectOptions::new()
        .filename(&copy)
        .journal_mode(SqliteJournalMode::Delete)
        .foreign_keys(true)
        .pragma("secure_delete", "ON");
    let mut file = SqliteConnection::connect_with(&options).await?;
    let damage: String = sqlx::query_scalar("PRAGMA integrity_check(1)").fetch_one(&mut file).await?;
    if damage != "ok" {
        return Err(BackupError::Damaged(damage));
    }
    compare(manifest, &tables::of_file(&mut file).await?)?;
    schema::bring_sqlite_up_to_date(&mut file).await?;
    let mut tx = file.begin().await?;
    for (sql, moment) in settle::statements(restoring) {
        let query = sqlx::query(sql);
        match moment {
            Some(at) => query.bind(at.0),
            None => query,
        }
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await?;
    file.close().await?;
    disk::sync(&copy)?;
    std::fs::rename(&copy, place).map_err(|e| disk::unwritable(place, e))?;
    disk::sync_above(place)
}

async fn to_database(
    backup: &Path,
    manifest: &Manifest,
    options: &PgConnectOptions,
    to: &Address,
    restoring: &Restoring<'_>,
) -> Result<(), BackupError> {
    let patient = postgres::connect_options(options.clone()).options([("statement_timeout", "0")]);
    let mut conn = store::connect(to, &patient).await?;
    let wanted = server::major_of(&mut conn).await?.max(manifest.pg_dump.unwrap_or_default());
    let tool = Tool::find("pg_restore", wanted).await?;
    empty(&mut conn, to).await?;
    let file = backup.join(&manifest.file);
    tool.run(options, |command| {
        command.args(["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]).arg(&file)
    })
    .await?;
    compare(manifest, &tables::of_database(&mut conn).await?)?;
    schema::bring_postgres_up_to_date(&mut conn).await?;
    sqlx::query("ANALYZE").execute(&mut conn).await?;
    let mut tx = conn.begin().await?;
    for (sql, moment) in settle::statements(restoring) {
        let query = sqlx::query(sql);
        match moment {
            Some(at) => query.bind(at.0),
            None => query,
        }
        .execute(&mut *tx)
        .await?;
    }
    sqlx::query("DROP TABLE restoring").execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(conn.close().await?)
}

/// Sees to it that there is nothing but what a restore has left that was broken off, and removes that; from here on no node serves it.
async fn empty(conn: &mut PgConnection, to: &Address) -> Result<(), BackupError> {
    // Held until the connection ends.
    let alone: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock(hashtextextended('mostik restore', 0))")
        .fetch_one(&mut *conn)
        .await?;
    if !alone {
        return Err(BackupError::UnderWay(to.to_string()));
    }
    if server::is_half_restored(conn).await? {
        for table in TABLES.into_iter().chain(["meta", "leases", "_sqlx_migrations"]) {
            let sql = format!("DROP TABLE IF EXISTS {table} CASCADE");
            sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *conn).await?;
        }
        return Ok(());
    }
    let filled: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = current_schema())")
            .fetch_one(&mut *conn)
            .await?;
    if filled {
        return Err(BackupError::NotEmpty(to.to_string(), ": `createdb --owner mostik NAME` makes one"));
    }
    sqlx::query("CREATE TABLE restoring ()").execute(conn).await?;
    Ok(())
}

fn compare(
    manifest: &Manifest,
    found: &std::collections::BTreeMap<String, manifest::TableSum>,
) -> Result<(), BackupError> {
    tables::difference(&manifest.tables, found).map_or(Ok(()), |what| Err(BackupError::Damaged(what)))
}
