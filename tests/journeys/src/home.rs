//! The private home of one journey: folders, session bus, keyring, and what opens web pages.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use anyhow::{Context, Result, ensure};
use mostik_world::{Program, root};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    net::unix::pipe::{OpenOptions, Receiver},
    sync::Mutex,
    time::timeout,
};

use crate::{TIMEOUT, display::Display};

/// What the keyring of this home is like.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Keyring {
    /// It is there, and unlocked.
    Open,
    /// It is there, but locked.
    Locked,
    /// Not installed.
    Absent,
}

/// Whether MAX is on this device.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Max {
    /// A program has registered itself for its links.
    Installed,
    /// No program handles links into MAX.
    Absent,
}

/// A home with a running session.
pub struct Home {
    folder: PathBuf,
    display: Arc<Display>,
    bus_address: String,
    pub(crate) keyring: Option<Program>,
    pages: Mutex<Lines<BufReader<Receiver>>>,
    // Last, so that everybody on it has gone.
    _bus: Program,
    // Paths of sockets have a limit, so that this one is not below the others.
    pub(crate) runtime: TempDir,
}

impl Home {
    /// Makes the folders and starts the session.
    ///
    /// # Errors
    /// When a program of the session does not start.
    pub fn new(folder: &Path, display: Arc<Display>, keyring: Keyring) -> Result<Self> {
        for name in ["config", "cache", "data/applications", "state", "log"] {
            fs::create_dir_all(folder.join(name))?;
        }
        let runtime = tempfile::Builder::new().prefix("mostik-").tempdir().context("cannot make a folder")?;
        fs::set_permissions(runtime.path(), fs::Permissions::from_mode(0o700))?;
        let pages = page_opener(folder)?;
        let (bus, bus_address) = session_bus(folder, runtime.path())?;
        let mut home = Self {
            folder: folder.to_owned(),
            display,
            bus_address,
            keyring: None,
            pages: Mutex::new(BufReader::new(pages).lines()),
            _bus: bus,
            runtime,
        };
        home.set_keyring(keyring)?;
        Ok(home)
    }

    /// The folder of this home.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The display, `:7`.
    #[must_use]
    pub fn display(&self) -> &str {
        &self.display.name
    }

    /// The address of the session bus.
    #[must_use]
    pub fn bus(&self) -> &str {
        &self.bus_address
    }

    /// Where the app of this home keeps its database.
    #[must_use]
    pub fn app_data(&self) -> PathBuf {
        self.folder.join("data/app.mostik")
    }

    /// Where the app of this home keeps its log.
    #[must_use]
    pub fn app_logs(&self) -> PathBuf {
        self.app_data().join("logs")
    }

    /// Installs a program for MAX's own links, or removes it.
    ///
    /// # Errors
    /// When its entry cannot be written.
    pub fn set_max(&self, max: Max) -> Result<()> {
        let entry = self.folder.join("data/applications/max.desktop");
        let mut list = String::from(BROWSERS);
        match max {
            Max::Absent if entry.exists() => fs::remove_file(entry)?,
            Max::Absent => {}
            Max::Installed => {
                let words =
                    "[Desktop Entry]\nType=Application\nName=MAX\nExec=true %u\nMimeType=x-scheme-handler/max;\n";
                fs::write(entry, words)?;
                list += "x-scheme-handler/max=max.desktop\n";
            }
        }
        fs::write(self.folder.join("config/mimeapps.list"), list).context("cannot say what opens what")
    }

    /// Ends the keyring and begins another with the same contents.
    ///
    /// # Errors
    /// When it does not start.
    pub fn set_keyring(&mut self, keyring: Keyring) -> Result<()> {
        self.keyring = None;
        let script = match keyring {
            Keyring::Absent => return Ok(()),
            Keyring::Open => {
                "printf 'a password\\n' | exec gnome-keyring-daemon --foreground --components=secrets --unlock"
            }
            Keyring::Locked => "exec gnome-keyring-daemon --foreground --components=secrets",
        };
        let mut command = Command::new("sh");
        self.enter(command.args(["-c", script]));
        let daemon = Program::start("the keyring", &mut command, &self.folder.join("log/keyring.log"))?;
        self.keyring = Some(daemon);
        self.wait_for_name("org.freedesktop.secrets")
    }

