//! As many rows as a city has: copies of those that real linkings have left, with other ids.

use anyhow::{Context, Result};
use mostik_world::postgres::Postgres;

/// Tables that every service has once.
const ONCE: [&str; 6] = ["meta", "leases", "key_holders", "max_markers", "centres", "secret_keys"];

/// How many copies a statement makes.
const AT_ONCE: u64 = 250;

/// Makes of every row that linkings have left `times` in all. What an index holds is made anew, in the same length and the
/// same way in every table, so that references fit and indexes get as large as with real rows.
pub fn multiply(postgres: &Postgres, database: &str, times: u64) -> Result<()> {
    let tables = postgres.run(
        database,
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname",
    )?;
    for table in tables.lines().filter(|table| !ONCE.contains(table) && !table.starts_with('_')) {
        if postgres.run(database, &format!("SELECT COUNT(*) FROM \"{table}\""))? == "0" {
            continue;
        }
        let insert = insert(postgres, database, table)?;
        postgres.run(database, &format!("CREATE TABLE scale_model AS SELECT * FROM \"{table}\""))?;
        for from in (1..times).step_by(AT_ONCE as usize) {
            let to = (from + AT_ONCE - 1).min(times - 1);
            // References are right by construction, and rules against changes are not what is measured.
            postgres.run(
                database,
                &format!("SET session_replication_role = replica; {insert}, generate_series({from}::bigint, {to}) AS copy (n)"),
            )?;
        }
        postgres.run(database, "DROP TABLE scale_model")?;
    }
    Ok(())
}

fn insert(postgres: &Postgres, database: &str, table: &str) -> Result<String> {
    let columns = postgres.run(
        database,
        &format!(
            "SELECT attname, format_type(atttypid, NULL), EXISTS (
                 SELECT 1 FROM pg_index WHERE indrelid = attrelid AND attnum = ANY (indkey::smallint[])
             ) OR EXISTS (
                 SELECT 1 FROM pg_constraint WHERE conrelid = attrelid AND contype = 'f' AND attnum = ANY (conkey)
             )
             FROM pg_attribute WHERE attrelid = '\"{table}\"'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
        ),
    )?;
    let (mut names, mut values) = (Vec::new(), Vec::new());
    for line in columns.lines() {
        let mut parts = line.split('|');
        let mut next = || parts.next().context("a column is missing");
        let (name, kind, is_indexed) = (next()?, next()?, next()? == "t");
        let is_word =
            ["kind", "step", "state", "channel", "centre", "purpose", "wording", "action", "client_id"].contains(&name);
        let is_moment = name.ends_with("_at");
        names.push(format!("\"{name}\""));
        values.push(match kind {
            "text" if is_indexed && !is_word => {
                // Too short for a hash: a number or an id of the diary, a few octets longer than it was.
                format!(
                    "CASE WHEN length(\"{name}\") < 20 THEN \"{name}\" || '-' || n
                     ELSE left(md5(n || \"{name}\") || md5(\"{name}\" || n), length(\"{name}\")) END"
                )
            }
            "bigint"
                if is_indexed && !is_moment && (name.contains("user") || name == "place" && table == "audit_chain") =>
            {
                format!("\"{name}\" + n * 10000000")
            }
            _ => format!("\"{name}\""),
        });
    }
    Ok(format!("INSERT INTO \"{table}\" ({}) SELECT {} FROM scale_model", names.join(", "), values.join(", ")))
}
