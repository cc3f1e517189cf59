//! What the person wants from the service, while it is under way.

use mostik_wire::PupilId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Attempt;

/// A request under way; a reply that bears another attempt does not count.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingRequest {
    /// The attempt.
    pub attempt: Attempt,
    /// What was asked for.
    #[serde(alias = "wish")]
    pub kind: RequestKind,
}

/// What the person wants from the service.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
// The tag is that of the states which were stored already.
#[serde(tag = "wish", rename_all = "snake_case")]
pub enum RequestKind {
    /// Read the account anew. Any other request may take its place.
    Refresh,
    /// Begin a linking.
    Begin,
    /// Go on with the open linking.
    Enter,
    /// Open Sferum from the diary: its address is read first.
    Sferum,
    /// Read the linking anew. Any other request may take its place.
    Resync,
    /// Send a code to this number or address.
    Contact {
        /// E.164, or the address.
        contact: String,
    },
    /// Let MAX prove the number in place of an SMS.
    MaxProof,
    /// Take the number that MAX has proven in place of the one that was expected.
    MaxNumber,
    /// Send a code to the profile that the pupil was linked to before.
    Former,
    /// Link the MAX account that was launched from with this pupil's diary.
    Accept {
        /// The pupil.
        pupil: PupilId,
    },
    /// Check a code. The code itself is not kept: it lives in the one request.
    Code,
    /// Send a new code.
    Resend,
    /// Set the new profile's password; like a code, it is not kept.
    Password,
    /// Make the profile with these details; they are not kept.
    Details,
    /// Sign in to the existing profile; the password is not kept.
    ProfileSignIn,
    /// Send a code to recover the password.
    Recover,
    /// Set a new password; neither it nor the code is kept.
    Recovery,
    /// Leave MAX for later.
    SkipMax,
    /// Take the profile.
    Confirm {
        /// The explicit yes.
        accept_other_name: bool,
    },
    /// A new link into MAX.
    RenewMaxLink,
    /// The way to VK ID.
    Vk,
    /// Give the linking up.
    Cancel,
    /// Open an address of the service's.
    Open,
    /// Read the linked profile anew. Any other request may take its place.
    ReadProfile,
    /// Send a code that proves the person.
    OwnerCode,
    /// Do a protected action; the proof is not kept.
    Do {
        /// The action.
        #[serde(alias = "deed")]
        action: ProtectedAction,
    },
    /// Keep the profile: the deletion is called off.
    Keep,
    /// Sign out on another device.
    EndSession,
    /// Sign out everywhere, here too.
    SignOutEverywhere,
}

impl RequestKind {
    /// Whether it only reads: another request may take its place before it is answered.
    #[must_use]
    pub const fn only_reads(&self) -> bool {
        matches!(self, Self::Refresh | Self::Resync | Self::Open | Self::ReadProfile)
    }
}

/// What needs a proof that the profile is the person's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProtectedAction {
    /// Save all that is held about the profile.
    Export,
    /// Remove the link between diary and profile.
    Unlink,
    /// Unbind MAX; the rest of the link stays.
    UnlinkMax,
    /// Unbind VK Messenger; the rest of the link stays.
    UnlinkVk,
    /// Have the profile deleted, in a day.
    Delete,
}
