//! What is looked at in a package, and what was seen.

use std::process::Command;

use anyhow::{Context, Result, ensure};

/// What was looked at, and what was seen.
pub type Findings = Vec<(&'static str, String)>;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Debian's.
    Deb,
    /// Fedora's, openSUSE's and others'.
    Rpm,
}

impl Kind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Deb => "deb",
            Self::Rpm => "rpm",
        }
    }
}

/// What a program prints; an error with all that it says when it fails.
pub fn answer(command: &mut Command) -> Result<String> {
    let name = command.get_program().display().to_string();
    let output = command.output().with_context(|| format!("cannot start {name}"))?;
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    ensure!(output.status.success(), "{name}: {told}{}", String::from_utf8_lossy(&output.stderr));
    Ok(told)
}
