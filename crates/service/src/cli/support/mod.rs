//! `mostik-service support`.

mod acts;
mod asked;
mod block;
mod deletion;
mod find;
mod message;
mod statistics;

use std::process::ExitCode;

/// Look people and messages up for the support, and act for them.
///
/// For operators, each known by a token and with rights of their own: see `operators new-token`. The token is read from
/// MOSTIK_OPERATOR_TOKEN or from a file, and each command takes a reason; who asked for what, about whom and why is in the audit log, as
/// is what was refused. The reason stays there for good: it may bear no phone number, address or code, and should bear no name.
#[derive(clap::Args)]
pub(super) struct Support {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Find(find::Find),
    Message(message::Message),
    Unlink(acts::Unlink),
    EndSessions(acts::EndSessions),
    Block(block::Block),
    Unblock(block::Unblock),
    Export(acts::Export),
    Delete(deletion::Delete),
    ConfirmDeletion(deletion::ConfirmDeletion),
    PendingDeletions(deletion::PendingDeletions),
    Statistics(statistics::Statistics),
}

impl Support {
    pub(super) async fn run(self) -> ExitCode {
        match self.command {
            Command::Find(command) => command.run().await,
            Command::Message(command) => command.run().await,
            Command::Unlink(command) => command.run().await,
            Command::EndSessions(command) => command.run().await,
            Command::Block(command) => command.run().await,
            Command::Unblock(command) => command.run().await,
            Command::Export(command) => command.run().await,
            Command::Delete(command) => command.run().await,
            Command::ConfirmDeletion(command) => command.run().await,
            Command::PendingDeletions(command) => command.run().await,
            Command::Statistics(command) => command.run().await,
        }
    }
}
