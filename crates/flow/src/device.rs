//! What the shell says of the device and of this copy of the app.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What runs here, as the shell says it at the start and whenever it has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Device {
    /// The app's version.
    pub app: String,
    /// The system's family and the processor's.
    pub system: String,
    /// The version of what draws the window.
    pub webview: String,
    /// The window is drawn by the safe renderer, for this reason.
    pub drawn_safely: Option<SafeReason>,
    /// How often the process of the page has ended by itself in this run.
    pub page_crashes: u32,
}

impl Device {
    /// Whether it is a phone or a tablet with a phone's system: what others send to, and what sends nothing on.
    #[must_use]
    pub fn is_phone(&self) -> bool {
        ["android", "ios"].contains(&self.system.split(' ').next().unwrap_or_default())
    }
}

/// Why the window is drawn by the safe renderer, which does without the graphics card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SafeReason {
    /// The usual one has left the window empty.
    White,
    /// The process of the page has ended again and again.
    Crashes,
    /// The program was started so.
    Asked,
}

/// What is wrong with the keyring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KeyringProblem {
    /// There is no keyring on this device.
    Absent,
    /// It is locked and did not open in time.
    Locked,
    /// The person closed the keyring's question.
    Dismissed,
    /// It answers with something else.
    Broken,
}

/// What the shell says once, at the start, of this copy of the app.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Installation {
    /// The commit that it was built from, if whoever built it said so.
    pub commit: Option<String>,
    /// The service's address.
    pub service: String,
    /// The folder with the app's own data.
    pub data: String,
    /// The folder with what can be set, and the window's size.
    pub settings: String,
    /// Where exported files go.
    pub downloads: String,
    /// The folder with the log; `None`: it goes to the program's error stream alone.
    pub log: Option<String>,
    /// How it came here, and so how it is brought up to date.
    pub source: Source,
}

/// How the app came to this device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A Debian package: `apt` brings the next one.
    Deb,
    /// An RPM package: `dnf` or `zypper` brings the next one.
    Rpm,
    /// One file that is replaced by hand.
    AppImage,
    /// An installer, on Windows.
    Installer,
    /// A disk image, on macOS.
    DiskImage,
    /// A store, on a phone.
    Store,
    /// Built here, from the source.
    #[default]
    Built,
}
