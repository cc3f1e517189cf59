//! How the window is drawn: as the system does it, or by the safe renderer, which asks little of graphics cards and their
//! drivers and is slower. The safe one is used where the usual one has left the window empty, and that is remembered for the
//! machine until the app, its web view or the graphics driver is another one.

use std::{collections::BTreeMap, fs, io, path::Path};

use mostik_flow::SafeReason;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::page::paint_watch::Fallback;

/// How this run draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renderer {
    /// As the system does it.
    Usual,
    /// The safe one, for this reason.
    Safe {
        /// Why.
        reason: SafeReason,
        /// It was remembered from an earlier run.
        remembered: bool,
    },
}

impl Renderer {
    /// Why the safe one is used.
    pub const fn safe_reason(self) -> Option<SafeReason> {
        match self {
            Self::Usual => None,
            Self::Safe { reason, .. } => Some(reason),
        }
    }

    /// What can still be tried when nothing is drawn.
    pub const fn fallback(self) -> Fallback {
        match self {
            Self::Usual if SAFE_EXISTS => Fallback::SafeRenderer,
            Self::Usual => Fallback::Reload,
            Self::Safe { .. } => Fallback::Nothing,
        }
    }
}

/// Whether this system has a safe renderer: WebKitGTK and WebView2 can do without the graphics card, Apple's and Android's web
/// views do not let themselves be told.
const SAFE_EXISTS: bool = cfg!(any(windows, target_os = "linux"));

/// What tells WebKitGTK to draw without the graphics card; it reads them once, when it starts. The first two are WebKit's own
/// (Source/WebKit/UIProcess/gtk), the third keeps NVIDIA's driver from a way of Wayland's that has ended whole programs.
#[cfg(target_os = "linux")]
pub const SAFE_ENVIRONMENT: [(&str, &str); 3] = [
    ("WEBKIT_DISABLE_DMABUF_RENDERER", "1"),
    ("WEBKIT_DISABLE_COMPOSITING_MODE", "1"),
    ("__NV_DISABLE_EXPLICIT_SYNC", "1"),
];

/// The same for WebView2; the first is what Tauri passes anyway, and would not if only the second stood here.
#[cfg(windows)]
pub const SAFE_ARGUMENTS: &str = "--disable-features=msWebOOUI,msPdfOOUI,msSmartScreenProtection --disable-gpu";

/// The file in the app's data folder. A home may lie on a school's server and serve many machines.
const FILE: &str = "renderer.json";

/// The most machines that are remembered.
const MACHINES: usize = 32;

/// What is remembered: for each machine that needs the safe renderer, what was installed when that was found out.
#[derive(Default, Serialize, Deserialize)]
struct Remembered {
    safe: BTreeMap<String, String>,
}

/// The machine, and what decides how it draws.
pub struct Machine {
    id: String,
    installed: String,
}

impl Machine {
    /// This one.
    pub fn here(app: &str, webview: &str) -> Self {
        // The id itself is confidential (machine-id(5)), so it is kept as a hash of ours.
        let id = fs::read_to_string("/etc/machine-id").unwrap_or_default();
        let id = Sha256::new().chain_update("app.mostik renderer").chain_update(id.trim()).finalize();
        let driver = fs::read_to_string("/sys/module/nvidia/version").unwrap_or_default();
        Self {
            id: id.iter().take(8).map(|byte| format!("{byte:02x}")).collect(),
            installed: format!("mostik {app}, web view {webview}, nvidia {}", driver.trim()),
        }
    }

    /// Whether this machine is known to need the safe renderer, with what is installed now.
    pub fn needs_safe(&self, folder: &Path) -> bool {
        read(folder).safe.get(&self.id) == Some(&self.installed)
    }

    /// Remembers whether this machine needs the safe renderer.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn remember(&self, folder: &Path, safe: bool) -> io::Result<()> {
        let mut remembered = read(folder);
        let before = remembered.safe.get(&self.id).cloned();
        if safe {
            while remembered.safe.len() >= MACHINES && before.is_none() {
                remembered.safe.pop_first();
            }
            remembered.safe.insert(self.id.clone(), self.installed.clone());
        } else {
            remembered.safe.remove(&self.id);
        }
        if remembered.safe.get(&self.id) == before.as_ref() {
            return Ok(());
        }
        // Beside it and then in its place: a program that is killed meanwhile leaves the one or the other, whole.
        let beside = folder.join(format!("{FILE}.new"));
        fs::write(&beside, serde_json::to_vec(&remembered)?)?;
        fs::rename(beside, folder.join(FILE))
    }
}

/// What cannot be read is as if nothing were remembered: the window stays empty for five seconds once more.
fn read(folder: &Path) -> Remembered {
    fs::read(folder.join(FILE)).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine(id: &str, installed: &str) -> Machine {
        Machine { id: id.to_owned(), installed: installed.to_owned() }
    }

    #[test]
    fn a_machine_is_remembered_until_something_else_is_installed() {
        let folder = tempfile::tempdir().unwrap();
        let (here, updated) = (machine("a", "1"), machine("a", "2"));
        assert!(!here.needs_safe(folder.path()));
        here.remember(folder.path(), true).unwrap();
        assert!(here.needs_safe(folder.path()));
        assert!(!machine("b", "1").needs_safe(folder.path()), "another machine on the same home");
        assert!(!updated.needs_safe(folder.path()));
        updated.remember(folder.path(), false).unwrap();
        assert!(!here.needs_safe(folder.path()), "the usual one has painted");
    }

    #[test]
    fn a_file_that_is_none_is_as_if_there_were_nothing() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), "{\"safe\":[").unwrap();
        let here = machine("a", "1");
        assert!(!here.needs_safe(folder.path()));
        here.remember(folder.path(), true).unwrap();
        assert!(here.needs_safe(folder.path()));
    }

    #[test]
    fn the_file_does_not_grow_with_the_machines_of_a_school() {
        let folder = tempfile::tempdir().unwrap();
        for number in 0..MACHINES + 5 {
            machine(&format!("{number:03}"), "1").remember(folder.path(), true).unwrap();
        }
        assert_eq!(read(folder.path()).safe.len(), MACHINES);
        assert!(machine("036", "1").needs_safe(folder.path()));
    }

    #[test]
    fn the_id_of_the_machine_itself_is_not_written() {
        let here = Machine::here("0.1.0", "2.50.6");
        let id = fs::read_to_string("/etc/machine-id").unwrap_or_default();
        assert_eq!(here.id.len(), 16);
        assert!(id.trim().is_empty() || !id.contains(&here.id));
    }
}
