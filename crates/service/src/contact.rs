//! A contact in the database: its channel, its text, and the key under which it is compared.

use mostik_wire::{Channel, Code, Contact, Email, Phone, PhoneError};

use crate::refusal::Refusal;

/// Reads what a person typed: with an @ it is an address, else a number.
///
/// # Errors
/// What is wrong with it.
pub fn parse(text: &str) -> Result<Contact, Refusal> {
    if text.contains('@') {
        let email = Email::parse(text).map_err(|_| Refusal::new(Code::EmailMalformed).detail("contact"))?;
        return Ok(Contact::Mail { email });
    }
    let phone = Phone::parse(text).map_err(|e| {
        Refusal::new(match e {
            PhoneError::Malformed => Code::PhoneMalformed,
            PhoneError::Landline => Code::PhoneLandline,
            PhoneError::Foreign => Code::PhoneForeign,
        })
        .detail("contact")
    })?;
    Ok(Contact::Sms { phone })
}

/// The channel's name in the database.
#[must_use]
pub const fn channel_name(channel: Channel) -> &'static str {
    match channel {
        Channel::Sms => "sms",
        Channel::Mail => "mail",
    }
}

/// As it is stored: E.164, or the address as typed with its domain as A-labels.
#[must_use]
pub fn text(contact: &Contact) -> String {
    match contact {
        Contact::Sms { phone } => phone.e164().to_owned(),
        Contact::Mail { email } => email.address(),
    }
}

/// As it is compared and counted.
#[must_use]
pub fn key(contact: &Contact) -> String {
    match contact {
        Contact::Sms { phone } => phone.e164().to_owned(),
        Contact::Mail { email } => email.key(),
    }
}

/// Reads what [`channel_name`] and [`text`] wrote.
#[must_use]
pub fn stored(channel: &str, text: &str) -> Option<Contact> {
    match channel {
        "sms" => Phone::parse(text).ok().map(|phone| Contact::Sms { phone }),
        "mail" => Email::parse(text).ok().map(|email| Contact::Mail { email }),
        _ => None,
    }
}
