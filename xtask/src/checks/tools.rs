//! Tools that the checks use, in the versions that they were written for, in target/tools.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Context, Result};
use mostik_world::root;

use crate::{build, console, stamp, ui};

const DENY: Tool = Tool { package: "cargo-deny", program: "cargo-deny", version: "0.20.2" };
const TYPOS: Tool = Tool { package: "typos-cli", program: "typos", version: "1.52.0" };

struct Tool {
    package: &'static str,
    program: &'static str,
    version: &'static str,
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
    let python = place.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let there = Command::new(&python).args(["-c", "import aiosmtpd"]).stderr(Stdio::null()).status();
    if !there.is_ok_and(|status| status.success()) {
        console::detail(&format!("installing {WANTED} into target/tools/mail (once)"));
        build::succeed(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&place))?;
        build::succeed(Command::new(&python).args(["-m", "pip", "install", "--quiet", WANTED]))?;
    }
    Ok(())
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
    /// The program, built into target/tools when it is not there in this version.
    fn ready(&self) -> Result<PathBuf> {
        let tools = root().join("target/tools");
        let path = tools.join("bin").join(self.program).with_extension(std::env::consts::EXE_EXTENSION);
        let there = Command::new(&path).arg("--version").output();
        if !there.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim().ends_with(self.version)) {
            console::detail(&format!(
                "building {} {} into target/tools (once, some minutes)",
                self.package, self.version
            ));
            let wanted = format!("{}@{}", self.package, self.version);
            build::succeed(build::cargo_plain(&["install", "--locked", "--quiet", "--root"]).arg(&tools).arg(wanted))?;
        }
        Ok(path)
    }
}
