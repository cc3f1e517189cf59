//! Taking a backup: one consistent moment, while writers are inside.

use std::path::{Path, PathBuf};

use mostik_wire::Millis;
use sqlx::{
    Connection, SqliteConnection,
    postgres::PgConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};

use super::{
    disk::{self, Partial},
    error::BackupError,
    manifest::{self, DatabaseKind, Manifest},
    postgres_tools::Tool,
    server, tables,
};
use crate::{Address, OpenError, address::Kind, marks, postgres, schema, serving::Serving, sqlite, store};

/// Who takes a backup, and when.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// The version of the program.
    pub version: &'a str,
    /// What tells its secret key from others, for a database that no node has bound to one yet.
    pub key: &'a str,
    /// Now.
    pub now: Millis,
}

/// Takes a backup of all that is kept at one moment, under the name `to`, or in that folder under a name with the time. Writers are
/// not held up. Answers where it is, and what it says of itself.
///
/// # Errors
/// Says why there is none, and what to do; then nothing is under that name.
pub async fn back_up(database: &Address, to: &Path, origin: &Origin<'_>) -> Result<(PathBuf, Manifest), BackupError> {
    let place = if to.is_dir() { to.join(name_at(origin.now)) } else { to.to_owned() };
    if place.symlink_metadata().is_ok() {
        return Err(BackupError::Taken(place));
    }
    let partial = Partial::beside(&place, "partial")?;
    let manifest = match &database.0 {
        Kind::Sqlite(path) => of_file(path, database, partial.path(), origin).await?,
        Kind::Postgres { options, .. } => of_database(options, database, partial.path(), origin).await?,
    };
    let path = partial.path().join(manifest::FILE);
    let text = serde_json::to_string_pretty(&manifest).expect("numbers and texts");
    let mut file = disk::create(&path)?;
    std::io::Write::write_all(&mut file, text.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(|e| disk::unwritable(&path, e))?;
    partial.put(&place)?;
    Ok((place, manifest))
}

fn name_at(now: Millis) -> String {
    let format = time::macros::format_description!("mostik-[year][month][day]T[hour][minute][second]Z");
    let at = time::OffsetDateTime::from_unix_timestamp(now.0 / 1_000).unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
    at.format(&format).unwrap_or_else(|_| format!("mostik-{}", now.0))
}

async fn of_file(path: &Path, database: &Address, folder: &Path, origin: &Origin<'_>) -> Result<Manifest, BackupError> {
    let unreachable = |source| OpenError::Unreachable {
        address: database.to_string(),
        source,
        next: "Name the file that is served, as the user that serves it",
    };
    if !path.exists() {
        return Err(unreachable(std::io::Error::from(std::io::ErrorKind::NotFound).into()).into());
    }
    let mut serving = Serving::enter(path).await.map_err(|e| unreachable(e.into()))?;
    serving.let_in().map_err(|e| unreachable(e.into()))?;
    let options = sqlite::options(path, store::PATIENCE).map_err(unreachable)?;
    let mut live = SqliteConnection::connect_with(&options).await.map_err(unreachable)?;
    marks::refuse_moved(&mut live).await?;
    // What is read is one moment, as in any snapshot of SQLite's; writers go on in the journal.
    let file = "database.sqlite";
    let copy = folder.join(file);
    disk::create(&copy)?;
    sqlx::query("VACUUM INTO $1").bind(copy.display().to_string()).execute(&mut live).await?;
    live.close().await?;
    drop(serving);

    let options = SqliteConnectOptions::new().filename(&copy).journal_mode(SqliteJournalMode::Delete);
    let mut copied = SqliteConnection::connect_with(&options).await?;
    let migration = sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations").fetch_one(&mut copied).await?;
    refuse_newer(migration)?;
    let key = sqlx::query_scalar("SELECT value FROM meta WHERE name = $1")
        .bind(marks::SECRET_KEY)
        .fetch_optional(&mut copied)
        .await?;
    let sums = tables::of_file(&mut copied).await?;
    copied.close().await?;
    disk::sync(&copy)?;
    let (bytes, sha256) = disk::sum(&copy)?;
    Ok(Manifest {
        format: Manifest::format(),
        version: origin.version.to_owned(),
        taken_at: origin.now,
        database: DatabaseKind::Sqlite,
        pg_dump: None,
        migration,
        key: key.unwrap_or_else(|| origin.key.to_owned()),
        file: file.to_owned(),
        bytes,
        sha256,
        tables: sums,
    })
}

async fn of_database(
    options: &PgConnectOptions,
    database: &Address,
    folder: &Path,
    origin: &Origin<'_>,
) -> Result<Manifest, BackupError> {
    let patient = postgres::connect_options(options.clone())
        .options([("statement_timeout", "0"), ("idle_in_transaction_session_timeout", "0")]);
    let mut conn = store::connect(database, &patient).await?;
    let tool = Tool::find("pg_dump", server::major_of(&mut conn).await?).await?;
    // What pg_dump writes and what is counted here is one snapshot.
    let mut tx = conn.begin_with(postgres::BEGIN_SNAPSHOT).await?;
    let snapshot: String = sqlx::query_scalar("SELECT pg_export_snapshot()").fetch_one(&mut *tx).await?;
    server::refuse_half_restored(&mut tx).await?;
    marks::refuse_half_moved(&mut tx).await?;
    let migration = sqlx::query_scalar("SELECT MAX(version) FROM _sqlx_migrations").fetch_one(&mut *tx).await?;
    refuse_newer(migration)?;
    let key = sqlx::query_scalar("SELECT value FROM meta WHERE name = $1")
        .bind(marks::SECRET_KEY)
        .fetch_optional(&mut *tx)
        .await?;
    let names: Vec<String> =
        sqlx::query_scalar("SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname = current_schema()")
            .fetch_all(&mut *tx)
            .await?;
    let file = "database.pgdump";
    let copy = folder.join(file);
    disk::create(&copy)?;
    tool.run(options, |command| {
        command.args(["--format=custom", "--no-owner", "--no-privileges", "--lock-wait-timeout=60s"]);
        command.arg(format!("--snapshot={snapshot}")).arg("--file").arg(&copy);
        command.args(names.iter().map(|name| format!("--table={name}")))
    })
    .await?;
    let sums = tables::of_database(&mut tx).await?;
    tx.rollback().await?;
    conn.close().await?;
    disk::sync(&copy)?;
    let (bytes, sha256) = disk::sum(&copy)?;
    Ok(Manifest {
        format: Manifest::format(),
        version: origin.version.to_owned(),
        taken_at: origin.now,
        database: DatabaseKind::Postgresql,
        pg_dump: Some(tool.version),
        migration,
        key: key.unwrap_or_else(|| origin.key.to_owned()),
        file: file.to_owned(),
        bytes,
        sha256,
        tables: sums,
    })
}

fn refuse_newer(migration: i64) -> Result<(), OpenError> {
    if migration > schema::newest() { Err(OpenError::Newer(migration)) } else { Ok(()) }
}
