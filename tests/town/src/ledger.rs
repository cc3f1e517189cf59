//! What is held against what happens.

use std::collections::{BTreeMap, BTreeSet};

use mostik_wire::StepName;

/// A rule that did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule.
    pub rule: &'static str,
    /// Whose family it struck, if one.
    pub family: Option<u32>,
    /// What was seen.
    pub what: String,
}

/// How often something was looked at, so that a run in which nothing was looked at is seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// Acknowledged steps.
    pub acknowledged: u64,
    /// Answers under a key that had one before.
    pub repeated: u64,
    /// Codes that were accepted.
    pub codes: u64,
    /// SMS that were given to the centre.
    pub sms: u64,
    /// Letters and messages in MAX.
    pub others: u64,
    /// Links in the database.
    pub links: u64,
    /// Refusals of what attackers tried.
    pub attacks: u64,
}

/// A code on its way.
pub(crate) struct Sent {
    pub(crate) linking: String,
    pub(crate) nth: i64,
    pub(crate) created_at: i64,
    /// When it left the service: it was written down before.
    pub(crate) given_at: i64,
}

/// What apps were told of a linking.
pub(crate) struct Told {
    pub(crate) family: u32,
    /// When, and of which version.
    pub(crate) versions: Vec<(i64, u64)>,
}

/// What is held against what happens.
#[derive(Default)]
pub struct Ledger {
    /// The first rule that did not hold.
    pub violation: Option<Violation>,
    /// How often something was looked at.
    pub looked: Looked,
    /// Of each linking what apps were told, and when.
    pub(crate) told: BTreeMap<String, Told>,
    /// What was answered under a key.
    pub(crate) answers: BTreeMap<String, [u8; 32]>,
    /// Codes in messages, by the code.
    pub(crate) codes: BTreeMap<String, Vec<Sent>>,
    /// SMS that a centre has, or may have.
    pub(crate) given: BTreeSet<String>,
    /// All that were ever given: those to which the centre said no come again.
    pub(crate) ever_given: BTreeSet<String>,
    /// When SMS with codes to a number were made; with what they are for.
    pub(crate) sends: BTreeMap<(String, bool), Vec<i64>>,
    /// Letters and messages in MAX that a node has noted as handed over.
    pub(crate) handed: BTreeSet<String>,
    /// When each was handed over last, while nobody has noted how that went.
    pub(crate) under_way: BTreeMap<String, i64>,
    /// What each version of a linking is.
    pub(crate) states: BTreeMap<(String, u64), StepName>,
    /// Accounts in MAX that nobody knows.
    pub(crate) strangers: BTreeSet<i64>,
    /// Wrong codes that attackers were told of, by number.
    pub(crate) guesses: BTreeMap<String, Vec<i64>>,
    /// Requests that moved a linking on, by the version that they are based on.
    pub(crate) moves: BTreeMap<(String, u64), String>,
    /// When attackers gave new contacts.
    pub(crate) contacts: BTreeMap<usize, Vec<(i64, String)>>,
    /// Wrong codes in a row that an attacker was told of, since the last code was sent.
    pub(crate) tries: BTreeMap<usize, u32>,
}

impl Ledger {
    /// Somebody who must never be bound to a profile.
    pub(crate) fn note_stranger(&mut self, user: i64) {
        self.strangers.insert(user);
    }

    /// The database is an older one: what was acknowledged since is not held against it.
    pub(crate) fn forget(&mut self) {
        // What has gone out must not go out once more.
        let Self { looked, strangers, given, handed, .. } = std::mem::take(self);
        *self = Self { looked, strangers, given, handed, ..Self::default() };
    }

    /// Whether an SMS may be given once more: the centre has said no, or never had it.
    pub(crate) fn may_be_given_again(&mut self, id: &str) {
        self.given.remove(id);
    }

    /// A node has noted that a letter, or a message in MAX, is handed over.
    pub(crate) fn note_handed(&mut self, id: &str) {
        self.under_way.remove(id);
        self.handed.insert(id.to_owned());
    }

    /// It may go out once more: nobody can know that it arrived, or it has not.
    pub(crate) fn note_not_handed(&mut self, id: &str) {
        self.under_way.remove(id);
    }

    /// A code was sent for an attacker.
    pub(crate) fn note_new_code(&mut self, attacker: usize) {
        self.tries.remove(&attacker);
    }
}

/// A link, with all that a profile is found by.
#[derive(Clone, Debug)]
pub struct LinkRow {
    /// The pupil, by the diary's id.
    pub student: String,
    /// The profile.
    pub profile: String,
    /// Its number.
    pub phone: Option<String>,
    /// Its address.
    pub email: Option<String>,
    /// Its account in MAX.
    pub max_user: Option<i64>,
    /// Its account at VK.
    pub vk_user: Option<i64>,
}
