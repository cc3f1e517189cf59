//! Installs a package into a copy of this system, starts the program by links and removes it. That the right program started and
//! read its link is seen from outside: it asks its service, which is this program, about what the link bears.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use mostik_world::root;

use super::findings::{Findings, Kind};
use crate::{console, system};

/// A cold start of a release build on a slow machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// 22 signs of base64url each.
const HANDLES: [&str; 2] = ["TheFirstLinkOfTheTrial", "TheSecondLinkOfATrial_"];

/// Tries a package.
pub fn trial(kind: Kind, package: &Path) -> Result<Findings> {
    let service = TcpListener::bind("127.0.0.1:0")?;
    let address = format!("http://{}", service.local_addr()?);
    let asked = answer_all(service);
    let prefix = system::as_root().context("a trial installation needs root, or a sudo that asks no password")?;
    let mut command = Command::new(prefix[0]);
    command.args(&prefix[1..]).args(["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh"]);
    command.arg(root().join("xtask/src/package/trial.sh")).arg(kind.name()).arg(package).arg(&address);
    command.args(HANDLES.map(|handle| format!("mostik://open/{handle}")));
    let mut trial = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("cannot start unshare")?;
    let (mut go_on, told) = (trial.stdin.take().context("no input")?, trial.stdout.take().context("no output")?);
    let reader = thread::spawn(move || {
        let lines = BufReader::new(told).lines().map_while(Result::ok);
        lines.inspect(|line| console::detail(line)).collect::<Vec<_>>()
    });
    for handle in HANDLES {
        if let Err(error) = wait_for(&asked, handle, &mut trial) {
            trial.kill().ok();
            bail!("the installed program did not ask for {handle}: {error}");
        }
        writeln!(go_on)?;
    }
    let status = trial.wait()?;
    let lines = reader.join().unwrap_or_default();
    ensure!(status.success(), "the trial failed");
    let of =
        |mark: &str| lines.iter().filter_map(|line| line.strip_prefix(mark)).map(str::to_owned).collect::<Vec<_>>();
    let (left, lost) = (of("left "), of("lost "));
    ensure!(left.is_empty() && lost.is_empty(), "removal left {left:?} and took {lost:?}");
    let kept = of("person ");
    ensure!(!kept.is_empty(), "the person's data is gone with the package");
    let mut found: Findings = of("stage ").into_iter().map(|stage| ("trial", stage)).collect();
    found.push(("left by removal", "nothing".into()));
    found.push(("kept for the person", kept.join(" ").replace("/tmp/person", "~")));
    Ok(found)
}

/// Answers each request with «not found» and tells of its text.
fn answer_all(service: TcpListener) -> Receiver<String> {
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for connection in service.incoming().map_while(Result::ok) {
            let tell = tell.clone();
            thread::spawn(move || read_one(connection).map(|text| tell.send(text)));
        }
    });
    told
}

fn read_one(mut connection: TcpStream) -> Result<String> {
    let mut reader = BufReader::new(connection.try_clone()?);
    let mut length = 0;
    let mut text = String::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse()?;
        }
        text.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    text.push_str(&String::from_utf8_lossy(&body));
    connection.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")?;
    Ok(text)
}

fn wait_for(asked: &Receiver<String>, handle: &str, trial: &mut Child) -> Result<()> {
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        match asked.recv_timeout(Duration::from_millis(200)) {
            Ok(text) if text.contains(handle) => return Ok(()),
            _ => ensure!(trial.try_wait()?.is_none(), "the trial ended before that"),
        }
    }
    bail!("not within {}", console::duration(PATIENCE))
}
