//! A contact in the database: its channel, its text, and the key under which it is compared.

use mostik_wire::{Channel, Contact, Email, Phone};

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

/// As it is compared.
#[must_use]
pub fn key(contact: &Contact) -> String {
    match contact {
        Contact::Sms { phone } => phone.e164().to_owned(),
        Contact::Mail { email } => email.key(),
    }
}

/// As it is counted: a mailbox has many addresses, and one budget.
#[must_use]
pub fn counted(contact: &Contact) -> String {
    match contact {
        Contact::Sms { phone } => phone.e164().to_owned(),
        Contact::Mail { email } => email.mailbox(),
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
