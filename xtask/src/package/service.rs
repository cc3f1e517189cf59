//! `mostik-service` as .deb and .rpm: a systemd unit under a user of its own, a configuration that upgrades keep, man pages and
//! completions.

mod inspect;
mod lay_out;
mod listen;
mod pack;
mod trial;

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};
use mostik_world::root;

use super::{
    findings::{Findings, Kind, Packed},
    programs,
};
use crate::console;

/// What is released, and what the trial upgrades to.
const RELEASES: [&str; 2] = ["1", "2"];

/// Builds the program and both packages, looks into them and tries them.
pub fn package() -> Result<Vec<Packed>> {
    console::step("building mostik-service for release (the first time takes minutes)");
    let program = programs::service(root())?;
    let place = root().join("target/package/service");
    if place.exists() {
        fs::remove_dir_all(&place).context("cannot remove the packages of before")?;
    }
    let rating = inspect::rating()?;
    let mut packed = Vec::new();
    for kind in [Kind::Deb, Kind::Rpm] {
        console::step(&format!("packing mostik-service as .{}", kind.name()));
        let [package, newer] = RELEASES.map(|release| -> Result<PathBuf> {
            let folder = place.join(kind.name()).join(release);
            let tree = folder.join("tree");
            lay_out::lay_out(kind, &program, &tree)?;
            if release != RELEASES[0] {
                lay_out::change_reference(&tree)?;
            }
            pack::pack(kind, release, &tree, &folder)
        });
        let (package, newer) = (package?, newer?);
        let mut found: Findings = vec![("systemd-analyze security", rating.clone())];
        found.extend(inspect::inspect(kind, &package)?);
        console::step("installing it into a throw-away copy of this system");
        found.extend(trial::trial(kind, &package, &newer)?);
        packed.push((kind, package, found));
    }
    Ok(packed)
}
