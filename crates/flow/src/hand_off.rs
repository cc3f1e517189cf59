//! «Отправить на телефон»: what is known of it on the device that shows the code, and on the one that reads it.

use mostik_wire::{HandOff, HandOffOffer, HandOffPlace, HandedOff, PupilId};

use crate::{Attempt, Cause};

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
