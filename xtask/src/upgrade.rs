//! Nodes of another version, exchanged for this one's under load.

use std::{
    fs,
    path::Path,
    process::{Command, ExitCode, Stdio},
};

use anyhow::{Context, Result, ensure};
use mostik_world::root;

use crate::{
    build, console,
    system::{self, Need},
};

/// The test that exchanges nodes, and where it is told which program they are at first.
const TEST: &str = "upgrade::nodes_are_exchanged_under_load_without_a_failed_request";
const BEFORE: &str = "MOSTIK_SERVICE_BEFORE";

/// Builds the service of `revision` out of git's history, begins three nodes with it on one PostgreSQL, and exchanges them one by one for
/// this checkout's: the first of these makes the new tables while the others serve.
pub fn upgrade(revision: Option<&str>) -> Result<ExitCode> {
    system::ready(Need::Nodes)?;
    let revision = match revision {
        Some(revision) => commit(revision)?,
        None => {
            let newest = git(&["describe", "--tags", "--abbrev=0", "--match", "v*"])
                .context("there is no release: name what is to be upgraded, `cargo xtask upgrade REVISION`")?;
            commit(&newest)?
        }
    };
    let folder = root().join("target/upgrade");
    let tree = folder.join("tree");
    check_out(&revision, &tree)?;
    console::step(&format!("building the service of {revision} (the first time takes minutes)"));
    build::succeed(
        build::cargo_plain(&["build", "--package", "mostik-service"])
            .current_dir(&tree)
            .env("CARGO_TARGET_DIR", folder.join("target")),
    )?;
    build::succeed(&mut build::cargo(&["build", "--workspace", "--bins"])?)?;
    let mut test = build::cargo(&["test", "--workspace", "--test", "nodes"])?;
    let before = folder.join("target/debug/mostik-service").with_extension(std::env::consts::EXE_EXTENSION);
    let status =
        test.args(["--", "--nocapture", "--exact", TEST]).env(BEFORE, before).status().context("cannot start cargo")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn commit(revision: &str) -> Result<String> {
    git(&["rev-parse", "--verify", "--quiet", &format!("{revision}^{{commit}}")]).with_context(|| {
        format!("git knows no {revision} here; of a shallow clone `git fetch --unshallow` brings the rest")
    })
}

fn git(words: &[&str]) -> Result<String> {
    let output = Command::new("git").args(words).current_dir(root()).output().context("git is missing")?;
    ensure!(output.status.success(), "git {}: {}", words.join(" "), String::from_utf8_lossy(&output.stderr).trim());
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The files of a commit alone, without its history.
fn check_out(commit: &str, tree: &Path) -> Result<()> {
    if tree.exists() {
        fs::remove_dir_all(tree).with_context(|| format!("cannot empty {}", tree.display()))?;
    }
    fs::create_dir_all(tree)?;
    let mut archive = Command::new("git")
        .args(["archive", "--format=tar", commit])
        .current_dir(root())
        .stdout(Stdio::piped())
        .spawn()
        .context("git is missing")?;
    let files = archive.stdout.take().context("git has no output")?;
    build::succeed(Command::new("tar").args(["-x", "-C"]).arg(tree).stdin(files))?;
    ensure!(archive.wait()?.success(), "git archive {commit} failed");
    Ok(())
}
