//! `--config FILE`, for the commands that read the settings.

use std::{path::PathBuf, process::ExitCode};

use crate::config::{Config, Fault};

/// The status of faults in the settings; clap ends with the same on misuse.
pub(super) const MISUSED: u8 = 2;

#[derive(clap::Args)]
pub(super) struct ConfigFile {
    /// The configuration file; environment variables win over it
    #[arg(long = "config", value_name = "FILE")]
    pub(super) path: PathBuf,
}

impl ConfigFile {
    /// Reads and checks it; what is wrong is told, and the status to end with returned.
    pub(super) fn load(&self) -> Result<Config, ExitCode> {
        Config::load(&self.path).map_err(|faults| tell(&faults))
    }
}

/// Says what is wrong with the settings; returns the status to end with.
pub(super) fn tell(faults: &[Fault]) -> ExitCode {
    for fault in faults {
        eprintln!("{fault}");
    }
    ExitCode::from(MISUSED)
}

/// Says what is wrong with a command line that clap has taken; returns the status to end with.
pub(super) fn misused(command: &str, what: &str) -> ExitCode {
    eprintln!("{command}: {what}");
    ExitCode::from(MISUSED)
}
