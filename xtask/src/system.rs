//! Packages of the system: looked up, listed, and installed where that can be done without a question.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::{build, console};

/// What a command needs of the system.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// To build the sandbox and the service.
    Programs,
    /// To build the app and open its window.
    Window,
    /// To open the window on a virtual display with a keyring of its own, and drive it.
    Stage,
    /// To make packages, look into them and install them on trial.
    Package,
    /// The same of the service alone.
    ServicePackage,
    /// To draw every screen in a browser without a display.
    Gallery,
    /// To start several nodes of the service.
    Nodes,
    /// To check what opens neither a window nor a browser.
    FastChecks,
    /// To check everything.
    Checks,
}

const PROGRAMS: &[Package] = &[Package { apt: "build-essential", dnf: "gcc gcc-c++ make", pacman: "base-devel" }];

const WINDOW: &[Package] = &[
    Package { apt: "libwebkit2gtk-4.1-dev", dnf: "webkit2gtk4.1-devel", pacman: "webkit2gtk-4.1" },
    Package { apt: "libgtk-3-dev", dnf: "gtk3-devel", pacman: "gtk3" },
    Package { apt: "pkg-config", dnf: "pkgconf-pkg-config", pacman: "pkgconf" },
    Package { apt: "xdg-utils", dnf: "xdg-utils", pacman: "xdg-utils" },
];

const STAGE: &[Package] = &[
    Package { apt: "webkit2gtk-driver", dnf: "webkit2gtk-driver", pacman: "webkit2gtk-4.1" },
    Package { apt: "xvfb", dnf: "xorg-x11-server-Xvfb", pacman: "xorg-server-xvfb" },
    Package { apt: "dbus", dnf: "dbus-daemon", pacman: "dbus" },
    Package { apt: "gnome-keyring", dnf: "gnome-keyring", pacman: "gnome-keyring" },
    // gio and xdg-mime carry links between programs.
    Package { apt: "libglib2.0-bin", dnf: "glib2", pacman: "glib2" },
    Package { apt: "desktop-file-utils", dnf: "desktop-file-utils", pacman: "desktop-file-utils" },
    PYTHON,
    // Devices whose clock is wrong, and codes that have run out.
    Package { apt: "libfaketime", dnf: "libfaketime", pacman: "libfaketime" },
    SIGNS,
];

const PACKAGE: &[Package] = &[
    Package { apt: "appstream", dnf: "appstream", pacman: "appstream" },
    Package { apt: "cpio", dnf: "cpio", pacman: "cpio" },
    Package { apt: "rpm2cpio", dnf: "rpm", pacman: "rpm-tools" },
];

const SERVICE_PACKAGE: &[Package] = &[
    Package { apt: "dpkg", dnf: "dpkg", pacman: "dpkg" },
    Package { apt: "dpkg-dev", dnf: "dpkg-dev", pacman: "dpkg" },
    Package { apt: "rpm", dnf: "rpm rpm-build", pacman: "rpm-tools" },
    // Makes the user, and rates the unit.
    Package { apt: "systemd", dnf: "systemd", pacman: "systemd" },
];
const GALLERY: &[Package] = &[Package { apt: "chromium", dnf: "chromium", pacman: "chromium" }, SIGNS];

/// A second keyring, of another desktop: KDE's wallet, and the cryptography by which it speaks to programs.
const WALLET: &[Package] = &[
    Package { apt: "libkf5wallet-bin", dnf: "kf5-kwallet", pacman: "kwallet5" },
    Package { apt: "libqca-qt5-2-plugins", dnf: "qca-qt5-ossl", pacman: "qca-qt5" },
];

/// PostgreSQL: the tests start one of their own, and never the system's. psql and pgrep come along.
const DATABASE: &[Package] = &[
    Package { apt: "postgresql", dnf: "postgresql-server", pacman: "postgresql" },
    Package { apt: "procps", dnf: "procps-ng", pacman: "procps-ng" },
];

/// What stands before several nodes.
const BALANCER: &[Package] = &[Package { apt: "haproxy", dnf: "haproxy", pacman: "haproxy" }];
/// Prometheus with its promtool, which read the service's metrics and the alert rules.
const WATCH: &[Package] = &[Package { apt: "prometheus", dnf: "golang-github-prometheus", pacman: "prometheus" }];

/// Signs that the app's own font lacks.
const SIGNS: Package = Package { apt: "fonts-dejavu-core", dnf: "dejavu-sans-fonts", pacman: "ttf-dejavu" };

/// The mail server of the tests, and what finds wrong spelling and wrong licences.
const PYTHON: Package = Package { apt: "python3-venv", dnf: "python3", pacman: "python" };

