//! One program that was started here, and that ends when its value is dropped.

use std::{
    collections::BTreeSet,
    fs::File,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Mutex, MutexGuard, PoisonError,
        mpsc::{self, Receiver, RecvTimeoutError},
    },
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail};

/// Process groups that were started here and still run.
static RUNNING: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

/// On Ctrl-C, and when asked politely to end, this program ends all that it has started, and then itself: no value is dropped
/// then.
///
/// # Errors
/// When somebody listens for Ctrl-C already.
pub fn end_all_on_interrupt() -> Result<()> {
    const INTERRUPTED: i32 = 130;
    ctrlc::set_handler(|| {
        for pid in running().iter() {
            signal(*pid, Signal::End);
        }
        std::process::exit(INTERRUPTED);
    })
    .context("cannot listen for Ctrl-C")
}

fn running() -> MutexGuard<'static, BTreeSet<u32>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How long a program may take to end by itself before it is killed.
const GRACE: Duration = Duration::from_secs(5);

/// A running program in a process group of its own, with its output in a file.
pub struct Program {
    name: String,
    pid: u32,
    log: PathBuf,
    /// Lines of standard output, when they were asked for.
    lines: Receiver<String>,
    ended: Receiver<ExitStatus>,
    status: Option<ExitStatus>,
}

impl Program {
    /// Starts `command`; what it prints goes to `log`.
    ///
    /// # Errors
    /// When the program or the log cannot be opened.
    pub fn start(name: &str, command: &mut Command, log: &Path) -> Result<Self> {
        let out = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
        let errors = out.try_clone()?;
        group(command);
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .with_context(|| format!("cannot start {name} ({})", command.get_program().display()))?;
        let pid = child.id();
        let lines = follow(&mut child, out);
        let (tell, ended) = mpsc::channel();
        running().insert(pid);
        thread::spawn(move || {
            let status = child.wait();
            running().remove(&pid);
            // Nobody listens any more when the value was dropped: then the status is of no use either.
            status.ok().and_then(|status| tell.send(status).ok())
        });
        Ok(Self { name: name.to_owned(), pid, log: log.to_owned(), lines, ended, status: None })
    }

    /// The next line of standard output.
    ///
    /// # Errors
    /// When none comes in time or the program ends first; the error carries the end of the log.
    pub fn line(&mut self, within: Duration) -> Result<String> {
        match self.lines.recv_timeout(within) {
            Ok(line) => Ok(line),
            Err(RecvTimeoutError::Timeout) => bail!("{} said nothing in {within:?}{}", self.name, self.last_words()),
            Err(RecvTimeoutError::Disconnected) => {
                bail!("{} ended before it was ready{}", self.name, self.last_words())
            }
        }
    }

    /// The process id, which is also the id of the process group.
    #[must_use]
    pub const fn pid(&self) -> u32 {
        self.pid
    }

    /// Where the output goes.
    #[must_use]
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// Whether it has ended, and how.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.status = self.status.or_else(|| self.ended.try_recv().ok());
        self.status
    }

    /// Waits for the program to end by itself.
    ///
    /// # Errors
    /// When it still runs after `within`.
    pub fn wait(&mut self, within: Duration) -> Result<ExitStatus> {
        if self.status.is_none() {
            self.status = self.ended.recv_timeout(within).ok();
        }
        self.status.with_context(|| format!("{} still runs after {within:?}{}", self.name, self.last_words()))
    }

    /// Asks the whole group to end; see [`Program::wait`].
    pub fn ask_to_end(&mut self) {
        if self.ended().is_none() {
            signal(self.pid, Signal::End);
        }
    }

    /// Asks the whole group to end, and after a while makes it.
    pub fn stop(&mut self) {
        if self.ended().is_none() {
            signal(self.pid, Signal::End);
            if self.wait(GRACE).is_err() {
                self.kill();
            }
        }
    }

    /// `kill -9` for the whole group.
    pub fn kill(&mut self) {
        if self.ended().is_none() {
            signal(self.pid, Signal::Kill);
            self.status = self.ended.recv_timeout(GRACE).ok();
        }
    }

    /// For one whose being ready is told elsewhere than in its lines; the error carries the end of the log.
    #[cfg(unix)]
    pub(crate) fn is_not_ready(&self) -> anyhow::Error {
        anyhow::anyhow!("{} does not get ready{}", self.name, self.last_words())
    }

    /// The end of what it has printed, for an error that it is the cause of.
    #[must_use]
    pub fn last_words(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let tail = lines[lines.len().saturating_sub(12)..].join("\n  ");
        format!("\n  {tail}\n  (all of it: {})", self.log.display())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.stop();
        // What it has started itself may have outlived it.
        signal(self.pid, Signal::Kill);
    }
}

fn follow(child: &mut Child, mut log: File) -> Receiver<String> {
    let (tell, lines) = mpsc::channel();
    if let Some(out) = child.stdout.take() {
        thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if writeln!(log, "{line}").is_err() {
                    break;
                }
                // The log goes on when nobody reads the lines any more.
                tell.send(line).ok();
            }
        });
    }
    lines
}

#[derive(Clone, Copy)]
enum Signal {
    End,
    Kill,
}

#[cfg(unix)]
fn group(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

#[cfg(unix)]
fn signal(pid: u32, signal: Signal) {
    use rustix::process::{Pid, Signal as Unix, kill_process_group};
    let wanted = match signal {
        Signal::End => Unix::TERM,
        Signal::Kill => Unix::KILL,
    };
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        // It may have ended a moment ago: that is what was wanted.
        kill_process_group(pid, wanted).ok();
    }
}

#[cfg(not(unix))]
fn group(_: &mut Command) {}

#[cfg(not(unix))]
fn signal(pid: u32, _: Signal) {
    // Windows knows no polite end for a console program; the tree goes at once.
    Command::new("taskkill").args(["/T", "/F", "/PID", &pid.to_string()]).output().ok();
}
