//! Work that one node does at a time, and what this node has of it.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

/// Work that one node does at a time.
#[derive(Clone, Copy)]
pub enum Work<'a> {
    /// The sweep.
    Sweep,
    /// Chaining the entries of the audit log.
    AuditChain,
    /// Asking MAX for this bot's updates.
    Polling(&'a str),
    /// The one session that this SMS centre admits.
    SmsSession(&'a str),
}

impl Work<'_> {
    const KINDS: [&'static str; 4] = ["sweep", "audit_chain", "polling", "sms_session"];

    /// Its kind, in one word.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Sweep => Self::KINDS[0],
            Self::AuditChain => Self::KINDS[1],
            Self::Polling(_) => Self::KINDS[2],
            Self::SmsSession(_) => Self::KINDS[3],
        }
    }

    /// What its lease is called.
    pub fn name(self) -> String {
        match self {
            Self::Sweep | Self::AuditChain => self.kind().to_owned(),
            Self::Polling(of) | Self::SmsSession(of) => format!("{} {of}", self.kind()),
        }
    }
}

/// How many leases this node holds, by the kind of the work.
#[derive(Default)]
pub struct Held(Mutex<BTreeMap<&'static str, u32>>);

impl Held {
    /// Every kind, with how many are held.
    #[must_use]
    pub fn held(&self) -> Vec<(&'static str, u32)> {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Work::KINDS.into_iter().map(|kind| (kind, counts.get(kind).copied().unwrap_or_default())).collect()
    }

    /// Changes how many of a kind are held.
    pub fn count(&self, kind: &'static str, change: impl FnOnce(u32) -> u32) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(kind).or_default();
        *count = change(*count);
    }
}
