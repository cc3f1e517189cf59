//! Whom a message went to, for who looks for it later: a keyed hash, since the outbox forgets the rest.

use mostik_store::{KeyedHash, outbox::Kind};
use mostik_wire::{Contact, Email, Phone};

use crate::keys::{Key, Keys};

/// The hash of a number.
#[must_use]
pub fn of_phone(key: &Key, phone: &Phone) -> String {
    hash(key, Kind::Sms, phone.e164())
}

/// The hash of an address, however it is written.
#[must_use]
pub fn of_email(key: &Key, email: &Email) -> String {
    hash(key, Kind::Mail, &email.key())
}

/// The hash of an account in MAX.
#[must_use]
pub fn of_max(key: &Key, user: i64) -> String {
    hash(key, Kind::Max, &user.to_string())
}

/// The hashes of either, under each key that is read.
#[must_use]
pub fn of_contact(keys: &Keys, contact: &Contact) -> KeyedHash {
    keys.keyed(|key| match contact {
        Contact::Sms { phone } => of_phone(key, phone),
        Contact::Mail { email } => of_email(key, email),
    })
}

fn hash(key: &Key, kind: Kind, recipient: &str) -> String {
    key.contact(&format!("message\0{}\0{recipient}", kind.name()))
}
