//! What the window shows of the messengers that a profile is bound to, or may be.

use mostik_wire::{MessengerAccount, Millis, VkStep, VkTrouble};
use serde::Serialize;
use ts_rs::TS;

/// An account of a messenger that the profile is bound to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AccountRow {
    /// Whose account it is, masked; `None`: the messenger did not say.
    pub name_masked: Option<String>,
    /// Since when it is bound.
    pub since: Millis,
}

impl AccountRow {
    pub(crate) fn of(account: &MessengerAccount, on_device: &dyn Fn(Millis) -> Millis) -> Self {
        Self { name_masked: account.name_masked.clone(), since: on_device(account.since) }
    }
}

/// VK Messenger at a step. [`crate::Intent::ConnectVk`], [`crate::Intent::OpenVk`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum VkCard {
    /// It may be connected.
    Offered {
        /// What went wrong the last time.
        trouble: Option<VkTrouble>,
    },
    /// VK ID is open in the browser.
    SigningIn {
        /// VK ID's page, to be copied when the browser does not open.
        url: String,
        /// When it stops working.
        expires_at: Millis,
    },
    /// The browser asks whose account it is.
    Asking {
        /// When that stops working.
        expires_at: Millis,
    },
    /// Connected.
    Bound {
        /// Whose account it is, masked.
        name_masked: String,
    },
}

impl VkCard {
    pub(crate) fn of(step: &VkStep, on_device: &dyn Fn(Millis) -> Millis) -> Self {
        match step {
            VkStep::Offered { trouble } => Self::Offered { trouble: *trouble },
            VkStep::SigningIn { url, expires_at, .. } => {
                Self::SigningIn { url: url.clone(), expires_at: on_device(*expires_at) }
            }
            VkStep::Asking { expires_at } => Self::Asking { expires_at: on_device(*expires_at) },
            VkStep::Bound { name_masked, .. } => Self::Bound { name_masked: name_masked.clone() },
        }
    }
}
