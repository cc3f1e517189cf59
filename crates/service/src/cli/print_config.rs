//! `mostik-service print-config`.

use std::process::ExitCode;

use crate::config;

/// Print the reference file: every setting, its default, its meaning, its environment variable.
#[derive(clap::Args)]
pub(super) struct PrintConfig {}

impl PrintConfig {
    #[expect(clippy::unused_self, reason = "as every command's")]
    pub(super) fn run(self) -> ExitCode {
        print!("{}", config::reference());
        ExitCode::SUCCESS
    }
}
