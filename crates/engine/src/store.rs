//! The state on the disk: one SQLite file, one row, written before anything is done.

use std::{
    io,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
use mostik_flow::{State, stored};
use mostik_wire::Millis;
use sqlx::{
    ConnectOptions, Connection, SqliteConnection,
    migrate::{MigrateError, Migrator},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use crate::{Random, StoreError, ports::random_bytes};

const FILE: &str = "mostik.sqlite3";
static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// The open database.
pub struct Store {
    connection: SqliteConnection,
    /// 16 random bytes in base64url, made once: what tells this installation's requests from others'.
    pub installation: String,
}

/// What was found at the start.
pub struct OpenedStore {
    pub store: Store,
    /// The state of the last run.
    pub state: Option<(State, String)>,
    /// What was there could not be read and was put aside.
    pub reset: bool,
}

enum ReadError {
    /// What is there is not, or no longer, a database and a state of ours.
    Unreadable(&'static str),
    /// The database could not be read, and whether it is ours is unknown.
    Failed(StoreError),
}

/// Opens the database in `dir`; one that cannot be read is put aside and a fresh one begun.
pub async fn open(dir: &Path, now: Millis, random: &dyn Random) -> Result<OpenedStore, StoreError> {
    std::fs::create_dir_all(dir).map_err(StoreError::Folder)?;
    keep_private(dir);
    let file = dir.join(FILE);
    let why = match read(&file, random).await {
        Ok((store, state)) => return Ok(OpenedStore { store, state, reset: false }),
        Err(ReadError::Failed(error)) => return Err(error),
        Err(ReadError::Unreadable(why)) => why,
    };
    tracing::error!(why, "the local database is put aside");
    put_aside(&file, now).map_err(StoreError::Folder)?;
    match read(&file, random).await {
        Ok((store, state)) => Ok(OpenedStore { store, state, reset: true }),
        Err(ReadError::Failed(error)) => Err(error),
        Err(ReadError::Unreadable(why)) => Err(StoreError::Folder(io::Error::other(why))),
    }
}

// The database, its journal and the log lie here: names, lessons, what was typed. A file system that knows no rights is no reason not
// to start.
#[cfg(unix)]
fn keep_private(dir: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    if let Err(error) = std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o700)) {
        tracing::warn!(%error, "the folder of the data cannot be closed to other users");
    }
}

// The folders of a user's programs are closed to others there.
#[cfg(not(unix))]
fn keep_private(_dir: &Path) {}

impl Store {
    /// Keeps the state; on return it survives a loss of power.
    pub async fn save(&mut self, stored: &str, now: Millis) -> Result<(), sqlx::Error> {
        sqlx::query(
            "INSERT INTO state (one, stored, saved_at) VALUES (1, $1, $2)
             ON CONFLICT (one) DO UPDATE SET stored = excluded.stored, saved_at = excluded.saved_at",
        )
        .bind(stored)
        .bind(now.0)
        .execute(&mut self.connection)
        .await?;
        Ok(())
    }

    /// Closes the file; what is in the write-ahead log goes into it.
    pub async fn close(self) -> Result<(), sqlx::Error> {
        self.connection.close().await
    }
}

async fn read(file: &Path, random: &dyn Random) -> Result<(Store, Option<(State, String)>), ReadError> {
    let mut connection = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .disable_statement_logging()
        .connect()
        .await?;
    match read_from(&mut connection, random).await {
        Ok((installation, state)) => Ok((Store { connection, installation }, state)),
        Err(error) => {
            // It is put aside next: that needs the file closed, however badly.
            if let Err(error) = connection.close().await {
                tracing::debug!(%error, "closing an unreadable database");
            }
            Err(error)
        }
    }
}

async fn read_from(
    connection: &mut SqliteConnection,
    random: &dyn Random,
) -> Result<(String, Option<(State, String)>), ReadError> {
    let check: String = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(&mut *connection).await?;
    if check != "ok" {
        return Err(ReadError::Unreadable("its pages are damaged"));
    }
    MIGRATIONS.run(&mut *connection).await?;
    sqlx::query("INSERT INTO meta (name, value) VALUES ('installation', $1) ON CONFLICT (name) DO NOTHING")
        .bind(BASE64URL.encode(random_bytes::<16>(random)))
        .execute(&mut *connection)
        .await?;
    let installation: String =
        sqlx::query_scalar("SELECT value FROM meta WHERE name = 'installation'").fetch_one(&mut *connection).await?;
    let is_ours = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if installation.len() != 22 || !installation.bytes().all(is_ours) {
        return Err(ReadError::Unreadable("the installation's id is none"));
    }
    let text: Option<String> =
        sqlx::query_scalar("SELECT stored FROM state WHERE one = 1").fetch_optional(&mut *connection).await?;
    // The reader's own words could hold what it has read.
    let state = text
        .map(|text| stored::load(&text).map(|state| (state, text)))
        .transpose()
        .map_err(|_| ReadError::Unreadable("the state in it is of another release, or none"))?;
    Ok((installation, state))
}

fn put_aside(file: &Path, now: Millis) -> io::Result<()> {
    for suffix in ["", "-wal", "-shm"] {
        let name = |end: String| PathBuf::from(format!("{}{end}", file.display()));
        match std::fs::rename(name(suffix.into()), name(format!(".unreadable-{}{suffix}", now.0))) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

impl From<sqlx::Error> for ReadError {
    fn from(error: sqlx::Error) -> Self {
        let code = match &error {
            sqlx::Error::Database(e) => e.code().and_then(|code| code.parse::<i32>().ok()).map(|code| code & 0xff),
            _ => None,
        };
        match (code, &error) {
            // SQLITE_CORRUPT, SQLITE_NOTADB.
            (Some(11 | 26), _) => Self::Unreadable("it is no database, or a damaged one"),
            // SQLITE_ERROR: a table or column of ours is not there.
            (Some(1), _) | (_, sqlx::Error::ColumnDecode { .. } | sqlx::Error::RowNotFound) => {
                Self::Unreadable("its tables are not ours")
            }
            _ => Self::Failed(StoreError::Database(error)),
        }
    }
}

impl From<MigrateError> for ReadError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::VersionMissing(_) | MigrateError::VersionMismatch(_) | MigrateError::Dirty(_) => {
                Self::Unreadable("it is of another release")
            }
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
            error => Self::Failed(StoreError::Migration(error)),
        }
    }
}
