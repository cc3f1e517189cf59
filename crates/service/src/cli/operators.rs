//! `mostik-service operators`.

use std::process::ExitCode;

use super::config_file::MISUSED;
use crate::{
    clock::SystemEntropy,
    support::operators::{Right, is_name, new_token},
};

/// Make what operators of the support are known by.
#[derive(clap::Args)]
pub(super) struct Operators {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    NewToken(NewToken),
}

/// Make an operator's token, and the entry for the file of operators.
///
/// The entry is printed on standard output: append it to the file that `operators.file` names. The token is printed on standard error, once:
/// give it to the operator, who keeps it in MOSTIK_OPERATOR_TOKEN or in a file of their own. The file of operators bears its hash alone. A
/// new token for the same operator goes in the old one's place.
#[derive(clap::Args)]
struct NewToken {
    /// The operator's name, as the audit log will have it: 2 to 32 of a-z 0-9 . - _
    #[arg(long, value_name = "NAME")]
    name: String,
    /// What the operator may do: look, disclose, act, delete, statistics
    #[arg(long, value_name = "RIGHTS", value_delimiter = ',', default_value = "look")]
    rights: Vec<String>,
}

impl Operators {
    pub(super) fn run(self) -> ExitCode {
        match self.command {
            Command::NewToken(command) => command.run(),
        }
    }
}

impl NewToken {
    fn run(self) -> ExitCode {
        let unknown = self.rights.iter().find(|word| Right::of(word).is_none());
        let wrong = match unknown {
            _ if !is_name(&self.name) => {
                Some("--name: write it in 2 to 32 of a-z 0-9 . - _, a letter first".to_owned())
            }
            Some(word) => Some(format!("--rights: there is no right {word:?}; there are {}", Right::words())),
            None => None,
        };
        if let Some(wrong) = wrong {
            eprintln!("operators new-token: {wrong}");
            return ExitCode::from(MISUSED);
        }
        let (token, hash) = new_token(&SystemEntropy);
        let rights: Vec<String> = self.rights.iter().map(|right| format!("{right:?}")).collect();
        // A name with a dot would be a table in a table.
        println!("[{:?}]\ntoken_sha256 = \"{hash}\"\nrights = [{}]", self.name, rights.join(", "));
        eprintln!("The token of {}, which is told once: {}", self.name, token.expose());
        ExitCode::SUCCESS
    }
}
