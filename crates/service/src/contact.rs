//! A contact as a person gives it.

use mostik_wire::{Contact, ContactError};

use crate::refusal::Refusal;

/// Reads what a person typed, by the rules of the window. What the window asks about was answered there: it is taken as it
/// stands.
///
/// # Errors
/// What is wrong with it.
pub fn parse(text: &str) -> Result<Contact, Refusal> {
    Contact::read(text).or_else(|error| match error {
        ContactError::LooksLike { as_typed: Some(contact), .. } => Ok(contact),
        error => Err(Refusal::new(error.code()).detail("contact")),
    })
}
