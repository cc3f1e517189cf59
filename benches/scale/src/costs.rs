//! What was spent between two moments: processors, the journal, commits.

use std::{fmt::Write as _, fs};

use anyhow::{Context, Result};
use mostik_world::{World, postgres::Postgres};

use crate::families::Linked;

/// Sums since the start.
pub struct Costs {
    /// Seconds of processors.
    service: f64,
    database: f64,
    /// Bytes of PostgreSQL's journal.
    journal: f64,
    /// Transactions that changed something, or only read.
    commits: f64,
    /// Rows that were inserted, changed or deleted.
    rows: f64,
    /// How often the journal was brought to the disk; several commits may share one.
    syncs: f64,
    /// Peak of the service's memory, in bytes.
    memory: f64,
}

impl Costs {
    /// As it is now.
    pub fn now(world: &World, postgres: &Postgres, database: &str) -> Result<Self> {
        let number = |sql: &str| -> Result<f64> { Ok(postgres.run(database, sql)?.parse()?) };
        // What is told of transactions comes with a delay.
        postgres.run(database, "SELECT pg_stat_force_next_flush()")?;
        let status = fs::read_to_string(format!("/proc/{}/status", world.service.pid()))?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no peak")?;
        Ok(Self {
            service: seconds_of(world.service.pid())?,
            database: seconds_of_database(postgres)?,
            journal: number("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')")?,
            commits: number(&format!("SELECT xact_commit FROM pg_stat_database WHERE datname = '{database}'"))?,
            rows: number(&format!(
                "SELECT tup_inserted + tup_updated + tup_deleted FROM pg_stat_database WHERE datname = '{database}'"
            ))?,
            syncs: number("SELECT wal_sync FROM pg_stat_wal")?,
            memory: peak.trim().trim_end_matches(" kB").parse::<f64>()? * 1024.0,
        })
    }

    /// What was spent from here to there.
    pub fn until(&self, there: &Self) -> Self {
        Self {
            service: there.service - self.service,
            database: there.database - self.database,
            journal: there.journal - self.journal,
            commits: there.commits - self.commits,
            rows: there.rows - self.rows,
            syncs: there.syncs - self.syncs,
            memory: there.memory,
        }
    }

    /// A table in Markdown, for each of so many linkings.
    pub fn table(&self, linkings: u64, told: &Linked) -> String {
        let each = |sum: f64| sum / linkings as f64;
        let mut out = "| a linking | |\n|---|---:|\n".to_owned();
        let mut row = |what: &str, value: String| writeln!(out, "| {what} | {value} |").ok();
        row("processor of the service", format!("{:.1} ms", each(self.service) * 1e3));
        row("processor of PostgreSQL", format!("{:.1} ms", each(self.database) * 1e3));
        row("transactions", format!("{:.1}", each(self.commits)));
        row("rows written", format!("{:.1}", each(self.rows)));
        row("syncs of the journal", format!("{:.1}", each(self.syncs)));
        row("journal", format!("{:.1} KiB", each(self.journal) / 1024.0));
        row("requests of the app", format!("{:.1}", each(told.requests as f64)));
        row("SMS", format!("{:.1}", each(told.sms as f64)));
        row("answer to a request, half of them", format!("{:.1} ms", told.percentile(50) * 1e3));
        row("answer to a request, 99 of 100", format!("{:.1} ms", told.percentile(99) * 1e3));
        row("peak memory of the service", format!("{:.0} MiB", self.memory / f64::from(1 << 20)));
        out
    }
}

/// User and system time of a process, in seconds.
pub fn seconds_of(process: u32) -> Result<f64> {
    /// What Linux counts in.
    const TICKS: f64 = 100.0;
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let after_name = stat.rsplit(')').next().context("no state")?;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    // Fields 14 to 17: its own time, and that of children that have ended.
    let sum = fields.get(11..15).context("too few fields")?.iter().map(|ticks| ticks.parse::<f64>());
    Ok(sum.sum::<Result<f64, _>>()? / TICKS)
}

fn seconds_of_database(postgres: &Postgres) -> Result<f64> {
    let mut sum = 0.0;
    for process in postgres.processes()? {
        // One may have ended meanwhile: then the server has its time.
        sum += seconds_of(process.parse()?).unwrap_or_default();
    }
    Ok(sum)
}
