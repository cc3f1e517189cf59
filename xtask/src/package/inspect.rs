//! What is in a package, without installing it.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use anyhow::{Context, Result, ensure};
use mostik_world::root;

use super::findings::{Findings, Kind, answer};

/// The least that a package brings.
const FILES: &[&str] = &[
    "/usr/bin/mostik",
    "/usr/share/applications/mostik.desktop",
    "/usr/share/icons/hicolor/128x128/apps/mostik.png",
    "/usr/share/icons/hicolor/256x256/apps/mostik.png",
    "/usr/share/icons/hicolor/32x32/apps/mostik.png",
    "/usr/share/metainfo/app.mostik.mostik.metainfo.xml",
];

/// The bill of materials. A folder of its own Tauri's .rpm would not own, and removal would leave it.
const fn bill(kind: Kind) -> &'static str {
    match kind {
        Kind::Deb => "/usr/share/doc/mostik/mostik.cdx.json",
        Kind::Rpm => "/usr/share/doc/mostik.cdx.json",
    }
}

/// What installs the packages' desktop entries makes our scheme known: there is nothing for scripts to do.
const REGISTRAR: &str = "desktop-file-utils";

/// Looks at files, needs, scripts, the desktop entry and the description for shops.
pub fn inspect(kind: Kind, package: &Path) -> Result<Findings> {
    let (files, needs, scripts) = match kind {
        Kind::Deb => of_deb(package)?,
        Kind::Rpm => of_rpm(package)?,
    };
    let wanted = FILES.iter().copied().chain([bill(kind)]);
    let missing: Vec<_> = wanted.filter(|file| !files.contains(*file)).collect();
    ensure!(missing.is_empty(), "the package lacks {missing:?}; it has {files:?}");
    let strange: Vec<_> = files.iter().filter(|file| !file.contains("mostik")).collect();
    ensure!(strange.is_empty(), "files that do not bear our name may be somebody else's: {strange:?}");
    ensure!(needs.contains(REGISTRAR), "without {REGISTRAR} nobody registers mostik: links; it needs {needs}");
    ensure!(scripts.is_empty(), "what scripts do, removal cannot undo: {scripts}");
    let unpacked = unpack(kind, package)?;
    let entry = unpacked.join("usr/share/applications/mostik.desktop");
    answer(Command::new("desktop-file-validate").arg(&entry))?;
    let text = fs::read_to_string(&entry)?;
    for line in ["Exec=mostik %u", "MimeType=x-scheme-handler/mostik;", "Icon=mostik"] {
        ensure!(text.lines().any(|own| own == line), "the desktop entry lacks `{line}`:\n{text}");
    }
    let metainfo = unpacked.join("usr/share/metainfo/app.mostik.mostik.metainfo.xml");
    answer(Command::new("appstreamcli").args(["validate", "--no-net"]).arg(metainfo))?;
    Ok(vec![
        ("files", files.len().to_string()),
        ("needs", needs),
        ("scripts", "none".into()),
        ("desktop entry", "valid, with %u and the scheme".into()),
        ("AppStream metadata", "valid".into()),
    ])
}

/// Files, needs, scripts.
type Contents = (BTreeSet<String>, String, String);

pub fn of_deb(package: &Path) -> Result<Contents> {
    let field = |name: &str| answer(Command::new("dpkg-deb").arg("--field").arg(package).arg(name));
    let listed = answer(Command::new("dpkg-deb").arg("--contents").arg(package))?;
    // Rights first: a folder's begin with `d`.
    let lines = listed.lines().filter(|line| !line.starts_with('d'));
    let paths = lines.filter_map(|line| line.split_whitespace().nth(5));
    // `./usr` or `usr`, as the archive has it.
    let files = paths.map(|path| format!("/{}", path.trim_start_matches("./").trim_start_matches('/'))).collect();
    let parts = answer(Command::new("dpkg-deb").arg("--info").arg(package))?;
    let is_script = |line: &&str| ["preinst", "postinst", "prerm", "postrm"].iter().any(|name| line.ends_with(name));
    let scripts: Vec<&str> = parts.lines().filter(is_script).collect();
    ensure!(field("Maintainer")?.trim().len() > 1, "nobody maintains the package");
    Ok((files, field("Depends")?.trim().to_owned(), scripts.join(" ")))
}

pub fn of_rpm(package: &Path) -> Result<Contents> {
    let ask = |words: &[&str]| answer(Command::new("rpm").arg("--query").args(words).arg("--package").arg(package));
    let listed = ask(&["--list"])?;
    let files = listed.lines().filter(|path| path.starts_with('/')).map(str::to_owned).collect();
    let needs = ask(&["--requires"])?;
    let needs: Vec<&str> = needs.lines().filter(|need| !need.starts_with("rpmlib(")).collect();
    Ok((files, needs.join(", "), ask(&["--scripts"])?.trim().to_owned()))
}

fn unpack(kind: Kind, package: &Path) -> Result<std::path::PathBuf> {
    let folder = root().join("target/package").join(kind.name());
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    match kind {
        Kind::Deb => answer(Command::new("dpkg-deb").arg("--extract").arg(package).arg(&folder))?,
        Kind::Rpm => {
            // As a plain archive: rpm itself would want to install.
            let script = "rpm2cpio \"$1\" | cpio --extract --make-directories --quiet";
            answer(Command::new("sh").args(["-c", script, "sh"]).arg(package).current_dir(&folder))?
        }
    };
    fs::canonicalize(&folder).with_context(|| format!("cannot unpack {}", package.display()))
}
