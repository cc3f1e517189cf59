//! «Отправить на телефон»: what is known of it on the device that shows the code, and on the one that reads it.

use mostik_wire::{HandOff, HandOffOffer, HandOffPlace, HandedOff, PupilId};

use crate::{Attempt, Cause};

/// The dialog with the code is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingHandOff {
    /// The pupil whose diary it is.
    pub pupil: PupilId,
    /// The part of the diary that is shown.
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
pub enum IncomingHandOff {
    /// The service is asked whose diary it leads to.
    Looking(Attempt),
    /// The service has said whose diary it is; an account that may see it is not signed in.
    Known {
        /// The attempt under which it was looked at.
        looked: Attempt,
        /// The diary that it leads to.
        offer: HandOffOffer,
        /// The account that is signed in does not see it; another may.
        refused: bool,
    },
    /// The service is asked to let this account go on.
    Taking {
        /// The attempt.
        attempt: Attempt,
        /// The attempt under which it was looked at.
        looked: Attempt,
        /// The diary that it leads to.
        offer: HandOffOffer,
    },
    /// The account may see the diary; its pupils are being read anew, because this one is not among those that are known.
    Going(Box<HandedOff>),
}

impl IncomingHandOff {
    /// The attempt whose reply is awaited.
    #[must_use]
    pub const fn awaited(&self) -> Option<Attempt> {
        match self {
            Self::Looking(attempt) | Self::Taking { attempt, .. } => Some(*attempt),
            Self::Known { .. } | Self::Going(_) => None,
        }
    }
}
