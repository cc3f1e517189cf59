//! Packages of a laid-out tree, by each family's own tools: they know best what their systems expect.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use mostik_world::root;

use super::lay_out::CONFIGURATION;
use crate::package::findings::{Kind, answer, only_file};

/// The package of a tree, in `folder`.
pub fn pack(kind: Kind, release: &str, tree: &Path, folder: &Path) -> Result<PathBuf> {
    match kind {
        Kind::Deb => deb(release, tree, folder),
        Kind::Rpm => rpm(release, tree, folder),
    }
}

fn deb(release: &str, tree: &Path, folder: &Path) -> Result<PathBuf> {
    let sources = root().join("packaging/service");
    let control = tree.join("DEBIAN");
    let architecture = answer(Command::new("dpkg").arg("--print-architecture"))?.trim().to_owned();
    let version = format!("{}-{release}", env!("CARGO_PKG_VERSION"));
    let size = answer(Command::new("du").args(["--summarize", "--apparent-size", "--block-size=1024"]).arg(tree))?;
    let text = fs::read_to_string(sources.join("control"))?
        .replace("@VERSION@", &version)
        .replace("@ARCHITECTURE@", &architecture)
        .replace("@SIZE@", size.split_whitespace().next().unwrap_or_default())
        .replace("@LIBRARIES@", &libraries(tree, folder)?);
    fs::create_dir_all(&control)?;
    fs::write(control.join("control"), text)?;
    fs::write(control.join("conffiles"), format!("/{CONFIGURATION}\n"))?;
    for script in ["postinst", "prerm", "postrm"] {
        let to = control.join(script);
        fs::copy(sources.join(script), &to).with_context(|| format!("cannot copy {script}"))?;
        fs::set_permissions(to, fs::Permissions::from_mode(0o755))?;
    }
    for made in [&control, tree] {
        fs::set_permissions(made, fs::Permissions::from_mode(0o755))?;
    }
    let package = folder.join(format!("mostik-service_{version}_{architecture}.deb"));
    answer(Command::new("dpkg-deb").args(["--root-owner-group", "-Zxz", "--build"]).arg(tree).arg(&package))?;
    Ok(package)
}

/// What Debian calls the libraries that the program is linked with, and their versions.
fn libraries(tree: &Path, folder: &Path) -> Result<String> {
    let work = folder.join("shlibdeps");
    fs::create_dir_all(work.join("debian"))?;
    // It reads nothing in it, and does not work without.
    fs::write(work.join("debian/control"), "Source: mostik-service\n\nPackage: mostik-service\nArchitecture: any\n")?;
    let mut command = Command::new("dpkg-shlibdeps");
    command.args(["-O", "--warnings=0"]).arg(tree.join("usr/bin/mostik-service")).current_dir(work);
    let told = answer(&mut command)?;
    let found = told.trim().strip_prefix("shlibs:Depends=").context("dpkg-shlibdeps names no library")?;
    Ok(found.to_owned())
}

fn rpm(release: &str, tree: &Path, folder: &Path) -> Result<PathBuf> {
    let mut command = Command::new("rpmbuild");
    command.args(["-bb", "--quiet"]).arg(root().join("packaging/service/mostik-service.spec"));
    for (name, value) in [
        ("version_", env!("CARGO_PKG_VERSION").to_owned()),
        ("release_", release.to_owned()),
        ("tree", tree.display().to_string()),
        ("_topdir", folder.join("rpmbuild").display().to_string()),
        ("_rpmdir", folder.display().to_string()),
        ("_rpmfilename", "%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}.rpm".to_owned()),
    ] {
        command.arg("--define").arg(format!("{name} {value}"));
    }
    answer(&mut command)?;
    only_file(folder, "rpm")
}
