//! What is SQLite's own: how the file is opened, how a change begins, what a busy database says, how the journal is emptied.

use std::{path::Path, time::Duration};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

/// Takes the writer's place at once: a change that began by reading could find it taken when it comes to write.
pub(super) const BEGIN: &str = "BEGIN IMMEDIATE";

/// Moves the journal into the file and empties it.
pub(super) const EMPTY_JOURNAL: &str = "PRAGMA wal_checkpoint(TRUNCATE)";

/// Another writer is inside.
pub(super) const BUSY: i32 = 5;
/// Another connection of the process is inside.
pub(super) const LOCKED: i32 = 6;
/// The file cannot be written.
pub(super) const READ_ONLY: i32 = 8;
/// The disk failed.
pub(super) const IO_ERROR: i32 = 10;
/// The disk is full.
pub(super) const FULL: i32 = 13;
/// The file, or its journal, cannot be opened.
pub(super) const CANNOT_OPEN: i32 = 14;

/// The kind of error behind a code, which may be one of its extended forms.
pub(super) fn primary(code: &str) -> Option<i32> {
    code.parse::<i32>().ok().map(|code| code & 0xff)
}

/// How the file is opened, once it is its owner's alone.
pub(super) fn options(path: &Path, patience: Duration) -> Result<SqliteConnectOptions, sqlx::Error> {
    keep_private(path)?;
    Ok(SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(patience)
        // Codes and tokens of queued messages do not linger in free pages.
        .pragma("secure_delete", "ON"))
}

/// How the file is opened by who only looks. A reader of a journal that nobody has open would make files of its own user beside it, which
/// the service could not write then; so it reads the file alone.
pub(super) fn options_to_look(path: &Path) -> SqliteConnectOptions {
    let beside = |end: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        Path::new(&name).exists()
    };
    SqliteConnectOptions::new().filename(path).read_only(true).immutable(!(beside("-wal") && beside("-shm")))
}

// SQLite gives its journal the same rights.
#[cfg(unix)]
fn keep_private(path: &Path) -> Result<(), sqlx::Error> {
    use std::os::unix::fs::OpenOptionsExt;
    std::fs::OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)?;
    Ok(())
}

#[cfg(not(unix))]
fn keep_private(_path: &Path) -> Result<(), sqlx::Error> {
    Ok(())
}
