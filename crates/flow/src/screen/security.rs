//! What «Безопасность» shows of the linked profile.

use mostik_wire::{Channel, Delivery, LogEvent, LogKind, Millis, Profile, SignedIn};
use serde::Serialize;
use ts_rs::TS;

use super::AccountRow;
use crate::RequestKind;

/// The linked profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProfileCard {
    /// Its id, ten digits.
    pub id: String,
    /// Whose it is, masked: `Анна О.`
    pub name_masked: String,
    /// What kind of contact it was linked by.
    pub channel: Channel,
    /// The contact, masked; codes go there.
    pub contact_masked: String,
    /// The MAX account that it is bound to.
    pub max: Option<AccountRow>,
    /// The VK account that it is bound to.
    pub vk: Option<AccountRow>,
    /// When it was linked to the diary.
    pub linked_at: Millis,
    /// Its password proves the person too.
    pub has_password: bool,
    /// The code that was sent to prove the person, while it works.
    pub code: Option<SentProofCode>,
    /// When another code may be sent.
    pub resend_at: Option<Millis>,
    /// When it will be deleted, if that was asked for.
    pub deletes_at: Option<Millis>,
}

/// A code that proves the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SentProofCode {
    /// When it stops working.
    pub expires_at: Millis,
    /// Tries left.
    pub tries_left: u32,
    /// The message's way.
    pub delivery: Delivery,
}

impl ProfileCard {
    /// The card, with moments of the device's clock.
    pub(crate) fn of(profile: &Profile, on_device: &dyn Fn(Millis) -> Millis) -> Self {
        Self {
            id: profile.id.clone(),
            name_masked: profile.name_masked.clone(),
            channel: profile.channel,
            contact_masked: profile.contact_masked.clone(),
            max: profile.max.as_ref().map(|account| AccountRow::of(account, on_device)),
            vk: profile.vk.as_ref().map(|account| AccountRow::of(account, on_device)),
            linked_at: on_device(profile.linked_at),
            has_password: profile.has_password,
            code: profile.code.as_ref().map(|code| SentProofCode {
                expires_at: on_device(code.expires_at),
                tries_left: code.tries_left,
                delivery: code.delivery,
            }),
            resend_at: profile.resend_at.map(on_device),
            deletes_at: profile.deletes_at.map(on_device),
        }
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LogRow {
    /// What happened.
    pub kind: LogKind,
    /// When it happened.
    pub at: Millis,
    /// From what family of device.
    pub device: Option<String>,
    /// Who, where it was not the person who looks.
    pub by: Option<String>,
}

impl LogRow {
    pub(crate) fn of(event: &LogEvent, on_device: &dyn Fn(Millis) -> Millis) -> Self {
        let LogEvent { kind, at, device, by } = event.clone();
        Self { kind, at: on_device(at), device, by }
    }
}

/// A device on which the person is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SessionRow {
    /// What [`crate::Intent::EndSession`] names.
    pub id: String,
    /// The family of the device, where that is known.
    pub device: Option<String>,
    /// When the person signed in.
    pub signed_in_at: Millis,
    /// When it was used last.
    pub seen_at: Millis,
    /// This very device.
    pub present: bool,
}

impl SessionRow {
    pub(crate) fn of(session: &SignedIn, on_device: &dyn Fn(Millis) -> Millis) -> Self {
        let SignedIn { id, device, signed_in_at, seen_at, present } = session.clone();
        Self { id, device, signed_in_at: on_device(signed_in_at), seen_at: on_device(seen_at), present }
    }
}

/// What «Безопасность» is busy with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SecurityBusy {
    /// Nothing is under way.
    No,
    /// The profile is being read.
    Reading,
    /// A code is being sent.
    SendingCode,
    /// The proof is being checked and the deed done.
    Doing,
    /// The deletion is being called off.
    Keeping,
    /// Sessions are being ended.
    SigningOut,
}

impl SecurityBusy {
    pub(crate) const fn of(request: Option<&RequestKind>) -> Self {
        match request {
            Some(RequestKind::ReadProfile) => Self::Reading,
            Some(RequestKind::OwnerCode) => Self::SendingCode,
            Some(RequestKind::Do { .. }) => Self::Doing,
            Some(RequestKind::Keep) => Self::Keeping,
            Some(RequestKind::EndSession | RequestKind::SignOutEverywhere) => Self::SigningOut,
            _ => Self::No,
        }
    }
}
