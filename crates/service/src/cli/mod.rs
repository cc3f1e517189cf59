//! The command line of `mostik-service`: one file a command. Help, man pages and completions come from these definitions.
//!
//! To add a command: a file here with its arguments (`clap::Args`) and their `run`, and its line in [`Command`] and in
//! [`Command::run`].

mod audit;
mod backup;
mod check_config;
mod completions;
mod config_file;
mod doctor;
mod import_profiles;
mod keys;
mod man_pages;
mod move_to;
mod notify;
mod operators;
mod print_config;
mod restore;
mod secret_keys;
mod serve;
mod signals;
mod support;

use std::{ffi::OsString, process::ExitCode};

use clap::{CommandFactory, Parser, Subcommand};

/// The linking service of Mostik.
#[derive(Parser)]
#[command(name = "mostik-service", version)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

// In the order of the help.
#[derive(Subcommand)]
enum Command {
    Serve(serve::Serve),
    CheckConfig(check_config::CheckConfig),
    Doctor(doctor::Doctor),
    PrintConfig(print_config::PrintConfig),
    ImportProfiles(import_profiles::ImportProfiles),
    SecretKeys(secret_keys::SecretKeys),
    Audit(audit::Audit),
    Backup(backup::Backup),
    Restore(restore::Restore),
    MoveTo(move_to::MoveTo),
    Support(support::Support),
    Operators(operators::Operators),
    PrintCompletions(completions::PrintCompletions),
    WriteManPages(man_pages::WriteManPages),
}

impl Command {
    async fn run(self) -> ExitCode {
        match self {
            Self::Serve(command) => command.run().await,
            Self::CheckConfig(command) => command.run(),
            Self::Doctor(command) => command.run().await,
            Self::PrintConfig(command) => command.run(),
            Self::ImportProfiles(command) => command.run().await,
            Self::SecretKeys(command) => command.run().await,
            Self::Audit(command) => command.run().await,
            Self::Backup(command) => command.run().await,
            Self::Restore(command) => command.run().await,
            Self::MoveTo(command) => command.run().await,
            Self::Support(command) => command.run().await,
            Self::Operators(command) => command.run(),
            Self::PrintCompletions(command) => command.run(CommandLine::command()),
            Self::WriteManPages(command) => command.run(CommandLine::command()),
        }
    }
}

/// Runs a command line; the program's name comes first.
pub async fn run(args: impl Iterator<Item = OsString>) -> ExitCode {
    match CommandLine::try_parse_from(args) {
        Ok(line) => line.command.run().await,
        Err(told) => {
            // A closed output is no reason to end otherwise.
            told.print().ok();
            // 0 for help and version, which are asked for, else 2.
            ExitCode::from(u8::try_from(told.exit_code()).unwrap_or(2))
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_definitions_agree_with_each_other() {
        <super::CommandLine as clap::CommandFactory>::command().debug_assert();
    }
}
