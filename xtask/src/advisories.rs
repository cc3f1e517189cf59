//! `cargo xtask advisories`: known faults of what we build upon, by those who keep lists of them. Crates: RustSec, by cargo-deny; packages of
//! npm: their registry. Both have to be asked over the network, so this is a command of its own.

use std::process::{Command, Output};

use anyhow::{Result, bail, ensure};
use mostik_world::root;
use serde_json::Value;

use crate::{build, checks, console, ui};

/// Folders with a lock file of npm.
const NPM: [&str; 3] = ["ui", "crates/sandbox/tests/official_client", "crates/service/tests/smsc"];

/// What was learnt of one lock file.
#[derive(Debug, PartialEq, Eq)]
enum Known {
    Nothing,
    /// In the words of the list.
    Faults(String),
    /// Why the list could not be asked.
    NotAsked(String),
}

/// Asks about every lock file.
///
/// # Errors
/// When a fault is known, or a list cannot be asked: nothing is known then.
pub fn advisories(words: &[String]) -> Result<()> {
    ensure!(words.is_empty(), "advisories takes nothing");
    build::fetch()?;
    build::fetch_for_fuzz()?;
    let mut told = Vec::new();
    for manifest in ["Cargo.toml", "fuzz/Cargo.toml"] {
        let mut deny = Command::new(checks::cargo_deny()?);
        deny.args(["--manifest-path", manifest, "--locked", "check", "advisories"]).current_dir(root());
        told.push((manifest, of_crates(&deny.output()?)));
    }
    for folder in NPM {
        let audit = ui::npm(&root().join(folder), &["audit", "--package-lock-only", "--json"]).output()?;
        told.push((folder, of_npm(&audit)));
    }
    let mut bad = Vec::new();
    for (what, known) in told {
        match known {
            Known::Nothing => console::plain(&format!("{what}: nothing is known")),
            Known::Faults(list) => {
                console::plain(&format!("{what}:\n{list}"));
                bad.push(format!("{what} has known faults"));
            }
            Known::NotAsked(why) => bad.push(format!("{what} could not be asked about: {why}")),
        }
    }
    if !bad.is_empty() {
        bail!("{}", bad.join("; "));
    }
    Ok(())
}

fn of_crates(output: &Output) -> Known {
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        return Known::Nothing;
    }
    // It ends alike whether it has found something or has had nothing to look in.
    match said.lines().find(|line| line.contains("advisory database") || line.contains("FETCH_HEAD")) {
        Some(why) => Known::NotAsked(why.trim().to_owned()),
        None => Known::Faults(said.into_owned()),
    }
}

fn of_npm(output: &Output) -> Known {
    let said: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    match said["metadata"]["vulnerabilities"]["total"].as_u64() {
        Some(0) => Known::Nothing,
        Some(_) => Known::Faults(format!("{:#}", said["vulnerabilities"])),
        None => {
            let why = [&said["message"], &said["error"]["summary"]].into_iter().find_map(Value::as_str);
            Known::NotAsked(why.filter(|why| !why.is_empty()).unwrap_or("the registry gave no list").to_owned())
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    fn output(status: i32, stdout: &str, stderr: &str) -> Output {
        Output { status: ExitStatusExt::from_raw(status << 8), stdout: stdout.into(), stderr: stderr.into() }
    }

    #[test]
    fn a_list_that_cannot_be_asked_is_no_empty_list() {
        let lost = output(1, "", "2026 [ERROR] failed to fetch advisory database https://…");
        assert!(matches!(of_crates(&lost), Known::NotAsked(_)));
        assert_eq!(
            of_crates(&output(1, "", "error[vulnerability]: x")),
            Known::Faults("error[vulnerability]: x".into())
        );
        assert_eq!(of_crates(&output(0, "", "advisories ok")), Known::Nothing);
        let refused = r#"{"message":"405 Method Not Allowed","error":{"summary":"","detail":""}}"#;
        assert_eq!(of_npm(&output(1, refused, "")), Known::NotAsked("405 Method Not Allowed".into()));
        assert!(matches!(of_npm(&output(1, "", "")), Known::NotAsked(_)));
        let total = |number: u32| {
            format!(r#"{{"vulnerabilities":{{}},"metadata":{{"vulnerabilities":{{"total":{number}}}}}}}"#)
        };
        assert_eq!(of_npm(&output(0, &total(0), "")), Known::Nothing);
        assert!(matches!(of_npm(&output(1, &total(2), "")), Known::Faults(_)));
    }
}
