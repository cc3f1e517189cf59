//! Cargo's part, with its own progress on the screen.

use std::{
    env::consts::EXE_EXTENSION,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use mostik_world::root;

use crate::{console, stamp};

/// Cargo at the top of the checkout; it asks no registry, because what it needs is fetched before.
pub fn cargo(words: &[&str]) -> Result<Command> {
    fetch()?;
    let mut command = cargo_plain(words);
    command.args(["--locked", "--offline"]);
    Ok(command)
}

/// Fetches the crates of all platforms, once for each lock file.
pub fn fetch() -> Result<()> {
    fetch_in(".", "cargo-fetch")
}

/// The same for the fuzz targets, which are a workspace of their own.
pub fn fetch_for_fuzz() -> Result<()> {
    fetch_in("fuzz", "cargo-fetch-fuzz")
}

fn fetch_in(folder: &str, stamp: &str) -> Result<()> {
    let folder = root().join(folder);
    let now = stamp::of(&[folder.join("Cargo.lock")])?;
    if !stamp::holds(stamp, &now) {
        console::step("fetching crates (cargo fetch)");
        succeed(cargo_plain(&["fetch", "--locked"]).current_dir(folder))?;
        stamp::keep(stamp, &now)?;
    }
    Ok(())
}

/// Cargo at the top of the checkout, for what knows no `--locked`.
pub fn cargo_plain(words: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(words).current_dir(root());
    command
}

/// Has Cargo build the tree in a folder, into that folder's own `target`.
pub fn in_tree(command: &mut Command, tree: &Path) {
    command.current_dir(tree).env("CARGO_TARGET_DIR", tree.join("target"));
}

/// Has compilers name neither the tree's own folder nor Cargo's in what they make: a released program is the same wherever it is built.
///
/// # Errors
/// When nobody knows where Cargo keeps its crates.
pub fn named_alike(command: &mut Command, tree: &Path) -> Result<()> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo"))).context("there is no home folder")?;
    let named = [(tree, "/mostik"), (&home, "/cargo")];
    let own = std::env::var("RUSTFLAGS").unwrap_or_default();
    let mut flags: Vec<_> = own.split_whitespace().map(str::to_owned).collect();
    flags.extend(named.map(|(folder, name)| format!("--remap-path-prefix={}={name}", folder.display())));
    command.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    // SQLite's and the cryptography's sources.
    let mut flags = vec![std::env::var("CFLAGS").unwrap_or_default()];
    flags.extend(named.map(|(folder, name)| format!("-ffile-prefix-map={}={name}", folder.display())));
    command.env("CFLAGS", flags.join(" ").trim_start());
    Ok(())
}

/// The compiler with Clippy's lints.
///
/// # Errors
/// When this toolchain has none; how to get it.
pub fn clippy() -> Result<PathBuf> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).args(["--print", "sysroot"]).output().context("cannot start rustc")?;
    let toolchain = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    let driver = toolchain.join("bin/clippy-driver").with_extension(EXE_EXTENSION);
    ensure!(driver.exists(), "Clippy is needed for the lints: `rustup component add clippy`");
    Ok(driver)
}

/// Builds programs of the workspace; Cargo shows how far it is.
pub fn programs(what: &str, packages: &[&str]) -> Result<()> {
    console::step(&format!("building {what} (the first time takes minutes)"));
    let mut command = cargo(&["build"])?;
    for package in packages {
        command.args(["--package", package]);
    }
    succeed(&mut command)
}

/// Runs a command to its end, its output on the screen.
pub fn succeed(command: &mut Command) -> Result<()> {
    let name = command.get_program().display().to_string();
    let words: Vec<String> = command.get_args().map(|word| word.display().to_string()).collect();
    let status = command.status().with_context(|| format!("cannot start {name}"))?;
    ensure!(status.success(), "`{name} {}` failed", words.join(" "));
    Ok(())
}
