//! Whom a message went to, for who looks for it later: a keyed hash, since the outbox forgets the rest.

use mostik_store::outbox::Kind;
use mostik_wire::{Contact, Email, Phone};

use crate::keys::Keys;

/// The hash of a number.
#[must_use]
pub fn of_phone(keys: &Keys, phone: &Phone) -> String {
    hash(keys, Kind::Sms, phone.e164())
}

/// The hash of an address, however it is written.
#[must_use]
pub fn of_email(keys: &Keys, email: &Email) -> String {
    hash(keys, Kind::Mail, &email.key())
}

/// The hash of an account in MAX.
#[must_use]
pub fn of_max(keys: &Keys, user: i64) -> String {
    hash(keys, Kind::Max, &user.to_string())
}

/// The hash of either.
#[must_use]
pub fn of_contact(keys: &Keys, contact: &Contact) -> String {
    match contact {
        Contact::Sms { phone } => of_phone(keys, phone),
        Contact::Mail { email } => of_email(keys, email),
    }
}

fn hash(keys: &Keys, kind: Kind, recipient: &str) -> String {
    keys.contact(&format!("message\0{}\0{recipient}", kind.name()))
}
