//! What people paste into «Телефон или почта», read by one set of rules in the window and in the service.
//!
//! A text that holds exactly one mobile number or exactly one address is that number or that address, whatever stands around
//! it. Where it holds more than one thing, or something that is not whole, the error has a name, and nothing is guessed.

mod addresses;
mod card;
mod likely;
mod links;
mod look_alike;
mod numbers;

use crate::{Code, Contact, Email, EmailError, Phone, PhoneError, signs::plain};
use addresses::Address;
use numbers::Number;

/// More bytes than any contact card with its picture has.
const LONGEST: usize = 1 << 20;

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

impl Contact {
    /// Reads a text: typed, pasted, a link, a contact card (vCard 2.1 to 4.0), a forwarded message.
    ///
    /// The same number or address twice is one. A landline beside a mobile number, and numbers of cards, documents, houses
    /// and dates beside it, do not count. Reading takes time in proportion to the text's length.
    ///
    /// # Errors
    /// Why it is not one contact, or what it looks like.
    pub fn read(text: &str) -> Result<Self, ContactError> {
        if text.len() > LONGEST {
            return Err(ContactError::NothingFound);
        }
        let text = plain(text);
        if text.trim().is_empty() {
            return Err(ContactError::Empty);
        }
        match read_plain(&text) {
            Err(
                error @ (ContactError::NothingFound
                | ContactError::TooFewDigits
                | ContactError::TooManyDigits
                | ContactError::Address(_)),
            ) => Err(likely::of(&text).map_or(error, |likely| ContactError::LooksLike { likely, as_typed: None })),
            read => read,
        }
    }
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

/// Reads a text of plain signs, as it stands.
fn read_plain(text: &str) -> Result<Contact, ContactError> {
    // Digits and what numbers are written with, and nothing else: one number, however its digits are grouped.
    match Phone::parse(text) {
        Ok(phone) => return Ok(Contact::Sms { phone }),
        Err(PhoneError::Malformed) => {}
        Err(error) => return Err(error.into()),
    }
    let text = links::open(&card::open(text));
    let (addresses, rest) = addresses::find(&text);
    match decide(&addresses, &numbers::find(&rest)) {
        Err(ContactError::NothingFound) if text.contains('@') => Err(EmailError::Shape.into()),
        decided => decided,
    }
}

/// One thing, or the name of what stands in the way.
fn decide(addresses: &[Address], numbers: &[Number]) -> Result<Contact, ContactError> {
    let own = distinct(numbers.iter().filter(|number| number.may_be_the_persons()));
    match (distinct(addresses.iter()).as_slice(), own.as_slice()) {
        ([], [number]) => number.verdict(),
        ([address], []) => address.verdict(),
        ([], []) => Err(numbers.iter().map(Number::error).max_by_key(weight).unwrap_or(ContactError::NothingFound)),
        ([], _) => Err(ContactError::TwoNumbers),
        (_, []) => Err(ContactError::TwoAddresses),
        _ => Err(ContactError::NumberAndAddress),
    }
}

/// What of several things that are no mobile number is said: what tells the person most.
const fn weight(error: &ContactError) -> u8 {
    match error {
        ContactError::Landline => 3,
        ContactError::TooManyDigits => 2,
        ContactError::TooFewDigits => 1,
        _ => 0,
    }
}

fn distinct<'a, T: PartialEq + 'a>(all: impl Iterator<Item = &'a T>) -> Vec<&'a T> {
    let mut distinct: Vec<&T> = Vec::new();
    for one in all {
        // Two are enough to know that it is not one.
        if distinct.len() < 2 && !distinct.contains(&one) {
            distinct.push(one);
        }
    }
    distinct
}

/// An address as a contact.
fn by_mail(email: Email) -> Contact {
    Contact::Mail { email }
}
