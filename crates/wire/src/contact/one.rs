//! One contact out of a text of plain signs, or the name of what stands in the way.

use super::{
    addresses::{self, Address},
    card,
    error::ContactError,
    links,
    numbers::{self, Number},
};
use crate::{Contact, EmailError, Phone, PhoneError};

/// Reads a text of plain signs, as it stands.
pub(super) fn read_plain(text: &str) -> Result<Contact, ContactError> {
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
