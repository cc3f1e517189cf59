//! What people paste into «Телефон или почта», read by one set of rules in the window and in the service.
//!
//! A text that holds exactly one mobile number or exactly one address is that number or that address, whatever stands around
//! it. Where it holds more than one thing, or something that is not whole, the error has a name, and nothing is guessed.

mod addresses;
mod card;
mod error;
mod likely;
mod links;
mod look_alike;
mod numbers;
mod one;

use crate::{Contact, signs::plain};
use one::read_plain;

pub use error::ContactError;

/// More bytes than any contact card with its picture has.
const LONGEST: usize = 1 << 20;

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
