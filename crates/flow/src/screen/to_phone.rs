//! «Отправить на телефон», as it is shown.

use mostik_wire::{HandOffPlace, HandOffStage, Millis};
use serde::Serialize;
use ts_rs::TS;

use super::DiaryOwner;
use crate::{Cause, Home, State};

/// «Отправить на телефон», open above everything else. [`crate::Intent::SendToPhone`] makes a new code,
/// [`crate::Intent::CloseSendToPhone`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SendToPhone {
    /// Whose diary.
    pub who: DiaryOwner,
    /// The part of the diary that is shown.
    pub place: HandOffPlace,
    /// The newest code; `None` while the first is being made, and where none could be.
    pub code: Option<PhoneCode>,
    /// A code is being made.
    pub busy: bool,
    /// Why there is none.
    pub cause: Option<Cause>,
}

/// A code for the other device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PhoneCode {
    /// The link, for the QR code and for copying.
    pub url: String,
    /// What whoever reads the code gets to see: the name, masked.
    pub name_masked: String,
    /// How far it is.
    pub stage: HandOffStage,
    /// Until when it can be opened, or, once seen, taken.
    pub expires_at: Millis,
    /// The device that went on, where that is known.
    pub device: Option<String>,
}

impl SendToPhone {
    /// The dialog of a state, if it is open.
    pub(crate) fn of(state: &State, who: impl Fn(&Home) -> DiaryOwner) -> Option<Box<Self>> {
        let outgoing = state.conditions.outgoing.as_ref()?;
        let home = state.route.home()?;
        Some(Box::new(Self {
            who: who(home),
            place: outgoing.place,
            code: outgoing.made.as_ref().map(|made| PhoneCode {
                url: made.url.clone(),
                name_masked: made.name_masked.clone(),
                stage: made.status.stage,
                expires_at: state.on_device(made.status.expires_at),
                device: made.status.device.clone(),
            }),
            busy: outgoing.pending.is_some(),
            cause: outgoing.cause.clone(),
        }))
    }
}