    /// Lets `command` run in this home and nowhere else.
    pub fn enter<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        let at = |name: &str| self.folder.join(name);
        command.env_clear();
        for name in ["PATH", "TMPDIR", "MOSTIK_LOG", "RUST_BACKTRACE"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command
            .env("HOME", &self.folder)
            .env("XDG_CONFIG_HOME", at("config"))
            .env("XDG_CACHE_HOME", at("cache"))
            .env("XDG_DATA_HOME", at("data"))
            .env("XDG_STATE_HOME", at("state"))
            .env("XDG_RUNTIME_DIR", self.runtime.path())
            // Without a desktop xdg-open trips over quoted commands; with this one it asks gio.
            .env("XDG_CURRENT_DESKTOP", "GNOME")
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus_address)
            .env("DISPLAY", &self.display.name)
            .env("LANG", "C.UTF-8")
            .env("NO_AT_BRIDGE", "1")
            .env("GSETTINGS_BACKEND", "memory")
            // WebKit's media library looks through all of its parts at each start of a new home: here once.
            .env("GST_REGISTRY", root().join("target/tmp/gstreamer-registry.bin"))
            // There is no graphics card to speak to, and no sandbox within a sandbox.
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1")
            .current_dir(&self.folder)
    }

    /// The next web page that was to be opened in the browser.
    ///
    /// # Errors
    /// When none is opened in time.
    pub async fn opened_page(&self) -> Result<String> {
        let mut pages = self.pages.lock().await;
        let line = timeout(TIMEOUT, pages.next_line()).await.context("no page was opened in the browser")??;
        line.context("nobody can open pages any more")
    }

    pub(crate) fn wait_for_name(&self, name: &str) -> Result<()> {
        let mut command = Command::new("gdbus");
        self.enter(command.args(["wait", "--session", "--timeout", "20", name]));
        ensure!(command.status().context("cannot start gdbus")?.success(), "{name} did not come to the session bus");
        Ok(())
    }
}

/// A bus that starts nothing by itself: what is not running in this home is not there.
fn session_bus(folder: &Path, runtime: &Path) -> Result<(Program, String)> {
    let config = folder.join("bus.xml");
    let text = format!(
        "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" \
         \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n\
         <busconfig><type>session</type><listen>unix:path={}</listen><auth>EXTERNAL</auth>\
         <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/>\
         <allow own=\"*\"/></policy></busconfig>\n",
        runtime.join("bus").display()
    );
    fs::write(&config, text)?;
    let mut command = Command::new("dbus-daemon");
    command.arg("--config-file").arg(&config).args(["--nofork", "--nopidfile", "--print-address=1"]);
    let mut bus = Program::start("the session bus", &mut command, &folder.join("log/bus.log"))?;
    let address = bus.line(TIMEOUT)?;
    Ok((bus, address.trim().to_owned()))
}

/// What opens web pages.
const BROWSERS: &str =
    "[Default Applications]\nx-scheme-handler/http=pages.desktop\nx-scheme-handler/https=pages.desktop\n";

/// The program for web pages: it writes each address into a pipe, and the journey goes on in a browser of its own.
fn page_opener(folder: &Path) -> Result<Receiver> {
    let pipe = folder.join("pages");
    ensure!(Command::new("mkfifo").arg(&pipe).status()?.success(), "cannot make a pipe at {}", pipe.display());
    let script = folder.join("open-page");
    fs::write(&script, format!("#!/bin/sh\nprintf '%s\\n' \"$1\" > '{}'\n", pipe.display()))?;
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755))?;
    fs::write(
        folder.join("data/applications/pages.desktop"),
        format!(
            "[Desktop Entry]\nType=Application\nName=Pages\nExec={} %u\nNoDisplay=true\n\
             MimeType=x-scheme-handler/http;x-scheme-handler/https;text/html;\n",
            script.display()
        ),
    )?;
    fs::write(folder.join("config/mimeapps.list"), BROWSERS)?;
    // Open both ways it never ends when a writer goes.
    OpenOptions::new().read_write(true).open_receiver(&pipe).context("cannot open the pipe of pages")
}
