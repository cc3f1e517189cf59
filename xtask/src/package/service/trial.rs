//! Installs a package of the service into a copy of this system, finishes its configuration, runs what its unit runs, upgrades it
//! and removes it. No systemd runs in that copy: the unit's command is started by hand, as the unit's user, without capabilities,
//! and what it tells systemd is heard here.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use mostik_world::root;

use super::{lay_out::CONFIGURATION, listen::Listener};
use crate::{
    console,
    package::findings::{Findings, Kind},
    system,
};

/// A cold start on a slow machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Tries a package, and the upgrade to a newer one.
pub fn trial(kind: Kind, package: &Path, newer: &Path) -> Result<Findings> {
    let sockets = package.with_file_name("sockets");
    let listener = Listener::open(&sockets, PATIENCE)?;
    let settings = package.with_file_name("finished.toml");
    fs::write(&settings, finished(package)?)?;
    let prefix = system::as_root().context("a trial installation needs root, or a sudo that asks no password")?;
    let mut command = Command::new(prefix[0]);
    command.args(&prefix[1..]).args(["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh"]);
    command.arg(root().join("xtask/src/package/service/trial.sh"));
    command.arg(kind.name()).args([package, newer, &settings, &sockets]);
    let mut trial = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("cannot start unshare")?;
    let followed = follow(&mut trial, &listener);
    if followed.is_err() {
        trial.kill().ok();
    }
    let found = followed?;
    ensure!(trial.wait()?.success(), "the trial failed");
    Ok(found)
}

/// Reads what the script prints: `stage`s, services that `serve` somewhere and are looked at, one that `end`s, what it `left`.
fn follow(trial: &mut Child, listener: &Listener) -> Result<Findings> {
    let (mut go_on, told): (ChildStdin, ChildStdout) =
        (trial.stdin.take().context("no input")?, trial.stdout.take().context("no output")?);
    let (mut found, mut left): (Findings, Vec<String>) = (Vec::new(), Vec::new());
    for line in BufReader::new(told).lines() {
        let line = line?;
        console::detail(&line);
        match line.split_once(' ').unwrap_or((&line, "")) {
            ("stage", stage) => found.push(("trial", stage.to_owned())),
            ("serves", ready) => {
                listener.hear("READY=1")?;
                listener.hear("WATCHDOG=1")?;
                found.push(("trial", health(ready)?));
                writeln!(go_on)?;
            }
            ("ends", _) => {
                listener.hear("STOPPING=1")?;
                writeln!(go_on)?;
            }
            ("left", file) => left.push(file.to_owned()),
            _ => bail!("the trial says {line:?}"),
        }
    }
    ensure!(left.is_empty(), "removal left {left:?}");
    Ok(found)
}

/// Asks a service whether it can work. `ready` is the line that it printed.
fn health(ready: &str) -> Result<String> {
    let line: serde_json::Value = serde_json::from_str(ready).with_context(|| format!("{ready:?} is no JSON"))?;
    let address =
        line["service"].as_str().and_then(|url| url.strip_prefix("http://")).context("it names no address")?;
    let mut connection = TcpStream::connect(address).with_context(|| format!("{address} does not answer"))?;
    connection.set_read_timeout(Some(PATIENCE))?;
    connection
        .write_all(format!("GET /health/ready HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").as_bytes())?;
    let mut text = String::new();
    connection.read_to_string(&mut text)?;
    ensure!(text.starts_with("HTTP/1.1 200 "), "/health/ready answers {text:?}");
    Ok("serves as mostik without capabilities; READY and WATCHDOG told; /health/ready answers 200".into())
}

/// The package's own configuration with what an operator has to fill in; nobody is at the addresses.
fn finished(package: &Path) -> Result<String> {
    let tree = package.with_file_name("tree");
    let mut text = fs::read_to_string(tree.join(CONFIGURATION)).context("the reference file cannot be read")?;
    for (empty, filled) in [
        ("\nlisten = \"127.0.0.1:8080\"\n", "\nlisten = \"127.0.0.1:0\"\n"),
        ("\n#secret_key = \"\"\n", "\nsecret_key = \"a-secret-of-the-trial-0123456789abcdef\"\n"),
        ("\n#client_id = \"\"\n", "\nclient_id = \"trial\"\n"),
        ("\n#client_secret = \"\"\n", "\nclient_secret = \"trial\"\n"),
        ("\n#name = \"\"\n", "\nname = \"trial\"\n"),
        ("\n#smpp = \"\"\n", "\nsmpp = \"127.0.0.1:9\"\n"),
        ("\n#system_id = \"\"\n", "\nsystem_id = \"trial\"\n"),
        ("\n#password = \"\"\n", "\npassword = \"trial\"\n"),
        ("\n#server = \"\"\n", "\nserver = \"mail.trial.example\"\n"),
        ("\n#from = \"\"\n", "\nfrom = \"no-reply@trial.example\"\n"),
        ("\napi_url = \"https://platform-api2.max.ru\"\n", "\napi_url = \"http://127.0.0.1:9\"\n"),
        ("\n#token = \"\"\n", "\ntoken = \"trial\"\n"),
        ("\n#bot = \"\"\n", "\nbot = \"trial_bot\"\n"),
    ] {
        ensure!(text.contains(empty), "the reference file no longer has the line {empty:?}");
        text = text.replacen(empty, filled, 1);
    }
    Ok(text)
}
