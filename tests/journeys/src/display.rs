//! One display without a screen, shared by all journeys of a test program and closed after the last of them.

use std::{
    path::Path,
    process::Command,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use anyhow::Result;
use mostik_world::Program;

/// Wide enough for the widest window of a journey.
const SCREEN: &str = "1440x1200x24";

static SHARED: Mutex<Weak<Display>> = Mutex::new(Weak::new());

/// A running X server.
pub struct Display {
    /// `:7`, for `DISPLAY`.
    pub name: String,
    _server: Mutex<Program>,
}

impl Display {
    /// The display, started when nobody has it yet.
    ///
    /// # Errors
    /// When Xvfb does not start.
    pub fn shared(folder: &Path) -> Result<Arc<Self>> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(display) = shared.upgrade() {
            return Ok(display);
        }
        let display = Self::own(folder)?;
        *shared = Arc::downgrade(&display);
        Ok(display)
    }

    /// A display of one's own: for who minds which window is in front.
    ///
    /// # Errors
    /// When Xvfb does not start.
    pub fn own(folder: &Path) -> Result<Arc<Self>> {
        // It finds a free number and says it on standard output.
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"]);
        let mut server = Program::start("Xvfb", &mut command, &folder.join("xvfb.log"))?;
        let name = format!(":{}", server.line(Duration::from_secs(20))?.trim());
        Ok(Arc::new(Self { name, _server: Mutex::new(server) }))
    }
}
