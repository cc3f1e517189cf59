//! A WebDriver server and the one window that it drives.

use std::{net::TcpListener, ops::Deref, path::Path, process::Command, time::Duration};

use anyhow::{Context, Result};
use mostik_world::Program;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use thirtyfour::{Capabilities, WebDriver};
use tokio::net::TcpStream;

use crate::{
    home::Home,
    processes::{self, in_group},
    until,
};

/// A driven window. When it is dropped the server, the window and all their processes end.
pub struct Driven {
    driver: WebDriver,
    server: Program,
    /// The servers that took over from it.
    later: Vec<Program>,
}

impl Driven {
    /// Starts `binary` in `home` under a WebDriver server of its own.
    ///
    /// # Errors
    /// When the server or the window does not come.
    pub async fn start(
        home: &Home,
        name: &str,
        binary: &Path,
        words: &[&str],
        prepare: impl FnOnce(&mut Command) -> Result<()>,
    ) -> Result<Self> {
        let port = free_port()?;
        let mut command = Command::new("WebKitWebDriver");
        home.enter(command.arg(format!("--port={port}")).arg("--host=127.0.0.1"));
        command.env("TAURI_WEBVIEW_AUTOMATION", "true");
        prepare(&mut command)?;
        let server = Program::start(name, &mut command, &home.folder().join(format!("log/{name}.log")))?;
        let mut wanted = Capabilities::new();
        wanted.set("webkitgtk:browserOptions", json!({ "binary": binary, "args": words }))?;
        let driver = connect(port, wanted).await.with_context(|| {
            format!("{name} does not open; its processes:{}{}", processes::states(server.pid()), server.last_words())
        })?;
        Ok(Self { driver, server, later: Vec::new() })
    }

    /// Takes the window in hand anew. A session ends with the process that draws the page; the window goes on, and another server
    /// finds it where the first one did.
    ///
    /// # Errors
    /// When the window cannot be found.
    pub async fn take_anew(&mut self) -> Result<()> {
        self.forget();
        // The one that started the window would end it with the session that it knows to be over.
        let first = self.later.last().map_or(self.server.pid(), Program::pid);
        let first = i32::try_from(first).ok().and_then(Pid::from_raw).context("no process")?;
        kill_process(first, Signal::KILL).context("the server does not end")?;
        let port = free_port()?;
        let mut command = Command::new("WebKitWebDriver");
        command.arg(format!("--port={port}")).arg("--host=127.0.0.1");
        command.arg(format!("--target={}", self.inspected_at()?));
        let log = self.server.log().with_extension(format!("{}.log", self.later.len() + 1));
        let server = Program::start("the next server", &mut command, &log)?;
        self.driver = connect(port, Capabilities::new()).await?;
        self.later.push(server);
        Ok(())
    }

    /// Where the window lets itself be inspected: the first server told it so.
    fn inspected_at(&self) -> Result<String> {
        let told = in_group(self.server.pid())
            .filter_map(|pid| std::fs::read_to_string(format!("/proc/{pid}/environ")).ok())
            .find_map(|all| {
                all.split('\0').find_map(|one| one.strip_prefix("WEBKIT_INSPECTOR_SERVER=").map(str::to_owned))
            });
        told.context("no window that can be driven is left")
    }

    /// `kill -9` for the window's program and all it has started.
    pub fn kill(mut self) {
        self.server.kill();
        self.forget();
    }

    /// The process group of the server and of the window's program.
    #[must_use]
    pub const fn group(&self) -> u32 {
        self.server.pid()
    }

    /// What the window's program has written.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.server.log()).unwrap_or_default()
    }

    fn forget(&self) {
        // The session is gone with its server: there is nothing to be closed by the client's own end.
        self.driver.clone().leak().ok();
    }
}

impl Drop for Driven {
    fn drop(&mut self) {
        self.server.stop();
        self.forget();
    }
}

impl Deref for Driven {
    type Target = WebDriver;

    fn deref(&self) -> &WebDriver {
        &self.driver
    }
}

async fn connect(port: u16, wanted: Capabilities) -> Result<WebDriver> {
    until("the WebDriver server", || async { TcpStream::connect(("127.0.0.1", port)).await.ok() }).await?;
    let driver = WebDriver::builder(format!("http://127.0.0.1:{port}"), wanted);
    Ok(driver.request_timeout(Duration::from_secs(60)).connect().await?)
}

/// A port that was free a moment ago.
///
/// # Errors
/// When there is none.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// The selector of a test id.
#[must_use]
pub fn test_id(id: &str) -> String {
    format!("[data-testid='{id}']")
}
