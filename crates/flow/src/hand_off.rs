//! «Отправить на телефон»: what is known of it on the device that shows the code, and on the one that reads it.

use mostik_wire::{HandOff, HandOffOffer, HandOffPlace, HandOffStage, HandedOff, Millis, PupilId};
use serde::Serialize;
use ts_rs::TS;

use crate::{Attempt, Cause, Home, Place, State, Who};

/// The dialog with the code is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sending {
    /// Whose diary.
    pub pupil: PupilId,
    /// Where in it.
    pub place: HandOffPlace,
    /// The newest code, once made.
    pub made: Option<HandOff>,
    /// A code that is being made.
    pub pending: Option<Attempt>,
    /// The question how far it is.
    pub following: Option<Attempt>,
    /// Why there is none.
    pub cause: Option<Cause>,
}

/// A link that another device has shown is on its way to where it leads. The token itself is with the engine alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arriving {
    /// The service is asked whose diary it leads to.
    Looking(Attempt),
    /// It said so; who may see that diary is not signed in.
    Known {
        /// The attempt under which it was looked at.
        looked: Attempt,
        /// Whose diary.
        offer: HandOffOffer,
        /// The account that is signed in does not see it; another may.
        refused: bool,
    },
    /// The service is asked to let this account go on.
    Taking {
        /// The attempt.
        attempt: Attempt,
        /// As above.
        looked: Attempt,
        /// As above.
        offer: HandOffOffer,
    },
    /// It may; who and what the account shows is read anew.
    Going(Box<HandedOff>),
}

impl Arriving {
    /// The attempt whose reply is awaited.
    #[must_use]
    pub const fn awaited(&self) -> Option<Attempt> {
        match self {
            Self::Looking(attempt) | Self::Taking { attempt, .. } => Some(*attempt),
            Self::Known { .. } | Self::Going(_) => None,
        }
    }
}

/// «Отправить на телефон», open above everything else. [`crate::Intent::SendToPhone`] makes a new code,
/// [`crate::Intent::CloseSendToPhone`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SendToPhone {
    /// Whose diary.
    pub who: Who,
    /// Where in it.
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
    pub(crate) fn of(state: &State, who: impl Fn(&Home) -> Who) -> Option<Box<Self>> {
        let sending = state.conditions.sending.as_ref()?;
        let home = home_of(&state.place)?;
        Some(Box::new(Self {
            who: who(home),
            place: sending.place,
            code: sending.made.as_ref().map(|made| PhoneCode {
                url: made.url.clone(),
                name_masked: made.name_masked.clone(),
                stage: made.status.stage,
                expires_at: state.on_device(made.status.expires_at),
                device: made.status.device.clone(),
            }),
            busy: sending.pending.is_some(),
            cause: sending.cause.clone(),
        }))
    }
}

/// The diary that is open, or that lies behind what is shown.
pub(crate) const fn home_of(place: &Place) -> Option<&Home> {
    match place {
        Place::Diary(diary) => Some(&diary.home),
        Place::Security(security) => Some(&security.home),
        Place::Wizard(wizard) => Some(&wizard.home),
        _ => None,
    }
}
