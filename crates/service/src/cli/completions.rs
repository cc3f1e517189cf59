//! `mostik-service print-completions`.

use std::{io::Write, process::ExitCode};

use clap::{Command, ValueEnum};
use clap_complete::{aot, generate};

/// Print a shell's completions, for the file that the shell reads them from.
#[derive(clap::Args)]
pub(super) struct PrintCompletions {
    shell: Shell,
}

#[derive(Clone, Copy, ValueEnum)]
enum Shell {
    /// For /usr/share/bash-completion/completions/mostik-service
    Bash,
    /// For /usr/share/zsh/site-functions/_mostik-service
    Zsh,
    /// For /usr/share/fish/vendor_completions.d/mostik-service.fish
    Fish,
}

impl PrintCompletions {
    pub(super) fn run(self, mut program: Command) -> ExitCode {
        let shell = match self.shell {
            Shell::Bash => aot::Shell::Bash,
            Shell::Zsh => aot::Shell::Zsh,
            Shell::Fish => aot::Shell::Fish,
        };
        let mut script = Vec::new();
        generate(shell, &mut program, "mostik-service", &mut script);
        match std::io::stdout().write_all(&script) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("print-completions: standard output cannot be written: {error}");
                ExitCode::FAILURE
            }
        }
    }
}
