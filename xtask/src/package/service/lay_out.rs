//! The files of the package, as they will lie in the system.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command};

use anyhow::{Context, Result, ensure};
use mostik_world::root;

use crate::{
    build,
    package::findings::{Kind, answer},
};

/// Where the configuration lies.
pub const CONFIGURATION: &str = "etc/mostik-service/mostik-service.toml";

/// Lays the files out in `tree`.
pub fn lay_out(kind: Kind, program: &Path, tree: &Path) -> Result<()> {
    let packaging = root().join("packaging");
    let put = |place: &str, mode: u32, bytes: &[u8]| put(&tree.join(place), mode, bytes);
    let copy = |place: &str, mode: u32, from: &Path| {
        put(place, mode, &fs::read(from).with_context(|| format!("{} cannot be read", from.display()))?)
    };
    copy("usr/bin/mostik-service", 0o755, program)?;
    copy("usr/lib/systemd/system/mostik-service.service", 0o644, &packaging.join("service/mostik-service.service"))?;
    copy("usr/lib/sysusers.d/mostik-service.conf", 0o644, &packaging.join("service/sysusers.conf"))?;
    put(CONFIGURATION, 0o640, configuration(program)?.as_bytes())?;
    fs::set_permissions(tree.join("etc/mostik-service"), fs::Permissions::from_mode(0o750))?;
    let zsh = match kind {
        Kind::Deb => "usr/share/zsh/vendor-completions",
        Kind::Rpm => "usr/share/zsh/site-functions",
    };
    for (shell, place) in [
        ("bash", "usr/share/bash-completion/completions/mostik-service"),
        ("zsh", &format!("{zsh}/_mostik-service")),
        ("fish", "usr/share/fish/vendor_completions.d/mostik-service.fish"),
    ] {
        put(place, 0o644, answer(Command::new(program).args(["print-completions", shell]))?.as_bytes())?;
    }
    for (place, from) in papers(kind) {
        copy(place, 0o644, &root().join(from))?;
    }
    man_pages(program, &tree.join("usr/share/man/man8"))
}

/// Licences, and the bill of materials: their places, and where they are in the tree.
const fn papers(kind: Kind) -> &'static [(&'static str, &'static str)] {
    match kind {
        Kind::Deb => &[
            ("usr/share/doc/mostik-service/copyright", "packaging/service/copyright"),
            ("usr/share/doc/mostik-service/third-party.txt", "packaging/service/third-party.txt"),
            ("usr/share/doc/mostik-service/mostik-service.cdx.json", "packaging/service/mostik-service.cdx.json"),
        ],
        Kind::Rpm => &[
            ("usr/share/licenses/mostik-service/LICENSE-APACHE", "LICENSE-APACHE"),
            ("usr/share/licenses/mostik-service/LICENSE-MIT", "LICENSE-MIT"),
            ("usr/share/licenses/mostik-service/third-party.txt", "packaging/service/third-party.txt"),
            ("usr/share/doc/mostik-service/mostik-service.cdx.json", "packaging/service/mostik-service.cdx.json"),
        ],
    }
}

/// Another reference file, as a newer version may bring: it must not lie over what an operator wrote.
pub fn change_reference(tree: &Path) -> Result<()> {
    let file = tree.join(CONFIGURATION);
    let text = fs::read_to_string(&file)? + "\n# Another version's reference.\n";
    fs::write(file, text).context("the reference file cannot be written")
}

// Whoever runs a command by hand, wherever that is, has to meet the service's own database.
fn configuration(program: &Path) -> Result<String> {
    const DATABASE: &str = "\ndatabase = \"mostik.sqlite\"\n";
    let reference = answer(Command::new(program).arg("print-config"))?;
    ensure!(reference.matches(DATABASE).count() == 1, "print-config no longer has the line {DATABASE:?}");
    Ok(reference.replace(DATABASE, "\ndatabase = \"/var/lib/mostik-service/mostik.sqlite\"\n"))
}

fn man_pages(program: &Path, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    build::succeed(Command::new(program).arg("write-man-pages").arg(folder))?;
    let mut gzip = Command::new("gzip");
    gzip.args(["--no-name", "--best"]);
    for page in fs::read_dir(folder)? {
        let page = page?.path();
        fs::set_permissions(&page, fs::Permissions::from_mode(0o644))?;
        gzip.arg(page);
    }
    build::succeed(&mut gzip)
}

fn put(path: &Path, mode: u32, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, bytes).with_context(|| format!("{} cannot be written", path.display()))?;
    // Whatever mask is in force here.
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).context("the mode cannot be set")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rpm_lists_all_of_its_papers() {
        let listed = std::fs::read_to_string(root().join("packaging/service/mostik-service.spec")).unwrap();
        for (place, from) in papers(Kind::Rpm) {
            assert!(listed.lines().any(|line| line.ends_with(&format!(" /{place}"))), "{place} is not in the list");
            assert!(root().join(from).is_file(), "{from}");
        }
    }
}
