//! `cargo xtask package`: .deb and .rpm of the app and of the service for this machine, looked into, installed into a throw-away copy
//! of this system, started and removed again.

mod findings;
mod inspect;
pub mod programs;
mod reproduce;
#[cfg(target_os = "linux")]
mod service;
mod trial;

use std::{fs, path::Path, process::ExitCode, time::Instant};

use anyhow::{Context, Result, bail};
use mostik_world::root;

pub use self::reproduce::reproduce;

use self::findings::{Kind, Packed, only_file};
use crate::{
    console,
    system::{self, Need},
    ui,
};

/// Makes the packages and tries them; `app` or `service` alone where that is named.
pub fn package(words: &[String]) -> Result<ExitCode> {
    let Some((app, service)) = programs::named(words) else {
        bail!("packages are made of the app or of the service: cargo xtask package [app | service]");
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
    ui::packages()?;
    let bundles = root().join("target/release/bundle");
    if bundles.exists() {
        fs::remove_dir_all(&bundles).context("cannot remove the packages of before")?;
    }
    console::step("building the app for release and bundling it (the first time takes minutes)");
    programs::bundled_app(root(), &["--bundles", "deb,rpm"])?;
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
