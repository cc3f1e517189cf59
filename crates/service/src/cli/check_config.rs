//! `mostik-service check-config`.

use std::process::ExitCode;

use super::config_file::{ConfigFile, tell};
use crate::config::Config;

/// Print every setting with its value, or what is wrong.
///
/// Secrets are printed as set or unset. Each fault is named with its setting and the next step, and the status is 2.
#[derive(clap::Args)]
pub(super) struct CheckConfig {
    #[command(flatten)]
    config: ConfigFile,
}

impl CheckConfig {
    pub(super) fn run(self) -> ExitCode {
        if let Err(status) = self.config.load() {
            return status;
        }
        let text = std::fs::read_to_string(&self.config.path).unwrap_or_default();
        match Config::describe(&text, &|name| std::env::var(name).ok()) {
            Ok(shown) => {
                print!("{shown}");
                ExitCode::SUCCESS
            }
            Err(faults) => tell(&faults),
        }
    }
}
