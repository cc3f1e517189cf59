//! A WebDriver server and the one window that it drives.

use std::{net::TcpListener, ops::Deref, path::Path, process::Command, time::Duration};

use anyhow::{Context, Result};
use mostik_world::Program;
use serde_json::json;
use thirtyfour::{Capabilities, WebDriver};
use tokio::net::TcpStream;

use crate::{home::Home, until};

/// A driven window. When it is dropped the server, the window and all their processes end.
pub struct Driven {
    driver: WebDriver,
    server: Program,
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
        until("the WebDriver server", || async { TcpStream::connect(("127.0.0.1", port)).await.ok() }).await?;
        let mut wanted = Capabilities::new();
        wanted.set("webkitgtk:browserOptions", json!({ "binary": binary, "args": words }))?;
        let driver = WebDriver::builder(format!("http://127.0.0.1:{port}"), wanted)
            .request_timeout(Duration::from_secs(60))
            .connect()
            .await
            .with_context(|| format!("{name} does not open; see {}", server.log().display()))?;
        Ok(Self { driver, server })
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

/// A port that was free a moment ago.
///
/// # Errors
/// When there is none.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
