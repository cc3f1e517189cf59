//! Which people there are, what they may do, and how often: what keeps the number of states within bounds.

use crate::people::ContactName;

/// A story: how it begins, and who takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Story {
    /// Two pupils of one family come to one number, which has no profile yet.
    OneNumber,
    /// MAX has proven the number of a profile for both of them, and each is asked whether the profile is theirs.
    BothAsked,
    /// A code has proven a number without a profile for both of them, and each is asked whether one is to be made.
    BothNew,
    /// Two windows of one account move one linking.
    TwoWindows,
    /// A stranger photographs the QR code, and guesses at the family's codes.
    Stranger,
    /// A pupil who is linked unlinks, and links again.
    LinkedBefore,
    /// The profile of a pupil under fourteen lies under an address.
    ByMail,
    /// Such a link stands, and MAX is offered; whoever sees the window may photograph the code.
    OfferedByMail,
    /// Two pupils of one family have proven that address, and are asked for the profile's password.
    BothByMail,
    /// Somebody has guessed at the family's codes the day before, and part of that is forgotten soon.
    Guessed,
    /// Somebody does nothing but guess at them.
    Guesser,
}

impl Story {
    /// Whether the second person moves the family's own linking.
    pub(crate) const fn is_shared(self) -> bool {
        matches!(self, Self::TwoWindows | Self::LinkedBefore)
    }

    /// Whether the profile lies under an address.
    pub(crate) const fn is_by_mail(self) -> bool {
        matches!(self, Self::ByMail | Self::OfferedByMail | Self::BothByMail)
    }

    /// Whether there is a profile at the beginning.
    pub(crate) const fn has_profile(self) -> bool {
        !matches!(self, Self::OneNumber | Self::BothNew)
    }

    /// Whether the second person is of the family: reads what comes to its phone and mailbox, and knows its password.
    pub(crate) const fn is_of_one_family(self) -> bool {
        !matches!(self, Self::Stranger | Self::Guessed | Self::Guesser)
    }

    /// What the family types into «Телефон или почта».
    pub(crate) const fn typed_by_family(self) -> &'static [ContactName] {
        match self {
            _ if self.is_by_mail() => &[ContactName::Mailbox],
            Self::TwoWindows => &[ContactName::Family, ContactName::Second],
            _ => &[ContactName::Family],
        }
    }

    /// What the second person gives as a contact.
    pub(crate) const fn given_by_second(self) -> &'static [ContactName] {
        match self {
            Self::Stranger => &[ContactName::Family, ContactName::Second],
            _ if self.is_by_mail() => &[ContactName::Mailbox],
            _ => &[ContactName::Family],
        }
    }
}

/// What may still happen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Left {
    /// What the person at the device may press.
    pub presses: u8,
    /// How many of these codes may be wrong.
    pub slips: u8,
    /// What the second person may ask.
    pub asks: u8,
    /// What the family may do in MAX.
    pub in_max: u8,
    /// What the second MAX account may do there.
    pub strange: u8,
    /// What may get lost, come late or come twice on the way.
    pub network: u8,
    /// How often a node may read while others go on, before it writes.
    pub overlaps: u8,
    /// How often a node or the device may die.
    pub deaths: u8,
    /// How often time may pass on to the next moment at which something ends.
    pub waits: u8,
}

/// Takes one; `false`: there is none.
pub(crate) const fn spend(left: &mut u8) -> bool {
    match left.checked_sub(1) {
        Some(rest) => {
            *left = rest;
            true
        }
        None => false,
    }
}
