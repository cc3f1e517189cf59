//! `mostik-service audit`.

mod show;
mod verify;

use std::process::ExitCode;

/// Read the audit log, and find what was changed in it.
///
/// It says who did what to which profile, pupil, account or linking, by ids; it is only added to.
#[derive(clap::Args)]
pub(super) struct Audit {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Verify(verify::Verify),
    Show(show::Show),
}

impl Audit {
    pub(super) async fn run(self) -> ExitCode {
        match self.command {
            Command::Verify(command) => command.run().await,
            Command::Show(command) => command.run().await,
        }
    }
}
