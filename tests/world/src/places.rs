//! Where the checkout and its programs lie.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

/// The top of the checkout.
#[must_use]
pub fn root() -> &'static Path {
    // tests/world is two below it.
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap_or(Path::new("."))
}

/// Where Cargo put the programs: beside the one that runs, or above it for a test.
///
/// # Errors
/// When the running program's own path is not known.
pub fn programs() -> Result<PathBuf> {
    let own = std::env::current_exe().context("cannot tell where this program is")?;
    let folder = own.parent().context("this program lies in no folder")?;
    Ok(if folder.ends_with("deps") { folder.parent().unwrap_or(folder) } else { folder }.to_owned())
}

/// The path of one of the workspace's programs.
///
/// # Errors
/// When it is not built.
pub fn program(name: &str) -> Result<PathBuf> {
    let path = programs()?.join(name).with_extension(std::env::consts::EXE_EXTENSION);
    ensure!(path.exists(), "{name} is not built: `cargo xtask` does it, or `cargo build --workspace`");
    Ok(path)
}
