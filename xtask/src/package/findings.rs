//! What is looked at in a package, and what was seen.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

/// What was looked at, and what was seen.
pub type Findings = Vec<(&'static str, String)>;

/// A package, and what was seen of it.
pub type Packed = (Kind, PathBuf, Findings);

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

/// The one file in a folder that ends so.
pub fn only_file(folder: &Path, ending: &str) -> Result<PathBuf> {
    let listed = fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let paths = listed.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    let mut files = paths.into_iter().filter(|path| path.extension().is_some_and(|own| own == ending));
    let file = files.next().with_context(|| format!("no .{ending} in {}", folder.display()))?;
    ensure!(files.next().is_none(), "more than one .{ending} in {}", folder.display());
    Ok(file)
}
