//! The statements that take most of PostgreSQL's time: one that grows with the city wants an index.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use mostik_world::postgres::Postgres;

/// How many are told.
const MOST: u32 = 8;
/// So much of a statement tells which one it is.
const WORDS: usize = 90;

/// Begins to count.
pub fn count(postgres: &Postgres, database: &str) -> Result<()> {
    postgres.run(database, "CREATE EXTENSION IF NOT EXISTS pg_stat_statements")?;
    postgres.run(database, "SELECT pg_stat_statements_reset()").map(|_| ())
}

/// A table in Markdown: those that took longest since, in milliseconds for each of so many linkings.
pub fn table(postgres: &Postgres, database: &str, linkings: u64) -> Result<String> {
    let found = postgres.run(
        database,
        &format!(
            "SELECT total_exec_time, calls, regexp_replace(query, '[[:space:]|]+', ' ', 'g') FROM pg_stat_statements
             ORDER BY total_exec_time DESC LIMIT {MOST}"
        ),
    )?;
    let mut out = "| statement | ms a linking | times a linking |\n|---|---:|---:|\n".to_owned();
    for line in found.lines() {
        let mut columns = line.splitn(3, '|');
        let mut next = || columns.next().context("a column is missing");
        let (time, calls, query) = (next()?.parse::<f64>()?, next()?.parse::<f64>()?, next()?);
        let words: String = query.chars().take(WORDS).collect();
        writeln!(out, "| `{words}` | {:.2} | {:.1} |", time / linkings as f64, calls / linkings as f64)?;
    }
    Ok(out)
}