/// The browser of the gallery under the names that systems give it, the lists' one first.
const BROWSERS: &[&str] = &["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

struct Package {
    apt: &'static str,
    dnf: &'static str,
    pacman: &'static str,
}

/// Sees to the packages: installs them by apt where that needs no password, and says the exact command elsewhere.
pub fn ready(need: Need) -> Result<()> {
    if !cfg!(target_os = "linux") {
        return elsewhere(need);
    }
    let wanted = wanted(need);
    if has("dpkg-query") {
        debian(&wanted)
    } else if has("dnf") {
        known("rpm", &["-q", "--whatprovides"], wanted.iter().map(|package| package.dnf), "sudo dnf install")
    } else if has("pacman") {
        known("pacman", &["-Qi"], wanted.iter().map(|package| package.pacman), "sudo pacman -S --needed")
    } else {
        let names: Vec<_> = wanted.iter().map(|package| package.apt).collect();
        console::detail(&format!(
            "this system's packages are not known here; Debian calls what is needed: {}",
            names.join(" ")
        ));
        Ok(())
    }
}

fn wanted(need: Need) -> Vec<&'static Package> {
    let lists: &[&[Package]] = match need {
        Need::Programs => &[PROGRAMS],
        Need::Window => &[PROGRAMS, WINDOW],
        Need::Stage => &[PROGRAMS, WINDOW, STAGE],
        Need::Package => &[PROGRAMS, WINDOW, STAGE, PACKAGE, SERVICE_PACKAGE],
        Need::ServicePackage => &[PROGRAMS, SERVICE_PACKAGE],
        Need::Gallery => &[GALLERY],
        Need::Nodes => &[PROGRAMS, DATABASE, BALANCER],
        Need::FastChecks => &[PROGRAMS, WINDOW, &[PYTHON], DATABASE, WATCH],
        Need::Checks => &[PROGRAMS, WINDOW, STAGE, WALLET, GALLERY, DATABASE, BALANCER, WATCH],
    };
    lists.iter().copied().flatten().collect()
}

fn debian(wanted: &[&Package]) -> Result<()> {
    let missing: Vec<&str> = wanted.iter().map(|package| package.apt).filter(|name| !is_installed(name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    console::step(&format!("system packages that are missing: {}", missing.join(" ")));
    let by_hand = format!("sudo apt-get update && sudo apt-get install --no-install-recommends {}", missing.join(" "));
    let Some(prefix) = as_root() else {
        bail!("they cannot be installed without a password; please run\n  {by_hand}\nand then this command once more");
    };
    console::detail("installing them by apt-get");
    for words in [&["update", "-qq"][..], &["install", "-y", "-qq", "--no-install-recommends"][..]] {
        let mut command = Command::new(prefix[0]);
        command.args(&prefix[1..]).args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        command.args(words).stdout(Stdio::null());
        if words[0] == "install" {
            command.args(&missing);
        }
        build::succeed(&mut command).with_context(|| format!("please run by hand:\n  {by_hand}"))?;
    }
    Ok(())
}

fn is_installed(package: &str) -> bool {
    Command::new("dpkg-query")
        .args(["--show", "--showformat=${db:Status-Status}", package])
        .stderr(Stdio::null())
        .output()
        .is_ok_and(|output| output.stdout == b"installed")
}

/// What goes before a command that root alone may run: nothing to speak of for root, else a sudo that asks for no password.
pub fn as_root() -> Option<&'static [&'static str]> {
    let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0");
    if root {
        return Some(&["env"]);
    }
    let sudo = Command::new("sudo").args(["-n", "true"]).stderr(Stdio::null()).status();
    sudo.is_ok_and(|status| status.success()).then_some(&["sudo", "-n", "env"])
}

fn known(asker: &str, words: &[&str], names: impl Iterator<Item = &'static str>, install: &str) -> Result<()> {
    let missing: Vec<&str> = names
        .flat_map(str::split_whitespace)
        .filter(|name| {
            let asked = Command::new(asker).args(words).arg(name).stdout(Stdio::null()).stderr(Stdio::null()).status();
            !asked.is_ok_and(|status| status.success())
        })
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    bail!("system packages are missing; please run\n  {install} {}\nand then this command once more", missing.join(" "))
}

/// Where the browser of the gallery is; nowhere on systems that keep programs elsewhere, where Chrome is looked for instead.
pub fn browser() -> Option<PathBuf> {
    BROWSERS.iter().find_map(|name| place(name))
}

fn elsewhere(need: Need) -> Result<()> {
    match need {
        Need::Stage | Need::Checks => {
            bail!("the tour and the journeys drive WebKitGTK on a virtual display: they run on Linux only")
        }
        Need::Package | Need::ServicePackage => bail!("the packages of Linux are made on Linux only"),
        // Chrome is found by its usual place, and its absence told by whoever starts it.
        Need::Gallery => return Ok(()),
        Need::Programs | Need::Window | Need::Nodes | Need::FastChecks => {}
    }
    if cfg!(target_os = "macos") && !has("clang") {
        bail!("Apple's command line tools are missing; please run\n  xcode-select --install");
    }
    Ok(())
}

fn has(program: &str) -> bool {
    place(program).is_some()
}

/// Where on the path a program is.
fn place(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|place| place.exists())
}
