//! `cargo xtask package`: .deb and .rpm for this machine, looked into, installed into a throw-away copy of this system, started by
//! links and removed again.

mod findings;
mod inspect;
mod trial;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    time::Instant,
};

use anyhow::{Context, Result, bail, ensure};
use mostik_world::root;

use self::findings::{Findings, Kind};
use crate::{
    build, console,
    system::{self, Need},
    ui,
};

/// Bundles, and makes the Android project; its binary comes inside of the npm package.
const CLI: &str = "2.12.5";

/// Makes the packages and tries them.
pub fn package() -> Result<ExitCode> {
    if !Path::new("/etc/debian_version").exists() {
        bail!("packages are made and tried on Debian or Ubuntu; for other systems see docs/releasing.md");
    }
    system::ready(Need::Package)?;
    let cli = cli()?;
    build::fetch()?;
    ui::packages()?;
    let bundles = root().join("target/release/bundle");
    if bundles.exists() {
        fs::remove_dir_all(&bundles).context("cannot remove the packages of before")?;
    }
    console::step("building the app for release and bundling it (the first time takes minutes)");
    let begun = Instant::now();
    let mut command = Command::new(cli);
    command.args(["build", "--ci", "--bundles", "deb,rpm", "--", "--package", "mostik", "--locked", "--offline"]);
    command.current_dir(root());
    build::succeed(&mut command)?;
    let built = begun.elapsed();
    let mut findings: Vec<(Kind, PathBuf, Findings)> = Vec::new();
    for kind in [Kind::Deb, Kind::Rpm] {
        let package = only_file(&bundles.join(kind.name()), kind.name())?;
        console::step(&format!("looking into {}", package.file_name().unwrap_or_default().display()));
        let mut found = inspect::inspect(kind, &package)?;
        console::step("installing it into a throw-away copy of this system");
        found.extend(trial::trial(kind, &package)?);
        findings.push((kind, package, found));
    }
    console::plain("");
    for (kind, package, found) in findings {
        let size = fs::metadata(&package)?.len();
        console::plain(&format!("{}  {}  {:.2} MiB", kind.name(), package.display(), size as f64 / f64::from(1 << 20)));
        for (what, seen) in found {
            console::plain(&format!("  {what:<34} {seen}"));
        }
    }
    console::plain(&format!("\nbuilt in {}", console::duration(built)));
    Ok(ExitCode::SUCCESS)
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

fn only_file(folder: &Path, ending: &str) -> Result<PathBuf> {
    let listed = fs::read_dir(folder).with_context(|| format!("{} cannot be read", folder.display()))?;
    let paths = listed.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    let mut files = paths.into_iter().filter(|path| path.extension().is_some_and(|own| own == ending));
    let file = files.next().with_context(|| format!("no .{ending} in {}", folder.display()))?;
    ensure!(files.next().is_none(), "more than one .{ending} in {}", folder.display());
    Ok(file)
}
