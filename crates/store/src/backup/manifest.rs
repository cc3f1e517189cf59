//! What a backup says of itself.

use std::{collections::BTreeMap, path::Path};

use mostik_wire::Millis;
use serde::{Deserialize, Serialize};

use super::{disk, error::BackupError};
use crate::{schema, secret_keys::NodeKeys};

/// The file in the backup's folder.
pub(super) const FILE: &str = "manifest.json";

/// Beside it: the copy of a file.
pub(super) const SQLITE_FILE: &str = "database.sqlite";
/// Or the archive of PostgreSQL.
pub(super) const PG_DUMP_FILE: &str = "database.pgdump";

/// The form of a backup that this version writes and reads.
const FORMAT: u32 = 1;

/// Which database a backup is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DatabaseKind {
    /// A file of SQLite.
    Sqlite,
    /// An archive of `pg_dump`.
    Postgresql,
}

/// The rows of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSum {
    /// How many there are.
    pub rows: u64,
    /// A checksum of all of them, in hex, whatever their order.
    pub checksum: String,
}

/// What a backup says of itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the backup.
    pub(super) format: u32,
    /// The version of the program that made it.
    pub version: String,
    /// When, in UTC milliseconds: nothing that is in it is newer.
    pub taken_at: Millis,
    /// Of which database.
    pub database: DatabaseKind,
    /// The major version of the `pg_dump` that wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pg_dump: Option<i32>,
    /// The schema of PostgreSQL that its tables are in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The newest change of its tables.
    pub migration: i64,
    /// What tells the secret key that seals it from others.
    pub key: String,
    /// The file with the database, beside the manifest.
    pub file: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// Its SHA-256, in hex.
    pub sha256: String,
    /// The rows of each table.
    pub tables: BTreeMap<String, TableSum>,
}

impl Manifest {
    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.tables.values().map(|table| table.rows).sum()
    }

    pub(super) const fn format() -> u32 {
        FORMAT
    }

    /// Reads it, and refuses what this version or this key cannot bring back.
    pub(super) fn read(backup: &Path, keys: NodeKeys<'_>) -> Result<Self, BackupError> {
        let path = backup.join(FILE);
        let unreadable = |what: String| BackupError::Unreadable { path: backup.to_owned(), what };
        let text = std::fs::read_to_string(path).map_err(|e| unreadable(format!("{FILE}: {e}")))?;
        let manifest: Self = serde_json::from_str(&text).map_err(|e| unreadable(format!("{FILE}: {e}")))?;
        let newer = || BackupError::Newer { version: manifest.version.clone(), migration: manifest.migration };
        if manifest.format > FORMAT || manifest.migration > schema::newest() {
            return Err(newer());
        }
        if manifest.key != keys.writes && Some(&*manifest.key) != keys.reads {
            return Err(BackupError::OtherKey);
        }
        Ok(manifest)
    }

    /// Reads the database's file whole, and holds it against what was written.
    pub(super) async fn verify(&self, backup: &Path) -> Result<(), BackupError> {
        let path = backup.join(&self.file);
        // A manifest is a stranger's word as long as nothing else vouches for it.
        if Path::new(&self.file).file_name().is_none_or(|name| name != &*self.file) {
            return Err(BackupError::Damaged(format!("{FILE} names the file {:?}", self.file)));
        }
        let (bytes, sha256) = disk::sum(&path).await?;
        if (bytes, &*sha256) == (self.bytes, &*self.sha256) {
            return Ok(());
        }
        Err(BackupError::Damaged(format!(
            "{} has {bytes} bytes with the SHA-256 {sha256}, and {} with {} were written",
            path.display(),
            self.bytes,
            self.sha256
        )))
    }
}

pub(super) const fn name_of(kind: DatabaseKind) -> &'static str {
    match kind {
        DatabaseKind::Sqlite => "SQLite",
        DatabaseKind::Postgresql => "PostgreSQL",
    }
}
