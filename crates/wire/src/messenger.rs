//! The messengers that a learning profile can be reached in.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Millis;

/// A messenger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Messenger {
    /// MAX.
    Max,
    /// VK Messenger.
    Vk,
}

/// Which messengers the operator offers: at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Messengers {
    /// MAX.
    pub max: bool,
    /// VK Messenger.
    pub vk: bool,
}

/// What a service offers that says nothing else.
impl Default for Messengers {
    fn default() -> Self {
        Self { max: true, vk: false }
    }
}

/// The account of a messenger that a learning profile is bound to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub struct MessengerAccount {
    /// Whose account it is, masked: `Михаил О.`; `None`: the messenger did not say.
    pub name_masked: Option<String>,
    /// Since when it is bound.
    pub since: Millis,
}

/// VK Messenger at a step where it can be bound, or is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum VkStep {
    /// `POST …/vk` begins.
    Offered {
        /// What went wrong the last time.
        trouble: Option<VkTrouble>,
    },
    /// VK ID is to be opened in the browser, or is open there. `POST …/vk` begins anew; what was begun before is dead then.
    SigningIn {
        /// VK ID's page, for the system's browser; for one use.
        url: String,
        /// When it stops working.
        expires_at: Millis,
        /// The one-time handle that a `mostik://return/…` link bears at the end of it.
        return_handle: String,
    },
    /// VK ID has said whose account it is, and the browser asks the person whether to bind it.
    Asking {
        /// When that question stops working.
        expires_at: Millis,
    },
    /// Bound.
    Bound {
        /// Whose account it is, masked: `Михаил О.`
        name_masked: String,
        /// The way into VK Messenger.
        messenger_url: String,
    },
}

/// What can go wrong with VK; each leaves the step where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum VkTrouble {
    /// The person said no: to VK ID, or to binding the account that it named.
    Refused,
    /// The VK account is bound to another learning profile.
    AccountTaken,
    /// VK ID does not answer, or not with what its contract says.
    Unavailable,
}
