//! Rows and bytes by table.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use mostik_world::postgres::Postgres;

/// A table in Markdown: rows and bytes, and both for each of so many pupils.
pub fn table(postgres: &Postgres, database: &str, pupils: u64) -> Result<String> {
    postgres.run(database, "VACUUM ANALYZE")?;
    let tables = postgres.run(
        database,
        "SELECT relname, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class
         WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY pg_total_relation_size(oid) DESC, relname",
    )?;
    let mut out = "| table | rows a pupil | bytes a pupil | of these, indexes |\n|---|---:|---:|---:|\n".to_owned();
    let (mut rows_of_all, mut bytes_of_all, mut indexes_of_all) = (0.0, 0.0, 0.0);
    for line in tables.lines() {
        let mut columns = line.split('|');
        let mut next = || columns.next().context("a column is missing");
        let (name, table, indexes) = (next()?, next()?.parse::<f64>()?, next()?.parse::<f64>()?);
        let rows: f64 = postgres.run(database, &format!("SELECT COUNT(*) FROM \"{name}\""))?.parse()?;
        // What there is once and not for each pupil.
        if rows < pupils as f64 / 10.0 {
            continue;
        }
        let each = |sum: f64| sum / pupils as f64;
        writeln!(out, "| `{name}` | {:.2} | {:.0} | {:.0} |", each(rows), each(table + indexes), each(indexes))?;
        rows_of_all += each(rows);
        bytes_of_all += each(table + indexes);
        indexes_of_all += each(indexes);
    }
    writeln!(out, "| all | {rows_of_all:.2} | {bytes_of_all:.0} | {indexes_of_all:.0} |")?;
    Ok(out)
}
