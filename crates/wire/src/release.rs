//! `GET /app/latest`: which release of the app the operator offers.

use serde::{Deserialize, Serialize};

/// The manifest with its signature, both as the operator has made them: the service vouches for neither.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedRelease {
    /// The text that was signed: a [`Release`] as JSON.
    pub manifest: String,
    /// Its detached signature, in minisign's format with the hash first (`ED`).
    pub signature: String,
}

/// What the manifest says. Unknown fields are left for releases to come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// The newest release, by semantic versioning: `1.2.0`.
    pub version: String,
    /// When it came out, `YYYY-MM-DD`.
    pub released: String,
    /// What is new in it.
    pub notes: ReleaseNotes,
}

/// The same few words in both languages of the window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseNotes {
    /// In Russian.
    pub ru: String,
    /// In English.
    pub en: String,
}
