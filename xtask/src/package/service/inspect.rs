//! What is in a package of the service, without installing it, and how far its unit keeps it in.

use std::{collections::BTreeSet, path::Path, process::Command};

use anyhow::{Context, Result, ensure};
use mostik_world::root;

use crate::package::{
    findings::{Findings, Kind, answer},
    inspect,
};

/// In tenths: the worst exposure that the unit may be rated with.
const WORST: &str = "20";

/// The least that a package brings.
const FILES: &[&str] = &[
    "/usr/bin/mostik-service",
    "/usr/lib/systemd/system/mostik-service.service",
    "/usr/lib/sysusers.d/mostik-service.conf",
    "/etc/mostik-service/mostik-service.toml",
    "/usr/share/man/man8/mostik-service.8.gz",
    "/usr/share/man/man8/mostik-service-serve.8.gz",
    "/usr/share/bash-completion/completions/mostik-service",
    "/usr/share/fish/vendor_completions.d/mostik-service.fish",
    "/usr/share/doc/mostik-service/mostik-service.cdx.json",
];

/// How exposed systemd thinks the service is: 0 is nothing, 10 is everything.
pub fn rating() -> Result<String> {
    let unit = root().join("packaging/service/mostik-service.service");
    let mut command = Command::new("systemd-analyze");
    command.args(["security", "--offline=true", "--no-pager", "--threshold", WORST]).arg(unit);
    let told = answer(&mut command).context("the unit is open wider than it may be")?;
    let line = told.lines().find_map(|line| line.split_once("service: ")).context("systemd-analyze gives no rating")?;
    Ok(line.1.chars().filter(char::is_ascii).collect::<String>().trim().to_owned())
}

/// Looks at files, needs, and what an upgrade keeps.
pub fn inspect(kind: Kind, package: &Path) -> Result<Findings> {
    let (files, needs) = match kind {
        Kind::Deb => inspect::of_deb(package).map(|(files, needs, _)| (files, needs))?,
        Kind::Rpm => inspect::of_rpm(package).map(|(files, needs, _)| (files, needs))?,
    };
    let missing: Vec<_> = FILES.iter().filter(|file| !files.contains(**file)).collect();
    ensure!(missing.is_empty(), "the package lacks {missing:?}; it has {files:?}");
    // A folder of something that is ours may be listed as well.
    let ours =
        |path: &str| path.contains("mostik-service") || files.iter().any(|file| file.starts_with(&format!("{path}/")));
    let strange: Vec<_> = files.iter().filter(|file| !ours(file)).collect();
    ensure!(strange.is_empty(), "files that do not bear our name may be somebody else's: {strange:?}");
    let kept = kept(kind, package)?;
    ensure!(kept == BTreeSet::from([FILES[3].to_owned()]), "an upgrade would keep {kept:?}");
    Ok(vec![("files", files.len().to_string()), ("needs", needs)])
}

/// The configuration files, which upgrades leave to their operator.
fn kept(kind: Kind, package: &Path) -> Result<BTreeSet<String>> {
    let mut command = match kind {
        Kind::Deb => {
            let mut command = Command::new("dpkg-deb");
            command.arg("--info").arg(package).arg("conffiles");
            command
        }
        Kind::Rpm => {
            let mut command = Command::new("rpm");
            command.args(["--query", "--configfiles", "--package"]).arg(package);
            command
        }
    };
    Ok(answer(&mut command)?.lines().map(str::to_owned).collect())
}
