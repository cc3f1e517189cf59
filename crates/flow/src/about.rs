//! «О программе»: how the service does, and whether the operator offers a newer release.

use serde::Serialize;
use ts_rs::TS;

use crate::Attempt;

/// How the service does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// It is being asked.
    #[default]
    Asking,
    /// It is ready.
    Well,
    /// It is ready, and took long to say so.
    Slow,
    /// It answers that it is not ready, does not answer, or something else answers in its place.
    Down,
    /// There is no way to it from here.
    Offline,
}

/// Whether there is a newer release.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "update", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Update {
    /// Nobody has asked yet.
    #[default]
    NotAsked,
    /// The service is being asked.
    Asking,
    /// This is the newest one.
    Newest,
    /// A newer release is offered.
    Newer {
        /// Its version.
        version: String,
        /// When it came out, `YYYY-MM-DD`.
        released: String,
        /// What is new, in the operator's words.
        notes: String,
    },
    /// What is offered is older than this: nobody goes back by himself.
    Older {
        /// Its version.
        version: String,
    },
    /// The operator tells of no releases.
    NotOffered,
    /// This copy knows no key by which it could tell the operator's word from a stranger's.
    NoKey,
    /// The signature is not the operator's.
    Forged,
    /// It cannot be read.
    Unreadable,
    /// The service did not answer as it should.
    Down,
    /// There is no way to it from here.
    Offline,
}

/// Why what is offered is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReleaseFault {
    /// No key is built in or set.
    NoKey,
    /// The signature is not that key's.
    Forged,
    /// Not a manifest, or far too large for one.
    Unreadable,
}

/// «О программе», open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// How the service does.
    pub health: Health,
    /// The question after it that is under way.
    pub asking_health: Option<Attempt>,
    /// Whether there is a newer release.
    pub update: Update,
    /// The question after it that is under way.
    pub asking_update: Option<Attempt>,
}
