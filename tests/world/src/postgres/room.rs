//! A disk that has no room left for a PostgreSQL of one's own, without a disk of one's own.

use std::{path::Path, process::Command};

use anyhow::{Context, Result};

use super::{Postgres, as_user, succeed};

/// More than a segment of the journal (16 MiB), and no whole number of pages: of the page that goes beyond it a part is written, which
/// is what a full disk does too, and PostgreSQL tells both alike: 53100, `disk_full`.
const LARGEST_FILE: u64 = (16 << 20) + 4096;

impl Postgres {
    /// From now on no file of it may grow beyond some 16 MiB, by the system's own limit for processes: a table that needs more has no
    /// room left, and what is in it stays. See [`Postgres::fill`].
    ///
    /// # Errors
    /// When the limit cannot be set.
    pub fn limit_room(&self) -> Result<()> {
        self.largest_file(&LARGEST_FILE.to_string())
    }

    /// There is room again; connections that are open have it as well.
    ///
    /// # Errors
    /// When the limit cannot be taken back.
    pub fn make_room(&self) -> Result<()> {
        self.largest_file("unlimited")
    }

    /// Repeats a statement that adds a row, until the table has no room for another one. `$n` in it is a number that grows.
    ///
    /// # Errors
    /// When it fails otherwise.
    pub fn fill(&self, database: &str, insert: &str) -> Result<()> {
        let insert = insert.replace("$n", "n");
        // Each row is kept although the last one is refused.
        let repeat = format!(
            "DO $$ DECLARE n bigint := 0; BEGIN LOOP
                 BEGIN n := n + 1; {insert}; EXCEPTION WHEN disk_full THEN EXIT; END;
             END LOOP; END $$"
        );
        self.run(database, &repeat).map(drop)
    }

    fn largest_file(&self, soft: &str) -> Result<()> {
        let limit = |process: &str| {
            // Of its own user, who alone may do that.
            let mut command = as_user(Command::new("prlimit"))?;
            command.arg(format!("--pid={process}")).arg(format!("--fsize={soft}:"));
            succeed(&mut command).context("prlimit belongs to util-linux")
        };
        // The server first: those that it starts afterwards have its limit from the beginning.
        limit(self.processes()?.first().context("PostgreSQL's process is not known")?)?;
        for process in self.processes()? {
            let limited = limit(&process);
            // One may have ended by itself since it was listed.
            if Path::new("/proc").join(&process).exists() {
                limited?;
            }
        }
        Ok(())
    }
}
