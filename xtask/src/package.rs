//! `cargo xtask package`: .deb and .rpm of the app and of the service for this machine, looked into, installed into a throw-away copy
//! of this system, started and removed again.

mod findings;
mod inspect;
#[cfg(target_os = "linux")]
mod service;
mod trial;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    time::Instant,
};

use anyhow::{Context, Result, bail};
use mostik_world::root;

use self::findings::{Kind, Packed, only_file};
use crate::{
    build, console,
    system::{self, Need},
    ui,
};

/// Bundles, and makes the Android project; its binary comes inside of the npm package.
const CLI: &str = "2.12.5";

/// Makes the packages and tries them; `app` or `service` alone where that is named.
pub fn package(words: &[String]) -> Result<ExitCode> {
    let (app, service) = match words {
        [] => (true, true),
        [word] if word == "app" => (true, false),
        [word] if word == "service" => (false, true),
        _ => bail!("packages are made of the app or of the service: cargo xtask package [app | service]"),
    };
    if !Path::new("/etc/debian_version").exists() {
        bail!("packages are made and tried on Debian or Ubuntu; for other systems see docs/releasing.md");
    }
    system::ready(if app { Need::Package } else { Need::ServicePackage })?;
    let begun = Instant::now();
    let mut packed = Vec::new();
    if service {
        packed.extend(package_service()?);
    }
    if app {
        packed.extend(package_app()?);
    }
    console::plain("");
    for (kind, package, found) in packed {
        let size = fs::metadata(&package)?.len();
        console::plain(&format!("{}  {}  {:.2} MiB", kind.name(), package.display(), size as f64 / f64::from(1 << 20)));
        for (what, seen) in found {
            console::plain(&format!("  {what:<34} {seen}"));
        }
    }
    console::plain(&format!("\nmade and tried in {}", console::duration(begun.elapsed())));
    Ok(ExitCode::SUCCESS)
}

#[cfg(target_os = "linux")]
fn package_service() -> Result<Vec<Packed>> {
    service::package()
}

#[cfg(not(target_os = "linux"))]
fn package_service() -> Result<Vec<Packed>> {
    bail!("the packages of Linux are made on Linux only")
}

fn package_app() -> Result<Vec<Packed>> {
    let cli = cli()?;
    build::fetch()?;
    ui::packages()?;
    let bundles = root().join("target/release/bundle");
    if bundles.exists() {
        fs::remove_dir_all(&bundles).context("cannot remove the packages of before")?;
    }
    console::step("building the app for release and bundling it (the first time takes minutes)");
    let mut command = Command::new(cli);
    command.args(["build", "--ci", "--bundles", "deb,rpm", "--", "--package", "mostik", "--locked", "--offline"]);
    command.current_dir(root());
    build::succeed(&mut command)?;
    let mut packed = Vec::new();
    for kind in [Kind::Deb, Kind::Rpm] {
        let package = only_file(&bundles.join(kind.name()), kind.name())?;
        console::step(&format!("looking into {}", package.file_name().unwrap_or_default().display()));
        let mut found = inspect::inspect(kind, &package)?;
        console::step("installing it into a throw-away copy of this system");
        found.extend(trial::trial(kind, &package)?);
        packed.push((kind, package, found));
    }
    Ok(packed)
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
