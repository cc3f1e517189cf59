//! Trying whether a backup could be restored.

use std::{
    future::Future,
    path::{Path, PathBuf},
};

use sqlx::{Connection, PgConnection, postgres::PgConnectOptions};

use super::{
    disk,
    error::BackupError,
    manifest::{self, DatabaseKind, Manifest},
    restore::restore,
    settle::Restoring,
};
use crate::{Address, address::Kind, postgres, serving::Serving};

/// How temporary folders and databases are called, with something random behind it.
const NAME: &str = "mostik_try_";

/// Restores a backup into a place of its own, which is removed again, and compares all rows with what was written: in a temporary
/// folder, or in a temporary database of the server that `beside` names. Changes nothing, and removes what is left of trials that were
/// killed. When `stop` comes first, it ends as soon as its place is removed.
///
/// # Errors
/// Says what is wrong with the backup, or why it cannot be tried.
pub async fn try_out(
    backup: &Path,
    beside: &Address,
    restoring: &Restoring<'_>,
    stop: impl Future<Output = ()>,
) -> Result<Manifest, BackupError> {
    let kind = Manifest::read(backup, restoring.keys)?.database;
    match (kind, &beside.0) {
        (DatabaseKind::Sqlite, _) => in_folder(&std::env::temp_dir(), backup, restoring, stop).await,
        (DatabaseKind::Postgresql, Kind::Postgres { options, shown }) => {
            let mut server = postgres::connect(beside, &postgres::unhurried(*options.clone())).await?;
            let result = in_database(&mut server, options, shown, backup, restoring, stop).await;
            server.close().await?;
            result
        }
        (DatabaseKind::Postgresql, Kind::Sqlite(_)) => {
            Err(BackupError::OtherKind { backup: manifest::name_of(kind), database: beside.to_string() })
        }
    }
}

async fn unless(
    stop: impl Future<Output = ()>,
    restored: impl Future<Output = Result<Manifest, BackupError>>,
) -> Result<Manifest, BackupError> {
    tokio::select! {
        biased;
        () = stop => Err(BackupError::BrokenOff),
        result = restored => result,
    }
}

async fn in_folder(
    above: &Path,
    backup: &Path,
    restoring: &Restoring<'_>,
    stop: impl Future<Output = ()>,
) -> Result<Manifest, BackupError> {
    let folder = tempfile::Builder::new().prefix(NAME).tempdir_in(above).map_err(|e| disk::unwritable(above, e))?;
    for left in left_beside(folder.path()) {
        // Of two who remove it one comes too late.
        std::fs::remove_dir_all(left).ok();
    }
    let place = Address::from(&*file_in(folder.path()));
    unless(stop, restore(backup, &place, restoring)).await
}

fn file_in(folder: &Path) -> PathBuf {
    folder.join("tried.sqlite")
}

// Those of this user in which nobody is: a restore holds the lock beside its file.
fn left_beside(mine: &Path) -> Vec<PathBuf> {
    let entries = mine.parent().and_then(|above| above.read_dir().ok()).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(NAME))
        .map(|entry| entry.path())
        .filter(|path| path != mine && is_same_owner(path, mine) && Serving::is_left(&file_in(path)))
        .collect()
}

#[cfg(unix)]
fn is_same_owner(path: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let owner = |path: &Path| path.symlink_metadata().map(|told| (told.is_dir(), told.uid())).ok();
    owner(path).is_some() && owner(path) == owner(other)
}

#[cfg(not(unix))]
fn is_same_owner(path: &Path, _other: &Path) -> bool {
    path.is_dir()
}

async fn in_database(
    server: &mut PgConnection,
    options: &PgConnectOptions,
    shown: &str,
    backup: &Path,
    restoring: &Restoring<'_>,
    stop: impl Future<Output = ()>,
) -> Result<Manifest, BackupError> {
    for left in left_on(server).await? {
        drop_database(server, &left).await?;
    }
    // Held until this connection ends, whatever ends it: without that lock it is left over.
    let name: String = sqlx::query_scalar("SELECT $1 || replace(gen_random_uuid()::text, '-', '')")
        .bind(NAME)
        .fetch_one(&mut *server)
        .await?;
    sqlx::query("SELECT pg_advisory_lock(hashtextextended($1, 0))").bind(&name).execute(&mut *server).await?;
    // Of the server's own template: that has nothing in it.
    let sql = format!("CREATE DATABASE {name} TEMPLATE template0");
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *server).await.map_err(BackupError::NoTrial)?;
    let options = options.clone().database(&name);
    let tried = Address(Kind::Postgres { options: Box::new(options), shown: format!("{shown} ({name})") });
    let result = unless(stop, restore(backup, &tried, restoring)).await;
    drop_database(server, &name).await?;
    result
}

// Those of this user whose lock nobody holds, in whichever database of the server.
async fn left_on(server: &mut PgConnection) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT datname::text FROM pg_database
         WHERE starts_with(datname::text, $1) AND pg_get_userbyid(datdba) = current_user AND NOT EXISTS (
             SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1
                 AND (classid::bigint << 32) | objid::bigint = hashtextextended(datname::text, 0))",
    )
    .bind(NAME)
    .fetch_all(server)
    .await
}

// A pg_restore of a run that was killed may be in it.
async fn drop_database(server: &mut PgConnection, name: &str) -> Result<(), sqlx::Error> {
    let sql = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(server).await?;
    Ok(())
}
