//! The rows of each table, counted and summed.

use std::collections::BTreeMap;

use sqlx::{PgConnection, SqliteConnection};

use super::manifest::TableSum;
use crate::transfer::{
    TABLES,
    rows::{Checksum, Table},
};

/// How many rows of a file are in memory at a time.
const BATCH: u32 = 5_000;

/// Those of a file. A table that a version before does not have is passed over.
pub(super) async fn of_file(file: &mut SqliteConnection) -> Result<BTreeMap<String, TableSum>, sqlx::Error> {
    let mut sums = BTreeMap::new();
    for name in TABLES {
        let table = Table::of(file, name).await?;
        if !table.is_missing() {
            sums.insert(name.to_owned(), told(table.checksum_of_file(file, BATCH).await?));
        }
    }
    Ok(sums)
}

/// Those of PostgreSQL, within the snapshot that the connection has.
pub(super) async fn of_database(database: &mut PgConnection) -> Result<BTreeMap<String, TableSum>, sqlx::Error> {
    let mut sums = BTreeMap::new();
    for name in TABLES {
        let table = Table::of_database(database, name).await?;
        if !table.is_missing() {
            sums.insert(name.to_owned(), told(table.checksum_of_database(database).await?));
        }
    }
    Ok(sums)
}

fn told(checksum: Checksum) -> TableSum {
    TableSum { rows: checksum.rows, checksum: checksum.hex() }
}

/// Names the first table that is not as it was, if any.
pub(super) fn difference(written: &BTreeMap<String, TableSum>, found: &BTreeMap<String, TableSum>) -> Option<String> {
    let name = written.keys().chain(found.keys()).find(|name| written.get(*name) != found.get(*name))?;
    let rows = |sums: &BTreeMap<String, TableSum>| sums.get(name).map_or(0, |sum| sum.rows);
    Some(format!("the table {name} had {} rows and has {}, or their contents differ", rows(written), rows(found)))
}
