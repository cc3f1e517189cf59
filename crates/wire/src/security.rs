//! What happened to a pupil's link, and where people are signed in.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Millis;

/// `GET /v1/pupils/{id}/security`: the newest first, fifty at most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecurityLog {
    /// Links, unlinks, recoveries and the like of the pupil, and sign-ins of the accounts that see the pupil.
    pub events: Vec<LogEvent>,
    /// Where the asking account is signed in, this very session first.
    pub sessions: Vec<SignedIn>,
    /// The service's clock when this was written down for you.
    pub server_time: Millis,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogEvent {
    /// What.
    pub kind: LogKind,
    /// When.
    pub at: Millis,
    /// From what family of device, where that is known: `Мостик, Windows`.
    pub device: Option<String>,
    /// Who did it, by first name or only name, where it was another account than the asking one.
    pub by: Option<String>,
}

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LogKind {
    /// Somebody who sees the pupil signed in.
    SignedIn,
    /// The diary was linked to a profile.
    Linked,
    /// The profile was linked in MAX.
    InMax,
    /// The profile was linked in VK Messenger.
    InVk,
    /// MAX was unlinked from the profile.
    LeftMax,
    /// VK Messenger was unlinked from the profile.
    LeftVk,
    /// The diary was unlinked.
    Unlinked,
    /// The profile's password was set anew.
    PasswordChanged,
    /// All that is held was saved as files.
    Exported,
    /// The deletion was asked for.
    DeletionAsked,
    /// It was called off.
    DeletionCalledOff,
}

/// A session of the asking account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedIn {
    /// Opaque id, for `POST /v1/sessions/end`.
    pub id: String,
    /// The family of the device, where that is known.
    pub device: Option<String>,
    /// When the person signed in.
    pub signed_in_at: Millis,
    /// When it was used last, to within the hour that an access token lives.
    pub seen_at: Millis,
    /// It is the session that asks.
    pub present: bool,
}

/// `POST /v1/sessions/end`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EndSessionsBody {
    /// Which; `None`: all of the account's, the asking one too.
    pub session: Option<String>,
}

/// The answer to `POST /v1/sessions/end`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionsEnded {
    /// How many were ended; one that had ended before counts not.
    pub ended: u32,
}
