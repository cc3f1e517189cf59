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

/// One server starts or ends at a time: they choose their numbers by which sockets there are.
static COMING_OR_GOING: Mutex<()> = Mutex::new(());

/// A running X server.
pub struct Display {
    /// `:7`, for `DISPLAY`.
    pub name: String,
    server: Mutex<Program>,
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
        let _alone = COMING_OR_GOING.lock().unwrap_or_else(PoisonError::into_inner);
        // It finds a free number and says it on standard output.
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"]);
        let mut server = Program::start("Xvfb", &mut command, &folder.join("xvfb.log"))?;
        let name = format!(":{}", server.line(Duration::from_secs(20))?.trim());
        Ok(Arc::new(Self { name, server: Mutex::new(server) }))
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _alone = COMING_OR_GOING.lock().unwrap_or_else(PoisonError::into_inner);
        self.server.get_mut().unwrap_or_else(PoisonError::into_inner).stop();
    }
}
