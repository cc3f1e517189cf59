//! Why a text is not one contact.

use crate::{Code, Contact, EmailError, PhoneError};

/// Why a text is not one number or address that a code can be sent to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContactError {
    /// There is nothing in it.
    #[error("nothing is in it")]
    Empty,
    /// Neither a number nor an address is in it.
    #[error("neither a number nor an address is in it")]
    NothingFound,
    /// Two or more different numbers.
    #[error("two different numbers are in it")]
    TwoNumbers,
    /// Two or more different addresses.
    #[error("two different addresses are in it")]
    TwoAddresses,
    /// A number and an address.
    #[error("a number and an address are in it")]
    NumberAndAddress,
    /// A mobile number with an extension: no SMS gets there.
    #[error("the number has an extension")]
    Extension,
    /// More digits in a row than a number has.
    #[error("more digits than a number has: ten after +7 or 8")]
    TooManyDigits,
    /// Fewer digits in a row than a number has.
    #[error("fewer digits than a number has: ten after +7 or 8")]
    TooFewDigits,
    /// A Russian number, but not a mobile one.
    #[error("not a mobile number: a Russian mobile number begins with 9 after +7 or 8")]
    Landline,
    /// A number of another country.
    #[error("not a Russian number: it begins with +7 9")]
    Foreign,
    /// There is an @ and no address around it.
    #[error(transparent)]
    Address(#[from] EmailError),
    /// A word of the address mixes letters of two alphabets, and no other letters look like them (UTS 39, 5.2: no registry and
    /// no mail provider gives out such names).
    #[error("a word of the address mixes two alphabets")]
    MixedAlphabets,
    /// A slip of the hand: the person is asked before anything is sent.
    #[error("a slip of the hand is likely")]
    LooksLike {
        /// What is likely meant.
        likely: Contact,
        /// The text as it stands, where a code could be sent there as well.
        as_typed: Option<Contact>,
    },
}

impl ContactError {
    /// The refusal that it is where nobody can be asked.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Empty | Self::NothingFound | Self::LooksLike { likely: Contact::Sms { .. }, .. } => {
                Code::PhoneMalformed
            }
            Self::TwoNumbers => Code::TwoNumbers,
            Self::TwoAddresses => Code::TwoAddresses,
            Self::NumberAndAddress => Code::NumberAndAddress,
            Self::Extension => Code::PhoneExtension,
            Self::TooManyDigits => Code::PhoneTooLong,
            Self::TooFewDigits => Code::PhoneTooShort,
            Self::Landline => Code::PhoneLandline,
            Self::Foreign => Code::PhoneForeign,
            Self::Address(_) | Self::LooksLike { likely: Contact::Mail { .. }, .. } => Code::EmailMalformed,
            Self::MixedAlphabets => Code::EmailMixedAlphabets,
        }
    }
}

impl From<PhoneError> for ContactError {
    fn from(error: PhoneError) -> Self {
        match error {
            PhoneError::Malformed => Self::NothingFound,
            PhoneError::Landline => Self::Landline,
            PhoneError::Foreign => Self::Foreign,
        }
    }
}
