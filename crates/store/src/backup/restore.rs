//! Putting a backup into an empty place.

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
    postgres_tools::{APPLICATION, Tool},
    settle::{self, Restoring},
    tables,
};
use crate::{Address, address::Kind, marks, postgres, schema, serving::Serving};

/// Puts a backup into an empty place: a file that is not there yet, or a database without tables. What is old in it is not done again:
/// see `settle`. A restore to PostgreSQL that was broken off begins anew when it is asked for again; until then no node serves the place.
/// Dropped before its end it leaves no file.
///
/// # Errors
/// Says why not, and what to do.
pub async fn restore(backup: &Path, to: &Address, restoring: &Restoring<'_>) -> Result<Manifest, BackupError> {
    let manifest = Manifest::read(backup, restoring.keys)?;
    manifest.verify(backup).await?;
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
    disk::copy(&backup.join(&manifest.file), &copy).await?;
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
    let mut conn = postgres::connect(to, &postgres::unhurried(options.clone())).await?;
    postgres::refuse_old(&mut conn).await?;
    let wanted = Tool::version_of(&mut conn).await?.max(manifest.pg_dump.unwrap_or_default());
    let tool = Tool::find("pg_restore", wanted).await?;
    let found: Option<String> = sqlx::query_scalar("SELECT current_schema()::text").fetch_one(&mut conn).await?;
    let found = found.unwrap_or_default();
    let schema = manifest.schema.clone().unwrap_or_default();
    if schema != found {
        return Err(BackupError::OtherSchema { backup: schema, found });
    }
    empty(&mut conn, to).await?;
    let file = backup.join(&manifest.file);
    tool.run(options, |command| {
        command.args(["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]);
        // What is in the schema, and not the schema itself, which is there.
        command.arg(format!("--schema={schema}")).arg(&file)
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
    if marks::is_half_restored(conn).await? {
        // A pg_restore outlives a run that was killed.
        sqlx::query(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
             WHERE datname = current_database() AND usename = current_user AND application_name = $1",
        )
        .bind(APPLICATION)
        .execute(&mut *conn)
        .await?;
        // The place was empty: whatever is there but the mark has come by that restore.
        let tables: Vec<String> = sqlx::query_scalar(
            "SELECT quote_ident(tablename::text) FROM pg_tables
             WHERE schemaname = current_schema() AND tablename <> 'restoring'",
        )
        .fetch_all(&mut *conn)
        .await?;
        for table in tables {
            let sql = format!("DROP TABLE IF EXISTS {table} CASCADE");
            sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *conn).await?;
        }
        sqlx::query("DROP FUNCTION IF EXISTS audit_is_append_only").execute(&mut *conn).await?;
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
