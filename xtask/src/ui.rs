//! The window's pages: npm packages from the lock file, then the build, each only when what it reads changed.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};
use mostik_world::root;

use crate::{build, console, stamp, system};

/// The oldest Node that the build tools run on (`engines` in ui/package.json).
const NODE: (u32, u32) = (20, 19);

/// What the lock file says, and nothing else.
pub const CLEAN_INSTALL: &[&str] = &["ci", "--no-progress", "--loglevel", "error"];

/// An npm script of ui/.
pub fn script(name: &str) -> Command {
    npm(&root().join("ui"), &["run", "--silent", name])
}

/// The gallery: every screen drawn and looked over; `words` are scenes and what is to be done.
pub fn gallery(words: &[&str]) -> Command {
    let mut command = npm(&root().join("ui"), &["run", "--silent", "gallery", "--"]);
    command.args(words);
    if let Some(browser) = system::browser() {
        command.env("MOSTIK_CHROMIUM", browser);
    }
    command
}

/// Packages and pages, ready to be built into the app.
pub fn ready() -> Result<()> {
    packages()?;
    let ui = root().join("ui");
    let sources: Vec<PathBuf> = [
        "src",
        "public",
        "index.html",
        "package.json",
        "package-lock.json",
        "vite.config.ts",
        "svelte.config.js",
        "tsconfig.json",
    ]
    .map(|name| ui.join(name))
    .into();
    let now = stamp::of(&sources)?;
    if stamp::holds("ui-dist", &now) && ui.join("dist/index.html").exists() {
        return Ok(());
    }
    console::step("building the window's pages (npm run build)");
    build::succeed(&mut script("build"))?;
    stamp::keep("ui-dist", &now)
}

/// `npm ci`, when the lock file changed or the packages are gone.
pub fn packages() -> Result<()> {
    node()?;
    let ui = root().join("ui");
    let now = stamp::of(&[ui.join("package-lock.json")])?;
    if stamp::holds("npm-ci", &now) && ui.join("node_modules").exists() {
        return Ok(());
    }
    console::step("fetching npm packages (npm ci)");
    build::succeed(&mut npm(&ui, CLEAN_INSTALL))?;
    stamp::keep("npm-ci", &now)
}

/// npm in a folder of packages.
pub fn npm(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.args(words).current_dir(folder);
    command
}

fn node() -> Result<()> {
    const WHERE: &str = "Node 20.19 or newer with npm is needed to build the window's pages: \
        nodejs.org has it for every system; Debian 13 and Ubuntu 25.04 and newer: apt-get install nodejs npm";
    let output = Command::new("node").arg("--version").output().context(WHERE)?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut numbers = text.trim().trim_start_matches('v').split('.').map_while(|part| part.parse::<u32>().ok());
    match (numbers.next(), numbers.next()) {
        (Some(major), Some(minor)) if (major, minor) >= NODE => Ok(()),
        _ => bail!("{WHERE}\nhere is Node {}", text.trim()),
    }
}
