//! `mostik-service backup`.

use std::{path::PathBuf, process::ExitCode};

use mostik_store::backup::{BackupError, Origin, back_up};

use super::{config_file::ConfigFile, signals::asked_to_end};
use crate::{
    clock::{Clock, SystemClock},
    keys,
};

/// Take a backup of all that is kept, while the service runs.
///
/// A backup is a folder, for its owner alone: the database at one moment, and manifest.json with the version, the rows of each table and
/// checksums. Of PostgreSQL it is made by pg_dump (package postgresql-client). It comes into being under another name, so that what bears
/// its name is whole. Without the secret_key of the configuration it cannot be restored: keep that in another place.
#[derive(clap::Args)]
pub(super) struct Backup {
    #[command(flatten)]
    config: ConfigFile,
    /// A folder that backups are made in, each with its time in its name; or the name of this one
    #[arg(value_name = "FOLDER")]
    to: PathBuf,
}

impl Backup {
    pub(super) async fn run(self) -> ExitCode {
        let config = match self.config.load() {
            Ok(config) => config,
            Err(status) => return status,
        };
        let key = keys::fingerprint(&config.secret_key);
        let origin = Origin { version: env!("CARGO_PKG_VERSION"), key: &key, now: SystemClock.now() };
        let taken = tokio::select! {
            // First, so that it is listened for before there is anything.
            biased;
            () = asked_to_end() => Err(BackupError::BrokenOff),
            taken = back_up(&config.database, &self.to, &origin) => taken,
        };
        match taken {
            Ok((place, manifest)) => {
                println!("{}: {} rows, {} bytes", place.display(), manifest.rows(), manifest.bytes);
                ExitCode::SUCCESS
            }
            Err(what) => {
                eprintln!("backup: {what}");
                ExitCode::FAILURE
            }
        }
    }
}
