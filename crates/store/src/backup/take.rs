//! Taking a backup: one consistent moment, while writers are inside.

use std::path::{Path, PathBuf};

use mostik_wire::Millis;
use sqlx::{
    Connection, SqliteConnection,
    postgres::PgConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};

use super::{
    coming::Coming,
    disk,
    error::BackupError,
    manifest::{self, DatabaseKind, Manifest, PG_DUMP_FILE, SQLITE_FILE},
    postgres_tools::Tool,
    tables,
};
use crate::{Address, OpenError, address::Kind, deadline::PATIENCE, marks, postgres, schema, serving::Serving, sqlite};

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
/// not held up. Answers where it is, and what it says of itself. Dropped before its end it leaves nothing; what a run that was killed
/// has left in the folder is removed.
///
/// # Errors
/// Says why there is none, and what to do; then nothing is under that name.
pub async fn back_up(database: &Address, to: &Path, origin: &Origin<'_>) -> Result<(PathBuf, Manifest), BackupError> {
    let place = if to.is_dir() { to.join(name_at(origin.now)) } else { to.to_owned() };
    let coming = Coming::at(&place)?;
    let manifest = match &database.0 {
        Kind::Sqlite(path) => of_file(path, database, coming.path(), origin).await?,
        Kind::Postgres { options, .. } => of_database(options, database, coming.path(), origin).await?,
    };
    let path = coming.path().join(manifest::FILE);
    let text = serde_json::to_string_pretty(&manifest).expect("numbers and texts");
    let mut file = disk::create(&path)?;
    std::io::Write::write_all(&mut file, text.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(|e| disk::unwritable(&path, e))?;
    coming.put()?;
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
    let options = sqlite::options(path, PATIENCE).map_err(unreachable)?;
    let mut live = SqliteConnection::connect_with(&options).await.map_err(unreachable)?;
    let nothing = || BackupError::Empty(database.to_string());
    schema::newest_of_sqlite(&mut live).await?.ok_or_else(nothing)?;
    marks::refuse_moved(&mut live).await?;
    // What is read is one moment, as in any snapshot of SQLite's; writers go on in the journal.
    let copy = folder.join(SQLITE_FILE);
    disk::create(&copy)?;
    let vacuumed = sqlx::query("VACUUM INTO $1").bind(copy.display().to_string()).execute(&mut live).await;
    vacuumed.map_err(|e| unwritten(e, &copy))?;
    live.close().await?;
    drop(serving);

    let options = SqliteConnectOptions::new().filename(&copy).journal_mode(SqliteJournalMode::Delete);
    let mut copied = SqliteConnection::connect_with(&options).await?;
    let migration = schema::newest_of_sqlite(&mut copied).await?.ok_or_else(nothing)?;
    let key = sqlx::query_scalar("SELECT value FROM meta WHERE name = $1")
        .bind(marks::SECRET_KEY)
        .fetch_optional(&mut copied)
        .await?;
    let sums = tables::of_file(&mut copied).await?;
    copied.close().await?;
    disk::sync(&copy)?;
    let (bytes, sha256) = disk::sum(&copy).await?;
    Ok(Manifest {
        format: Manifest::format(),
        version: origin.version.to_owned(),
        taken_at: origin.now,
        database: DatabaseKind::Sqlite,
        pg_dump: None,
        schema: None,
        migration,
        key: key.unwrap_or_else(|| origin.key.to_owned()),
        file: SQLITE_FILE.to_owned(),
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
    let mut conn = postgres::connect(database, &postgres::unhurried(options.clone())).await?;
    let tool = Tool::find("pg_dump", Tool::version_of(&mut conn).await?).await?;
    // What pg_dump writes and what is counted here is one snapshot.
    let mut tx = conn.begin_with(postgres::BEGIN_SNAPSHOT).await?;
    let snapshot: String = sqlx::query_scalar("SELECT pg_export_snapshot()").fetch_one(&mut *tx).await?;
    marks::refuse_half_restored(&mut tx).await?;
    let nothing = || BackupError::Empty(database.to_string());
    let migration = schema::newest_of_postgres(&mut tx).await?.ok_or_else(nothing)?;
    marks::refuse_half_moved(&mut tx).await?;
    let key = sqlx::query_scalar("SELECT value FROM meta WHERE name = $1")
        .bind(marks::SECRET_KEY)
        .fetch_optional(&mut *tx)
        .await?;
    let schema: String = sqlx::query_scalar("SELECT current_schema()::text").fetch_one(&mut *tx).await?;
    let copy = folder.join(PG_DUMP_FILE);
    disk::create(&copy)?;
    tool.run(options, |command| {
        command.args(["--format=custom", "--no-owner", "--no-privileges", "--lock-wait-timeout=60s"]);
        command.arg(format!("--snapshot={snapshot}")).arg("--file").arg(&copy);
        // With the functions that its triggers call.
        command.arg(format!("--schema={}", quoted(&schema)))
    })
    .await?;
    let sums = tables::of_database(&mut tx).await?;
    tx.rollback().await?;
    conn.close().await?;
    disk::sync(&copy)?;
    let (bytes, sha256) = disk::sum(&copy).await?;
    Ok(Manifest {
        format: Manifest::format(),
        version: origin.version.to_owned(),
        taken_at: origin.now,
        database: DatabaseKind::Postgresql,
        pg_dump: Some(tool.version),
        schema: Some(schema),
        migration,
        key: key.unwrap_or_else(|| origin.key.to_owned()),
        file: PG_DUMP_FILE.to_owned(),
        bytes,
        sha256,
        tables: sums,
    })
}

// As `pg_dump` reads a pattern: in quotes it is a name.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

// What is wrong with the copy is no fault of the database that is read.
fn unwritten(error: sqlx::Error, copy: &Path) -> BackupError {
    let code = error.as_database_error().and_then(|e| e.code()).and_then(|code| sqlite::primary(&code));
    if [sqlite::FULL, sqlite::IO_ERROR].map(Some).contains(&code) {
        return disk::unwritable(copy, std::io::Error::other(error));
    }
    error.into()
}
