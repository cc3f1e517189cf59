//! Units: their files, their processes, and the commands for them.

use std::{
    env, fs,
    os::unix::{net::UnixDatagram, process::CommandExt},
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open},
};

/// What systemctl answers for a unit that does not run.
const INACTIVE: u8 = 3;

/// Carries a command line of systemctl out.
pub fn run(words: Vec<String>) -> Result<ExitCode> {
    let root = PathBuf::from(env::var_os("MACHINE_ROOT").context("MACHINE_ROOT is not set")?);
    let is_now = words.iter().any(|word| word == "--now");
    let plain: Vec<_> = words.iter().filter(|word| !word.starts_with('-')).collect();
    let (verb, names) = plain.split_first().context("a command is expected")?;
    if *verb == "daemon-reload" {
        return Ok(ExitCode::SUCCESS);
    }
    ensure!(!names.is_empty(), "a unit is expected");
    for name in names {
        let unit = Unit::read(&root, name)?;
        match verb.as_str() {
            "enable" if !is_now => {}
            "enable" | "start" => unit.start()?,
            "stop" => unit.stop()?,
            "restart" => {
                unit.stop()?;
                unit.start()?;
            }
            "try-restart" if unit.process().is_none() => {}
            "try-restart" => {
                unit.stop()?;
                unit.start()?;
            }
            "reload" => unit.reload()?,
            "is-active" => {
                let is_active = unit.process().is_some();
                println!("{}", if is_active { "active" } else { "inactive" });
                if !is_active {
                    return Ok(ExitCode::from(INACTIVE));
                }
            }
            other => bail!("`{other}` is not stood in for"),
        }
    }
    Ok(ExitCode::SUCCESS)
}

struct Unit {
    root: PathBuf,
    name: String,
    text: String,
}

impl Unit {
    fn read(root: &Path, name: &str) -> Result<Self> {
        let name = name.trim_end_matches(".service").to_owned();
        let file = root.join(format!("usr/lib/systemd/system/{name}.service"));
        let text = fs::read_to_string(&file).with_context(|| format!("Unit {name}.service not found."))?;
        Ok(Self { root: root.to_owned(), name, text })
    }

    fn setting(&self, name: &str) -> Option<&str> {
        self.text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
    }

    fn timeout(&self, name: &str) -> Duration {
        let seconds = self.setting(name).and_then(|value| value.trim_end_matches('s').parse().ok());
        Duration::from_secs(seconds.unwrap_or(90))
    }

    fn state(&self, what: &str) -> PathBuf {
        self.root.join("run").join(format!("{}.{what}", self.name))
    }

    fn process(&self) -> Option<Pid> {
        let pid = fs::read_to_string(self.state("pid")).ok()?.trim().parse().ok()?;
        // A process that has ended stays in the list until somebody asks how.
        let status = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let state = status.rsplit(')').next()?.trim_start().chars().next()?;
        (state != 'Z').then(|| Pid::from_raw(pid)).flatten()
    }

    // What the unit's file names lies below the machine's root, where it is there.
    fn command(&self, line: &str) -> Result<Command> {
        let here = |word: &str| {
            let below = self.root.join(word.trim_start_matches('/'));
            if word.starts_with('/') && below.exists() { below.display().to_string() } else { word.to_owned() }
        };
        let mut words = line.split_whitespace().map(here);
        let mut command = Command::new(words.next().context("the command is empty")?);
        command.args(words).stdin(Stdio::null());
        Ok(command)
    }

    fn start(&self) -> Result<()> {
        if self.process().is_some() {
            return Ok(());
        }
        fs::create_dir_all(self.root.join("run"))?;
        let mut command = self.command(self.setting("ExecStart").context("the unit has no ExecStart")?)?;
        let log = fs::File::options().create(true).append(true).open(self.state("log"))?;
        // Not this program's group: it is to live on.
        command.stdout(log.try_clone()?).stderr(log).process_group(0).current_dir(&self.root);
        let socket = match self.setting("Type") {
            Some("notify" | "notify-reload") => {
                let path = self.state("notify");
                fs::remove_file(&path).ok();
                command.env("NOTIFY_SOCKET", &path);
                Some(UnixDatagram::bind(&path)?)
            }
            _ => None,
        };
        let child = command.spawn().with_context(|| format!("{}.service: cannot be started", self.name))?;
        let pid = i32::try_from(child.id())?;
        fs::write(self.state("pid"), pid.to_string())?;
        if let Some(socket) = socket {
            self.await_ready(&socket, Pid::from_raw(pid).context("no process")?)?;
        }
        Ok(())
    }

    fn await_ready(&self, socket: &UnixDatagram, process: Pid) -> Result<()> {
        let pidfd = pidfd_open(process, PidfdFlags::empty())?;
        let within = self.timeout("TimeoutStartSec");
        let begun = Instant::now();
        let mut words = [0; 4096];
        loop {
            let left = within.saturating_sub(begun.elapsed());
            let mut sources = [PollFd::new(socket, PollFlags::IN), PollFd::new(&pidfd, PollFlags::IN)];
            poll(&mut sources, Some(&Timespec::try_from(left)?))?;
            let (told, ended) = (sources[0].revents(), sources[1].revents());
            if told.contains(PollFlags::IN) {
                let length = socket.recv(&mut words)?;
                if String::from_utf8_lossy(&words[..length]).lines().any(|line| line == "READY=1") {
                    return Ok(());
                }
            } else if ended.contains(PollFlags::IN) {
                bail!("{}.service has ended:\n{}", self.name, self.last_words());
            } else if left.is_zero() {
                bail!("{}.service is not ready after {within:?}:\n{}", self.name, self.last_words());
            }
        }
    }

    fn stop(&self) -> Result<()> {
        let Some(process) = self.process() else { return Ok(()) };
        let pidfd = pidfd_open(process, PidfdFlags::empty())?;
        kill_process(process, Signal::TERM)?;
        let within = self.timeout("TimeoutStopSec");
        let mut sources = [PollFd::new(&pidfd, PollFlags::IN)];
        if poll(&mut sources, Some(&Timespec::try_from(within)?))? == 0 {
            kill_process(process, Signal::KILL)?;
            bail!("{}.service did not end within {within:?}", self.name);
        }
        fs::remove_file(self.state("pid")).ok();
        Ok(())
    }

    fn reload(&self) -> Result<()> {
        let process = self.process().with_context(|| format!("{}.service is not active", self.name))?;
        let line = self.setting("ExecReload").with_context(|| format!("{}.service has no ExecReload", self.name))?;
        let line = line.replace("$MAINPID", &process.as_raw_nonzero().to_string());
        ensure!(self.command(&line)?.status()?.success(), "{}.service could not be reloaded", self.name);
        Ok(())
    }

    fn last_words(&self) -> String {
        let log = fs::read_to_string(self.state("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}
