//! What people have on their phones.

use std::collections::BTreeMap;

/// A message that a person has.
#[derive(Clone, Debug)]
pub struct Received {
    /// When it arrived.
    pub at: i64,
    /// The code in it, if there is one.
    pub code: Option<String>,
    /// It allows something to be done with a linked profile.
    pub of_owner: bool,
    /// The person has typed it already.
    pub used: bool,
}

/// What people have.
#[derive(Default)]
pub struct Phones {
    /// By number, in digits, or by address.
    pub inboxes: BTreeMap<String, Vec<Received>>,
    /// Who in MAX is going to share a contact, and by which number.
    pub willing: BTreeMap<i64, String>,
    /// Counts updates of MAX: each has an id of its own.
    pub updates: i64,
}
