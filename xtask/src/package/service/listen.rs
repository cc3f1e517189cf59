//! What a service tells who started it (`Type=notify`): heard in systemd's place.

use std::{
    fs,
    os::unix::{fs::PermissionsExt, net::UnixDatagram},
    path::Path,
    time::Duration,
};

use anyhow::{Context, Result, ensure};

/// A socket in a folder of its own, so that the folder can be mounted where the service runs.
pub struct Listener {
    socket: UnixDatagram,
}

impl Listener {
    /// Makes `folder` with the socket `notify` in it, which waits for `patience` at most each time.
    pub fn open(folder: &Path, patience: Duration) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let path = folder.join("notify");
        let socket = UnixDatagram::bind(&path).with_context(|| format!("{} cannot be bound", path.display()))?;
        // The service runs as another user.
        fs::set_permissions(&path, fs::Permissions::from_mode(0o777))?;
        socket.set_read_timeout(Some(patience))?;
        Ok(Self { socket })
    }

    /// Waits until this was told; signs of life may come before it.
    pub fn hear(&self, awaited: &str) -> Result<()> {
        loop {
            let mut told = [0; 256];
            let length = self.socket.recv(&mut told).with_context(|| format!("the service did not say {awaited}"))?;
            let told = String::from_utf8_lossy(&told[..length]);
            if told.lines().any(|line| line == awaited) {
                return Ok(());
            }
            ensure!(told.trim() == "WATCHDOG=1", "in place of {awaited} the service said {told:?}");
        }
    }
}
