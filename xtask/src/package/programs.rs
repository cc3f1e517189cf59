//! The programs as they are released.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::Result;
use mostik_world::root;

use crate::{build, console, ui};

/// Bundles, and makes the Android project; its binary comes inside of the npm package.
const CLI: &str = "2.12.5";

/// Which of them the words of a command name, the app and the service: both where there is no word. `None`: something else.
pub fn named(words: &[String]) -> Option<(bool, bool)> {
    match words {
        [] => Some((true, true)),
        [word] if word == "app" => Some((true, false)),
        [word] if word == "service" => Some((false, true)),
        _ => None,
    }
}

/// The service, from the tree in a folder.
///
/// # Errors
/// When it cannot be built.
pub fn service(tree: &Path) -> Result<PathBuf> {
    let mut command = build::cargo(&["build", "--release", "--package", "mostik-service"])?;
    build_in(&mut command, tree)?;
    Ok(tree.join("target/release/mostik-service"))
}

/// The app, from a tree whose npm packages are there.
///
/// # Errors
/// When it cannot be built.
pub fn app(tree: &Path) -> Result<PathBuf> {
    bundled_app(tree, &["--no-bundle"])?;
    Ok(tree.join("target/release/mostik"))
}

/// The same, bundled as the words say.
///
/// # Errors
/// When Tauri's command line tool is not to be had, or the app cannot be built.
pub fn bundled_app(tree: &Path, words: &[&str]) -> Result<()> {
    let cli = cli()?;
    build::fetch()?;
    let mut command = Command::new(cli);
    command.args(["build", "--ci"]).args(words).args(["--", "--package", "mostik", "--locked", "--offline"]);
    build_in(&mut command, tree)
}

fn build_in(command: &mut Command, tree: &Path) -> Result<()> {
    build::in_tree(command, tree);
    build::named_alike(command, tree)?;
    build::succeed(command)
}

/// Tauri's command line tool, in target/tools/tauri. It is in none of our lock files: its packages for other systems are not
/// in every registry, and then `npm ci` refuses the whole of ui/.
fn cli() -> Result<PathBuf> {
    let place = root().join("target/tools/tauri");
    let program = place.join("node_modules/.bin/tauri");
    let there = Command::new(&program).arg("--version").stderr(Stdio::null()).output();
    if !there.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim().ends_with(CLI)) {
        console::detail(&format!("installing @tauri-apps/cli {CLI} into target/tools/tauri (once)"));
        fs::create_dir_all(&place)?;
        fs::write(place.join("package.json"), "{\"private\": true}\n")?;
        let wanted = format!("@tauri-apps/cli@{CLI}");
        let words = ["install", "--save-exact", "--no-audit", "--no-fund", "--loglevel", "error", &wanted];
        build::succeed(&mut ui::npm(&place, &words))?;
    }
    Ok(program)
}
