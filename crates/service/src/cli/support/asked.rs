//! What every command of the support is asked with.

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
};

use mostik_wire::{Millis, Secret};
use serde::Serialize;

use crate::{
    cli::config_file::{ConfigFile, MISUSED},
    clock::{SystemClock, SystemEntropy},
    dates,
    support::{
        desk::{Asking, Desk, DeskError},
        operators::{self, Right},
        reason::Reason,
    },
};

/// The variable that an operator's token is read from.
const VARIABLE: &str = "MOSTIK_OPERATOR_TOKEN";

#[derive(clap::Args)]
pub(super) struct Asked {
    #[command(flatten)]
    config: ConfigFile,
    /// Why, in 3 to 200 characters; it stays in the audit log, so without numbers, addresses, codes and names
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// A file with the operator's token, which only its owner and group may read; in place of MOSTIK_OPERATOR_TOKEN
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// One object of JSON; moments are UTC milliseconds
    #[arg(long)]
    json: bool,
}

/// Why a command ends without having done anything.
pub(super) enum Failure {
    /// The command line or the settings are wrong, and that was told.
    Told(ExitCode),
    /// The command line is wrong.
    Misused(String),
    /// It was refused, or something does not work.
    Failed(String),
}

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<mostik_store::Error> for Failure {
    fn from(error: mostik_store::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Failed(format!("standard output cannot be written: {error}"))
    }
}

impl Asked {
    /// Lets the operator in, if all of it is right.
    pub(super) async fn desk(&self, command: &'static str, needs: Right) -> Result<Desk, Failure> {
        let reason = Reason::read(&self.reason).map_err(|error| Failure::Misused(error.to_string()))?;
        let token = self.token().map_err(Failure::Misused)?;
        let config = self.config.load().map_err(Failure::Told)?;
        let asking = Asking { token, needs, command, reason };
        Ok(Desk::open(config, asking, Arc::new(SystemClock), Arc::new(SystemEntropy)).await?)
    }

    fn token(&self) -> Result<Secret, String> {
        let variable = std::env::var(VARIABLE).ok().filter(|token| !token.is_empty());
        match (variable, &self.token_file) {
            (Some(_), Some(_)) => Err(format!("{VARIABLE} is set, and --token-file given: leave one of them out")),
            (Some(token), None) => Ok(Secret::new(token.trim())),
            (None, None) => Err(format!(
                "no token: set {VARIABLE}, or name a file by --token-file. `mostik-service operators new-token` makes one"
            )),
            (None, Some(file)) => {
                let shown = file.display();
                if let Some(who) = operators::open_to(file) {
                    return Err(format!(
                        "--token-file: {shown} may be {who}. `chmod 600` it, and have a new token made"
                    ));
                }
                let text = std::fs::read_to_string(file)
                    .map_err(|e| format!("--token-file: {shown} cannot be read: {e}. Name a readable file"))?;
                Ok(Secret::new(text.trim()))
            }
        }
    }

    /// Prints an answer, in JSON or as `in_words` writes it.
    pub(super) fn print<T: Serialize>(
        &self,
        answer: &T,
        in_words: impl FnOnce(&mut dyn Write, &T) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        if self.json {
            serde_json::to_writer(&mut out, answer).map_err(io::Error::from)?;
            writeln!(out)?;
        } else {
            in_words(&mut out, answer)?;
        }
        Ok(out.flush()?)
    }
}

/// The status to end with; what went wrong is told.
pub(super) fn ended(command: &str, done: Result<(), Failure>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Told(status)) => status,
        Err(Failure::Misused(what)) => {
            eprintln!("support {command}: {what}");
            ExitCode::from(MISUSED)
        }
        Err(Failure::Failed(what)) => {
            eprintln!("support {command}: {what}");
            ExitCode::FAILURE
        }
    }
}

/// A moment on the clocks of Moscow, or a dash.
pub(super) fn at(moment: Option<Millis>) -> String {
    moment.map_or_else(|| "–".to_owned(), dates::in_moscow)
}

/// A word as JSON writes it.
pub(super) fn word<T: Serialize>(of: &T) -> String {
    serde_json::to_value(of).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
