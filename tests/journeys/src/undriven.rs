//! The app without a driver: a driver goes where the program starts again.

use std::{
    fs,
    path::PathBuf,
    process::{Command, ExitStatus},
};

use anyhow::{Context, Result};
use image::RgbImage;
use mostik_world::{Program, program};
use rustix::process::{Pid, Signal, kill_process};

use crate::{
    Stand, TIMEOUT,
    log::{PAINTED, log_in},
    page_process, screen,
    screen_reader::ScreenReader,
    until,
};

/// The running app, which nobody drives.
pub struct UndrivenApp {
    program: Program,
    display: String,
    logs: PathBuf,
}

impl UndrivenApp {
    /// Starts the app in the stand's home.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(stand: &Stand, words: &[&str]) -> Result<Self> {
        Self::start_as(stand, words, |_| {})
    }

    /// The same, beside a screen reader.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start_beside(reader: &ScreenReader, stand: &Stand, words: &[&str]) -> Result<Self> {
        Self::start_as(stand, words, |command| reader.listen_to(command))
    }

    fn start_as(stand: &Stand, words: &[&str], prepare: impl FnOnce(&mut Command)) -> Result<Self> {
        let mut command = Command::new(program("mostik")?);
        prepare(stand.home.enter(&mut command));
        command.args(words).env("MOSTIK_SERVICE", stand.proxy.address());
        // Which inputs the machine got, and what it made of them.
        command.env("MOSTIK_LOG", "mostik_engine=debug,mostik_app=info");
        let log = stand.home.folder().join("log/alone.log");
        let program = Program::start("the app", &mut command, &log)?;
        Ok(Self { program, display: stand.home.display().to_owned(), logs: stand.home.app_logs() })
    }

    /// Stops the process that draws the page before it has painted: the window stays empty, for as long as anybody waits. Not the
    /// one that `but` names.
    ///
    /// # Errors
    /// When none comes.
    pub async fn stop_drawing(&self, but: Option<Pid>) -> Result<Pid> {
        until("a process that draws", || async {
            let pid = page_process::processes(self.program.pid()).into_iter().find(|pid| Some(*pid) != but)?;
            kill_process(pid, Signal::STOP).ok().map(|()| pid)
        })
        .await
    }

    /// Lets a process that was stopped go on.
    ///
    /// # Errors
    /// When it has ended.
    pub fn go_on_drawing(&self, pid: Pid) -> Result<()> {
        kill_process(pid, Signal::CONT).context("the process that draws has ended")
    }

    /// Waits until no process of the app draws any more.
    ///
    /// # Errors
    /// When one is left.
    pub async fn leaves_nothing(&self) -> Result<()> {
        until("the end of what draws", || async {
            page_process::processes(self.program.pid()).is_empty().then_some(())
        })
        .await
    }

    /// Waits until this stands in the log on the disk, which is what a person is asked to send.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn logs(&self, words: &str) -> Result<()> {
        self.logs_times(words, 1).await
    }

    /// Waits until this stands there so often.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn logs_times(&self, words: &str, times: usize) -> Result<()> {
        until(words, || async { (log_in(&self.logs).matches(words).count() >= times).then_some(()) }).await
    }

    /// Waits until a page has painted.
    ///
    /// # Errors
    /// When none does.
    pub async fn paints(&self) -> Result<()> {
        self.logs(PAINTED).await
    }

    /// What the app has written to standard error.
    #[must_use]
    pub fn errors(&self) -> String {
        fs::read_to_string(self.program.log()).unwrap_or_default()
    }

    /// The arguments that it runs with now.
    ///
    /// # Errors
    /// When it has ended.
    pub fn words(&self) -> Result<Vec<String>> {
        let line = fs::read(format!("/proc/{}/cmdline", self.program.pid())).context("the app has ended")?;
        let words = line.split(|byte| *byte == 0).skip(1).filter(|word| !word.is_empty());
        Ok(words.map(|word| String::from_utf8_lossy(word).into_owned()).collect())
    }

    /// A picture of its window.
    ///
    /// # Errors
    /// When it shows none.
    pub fn picture(&self) -> Result<RgbImage> {
        screen::take(&self.display, self.program.pid())
    }

    /// Waits for a window with this title: the system's own message has no page to be asked.
    ///
    /// # Errors
    /// When none comes.
    pub async fn shows_window(&self, title: &str) -> Result<()> {
        let found = || screen::title(&self.display, self.program.pid()).ok().filter(|found| found == title);
        until(title, || async { found() }).await.map(|_| ())
    }

    /// The process.
    #[must_use]
    pub const fn pid(&self) -> u32 {
        self.program.pid()
    }

    /// Waits for the program to end by itself.
    ///
    /// # Errors
    /// When it does not end.
    pub fn ends(&mut self) -> Result<ExitStatus> {
        self.program.wait(TIMEOUT)
    }

    /// Closes its window as a person does, and waits for the program to end.
    ///
    /// # Errors
    /// When it does not end.
    pub fn close(mut self) -> Result<ExitStatus> {
        screen::close(&self.display, self.program.pid())?;
        self.program.wait(TIMEOUT)
    }
}
