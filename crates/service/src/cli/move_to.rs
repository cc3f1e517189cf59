//! `mostik-service move-to`.

use std::{
    io::{IsTerminal, Write, stdout},
    num::NonZeroU32,
    process::ExitCode,
};

use mostik_store::{
    Address,
    transfer::{MoveError, Progress, TABLES, transfer},
};
use serde_json::json;

use super::config_file::{ConfigFile, misused};

/// Move all that is kept from the file of SQLite in `database` to an empty PostgreSQL.
///
/// The service must not run. From the beginning on the file is not served any more, and it is not changed otherwise. A move that was
/// broken off goes on with the same command. At its end both sides are counted and compared, and it says what to write into `database`.
#[derive(clap::Args)]
pub(super) struct MoveTo {
    #[command(flatten)]
    config: ConfigFile,
    /// Where to: postgres://USER@HOST:PORT/DATABASE. Others on this machine see what stands here: give the password in PGPASSWORD or
    /// ~/.pgpass
    #[arg(value_name = "DATABASE")]
    to: String,
    /// How many rows go over at a time: as many are in memory
    #[arg(long, value_name = "ROWS", default_value = "5000")]
    batch: NonZeroU32,
    /// Tell each step as a line of JSON
    #[arg(long)]
    json: bool,
}

impl MoveTo {
    pub(super) async fn run(self) -> ExitCode {
        let config = match self.config.load() {
            Ok(config) => config,
            Err(status) => return status,
        };
        let to: Address = match self.to.parse() {
            Ok(to) => to,
            Err(what) => return misused("move-to", &format!("{what}. Give postgres://USER@HOST:PORT/DATABASE")),
        };
        let mut told = Told { json: self.json, on_terminal: stdout().is_terminal() };
        match transfer(&config.database, &to, self.batch.get(), |progress| told.progress(progress)).await {
            Ok(rows) => {
                told.end(rows, &to, &self.config);
                ExitCode::SUCCESS
            }
            // It was killed after its last row, or is asked for once more.
            Err(what @ MoveError::Done(_)) => {
                eprintln!("move-to: {what}");
                ExitCode::SUCCESS
            }
            Err(what) => {
                eprintln!("move-to: {what}");
                ExitCode::FAILURE
            }
        }
    }
}

struct Told {
    json: bool,
    // A table is one line there, which is written over.
    on_terminal: bool,
}

impl Told {
    fn progress(&mut self, progress: Progress) {
        let (table, rows, done) = match progress {
            Progress::Sent(table, rows) => (table, rows, "sent"),
            Progress::Compared(table, rows) => (table, rows, "compared"),
        };
        if self.json {
            say(&json!({ "table": table, done: rows }).to_string(), "\n");
        } else if self.on_terminal {
            say(&format!("\r\x1b[K{table}: {rows} rows {done}"), if done == "compared" { "\n" } else { "" });
        } else {
            say(&format!("{table}: {rows} rows {done}"), "\n");
        }
    }

    fn end(&self, rows: u64, to: &Address, config: &ConfigFile) {
        if self.json {
            return say(&json!({ "moved": rows, "database": to.to_string() }).to_string(), "\n");
        }
        let (tables, file) = (TABLES.len(), config.path.display());
        say(
            &format!(
                "All of the {rows} rows in {tables} tables have come over and are the same.\n\nNow write into {file}, with the password \
                 where it needs one:\n\n    database = \"{to}\"\n\nand start the service. The former file stays and is not served any \
                 more: keep it until the first backup of the new database, then delete it, its -wal, -shm and .lock."
            ),
            "\n",
        );
    }
}

// A closed output does not end a move.
fn say(text: &str, end: &str) {
    let mut out = stdout().lock();
    write!(out, "{text}{end}").and_then(|()| out.flush()).ok();
}
