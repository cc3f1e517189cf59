//! Finding what was changed in the audit log, removed from it or cut off its end.

use std::collections::BTreeMap;

use mostik_store::{
    Conn, Error,
    audit::{self, Entry},
};

use super::{
    chain::{BEGINNING, Head},
    entry::mac,
};
use crate::keys::{self, Keys};

/// Places that are read at once.
const BATCH: i64 = 1_000;
/// Faults of one kind that are told by name.
const MOST: i64 = 100;

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Places are missing.
    #[error("places {0} to {1} are gone")]
    Gap(i64, i64),
    /// The entry at a place is missing.
    #[error("the entry at place {0} is gone")]
    Missing(i64),
    /// An entry does not say what it said.
    #[error("the entry {0} was changed")]
    Changed(String),
    /// A place was made with a key that was changed before.
    #[error("place {0} was made with a secret_key that was no longer in use there")]
    Outdated(i64),
    /// The order is another one than it was.
    #[error("the link at place {0} does not follow from the one before and its entry")]
    Broken(i64),
    /// An entry has lost its place, or was kept from getting one.
    #[error("the entry {0} has no place and waits for none")]
    Displaced(String),
    /// The head that was kept elsewhere is behind the end.
    #[error("the log is cut off: it ends at place {ends}, and the head that was given is place {head}")]
    CutOff {
        /// The last place.
        ends: i64,
        /// That of the given head.
        head: i64,
    },
    /// The head that was kept elsewhere is another one.
    #[error("the log was written anew: at place {0} it has another link than the head that was given")]
    Rewritten(i64),
}

/// What was found.
#[derive(Debug, Default)]
pub struct Findings {
    /// The newest place; `None`: there is none.
    pub head: Option<Head>,
    /// Entries that wait for their place.
    pub waiting: usize,
    /// What is not as it was written.
    pub faults: Vec<Fault>,
    /// The numbers of keys that are needed to weigh all of it, and were not given; with each how many places and entries it has made.
    pub unweighed: BTreeMap<i64, u64>,
}

/// Reads the whole log; `known` is a head that was kept elsewhere. Give a snapshot, so that nothing moves meanwhile.
pub async fn verify(conn: &mut Conn, keys: &Keys, known: Option<&Head>) -> Result<Findings, Error> {
    let mut found = Findings::default();
    let (mut last, mut link) = (0, BEGINNING.to_owned());
    loop {
        let places = audit::places(conn, last, BATCH).await?;
        let (Some(first), Some(end)) = (places.first(), places.last()) else { break };
        let entries = audit::entries_at(conn, first.place, end.place).await?;
        let entries: BTreeMap<&str, &Entry> = entries.iter().map(|entry| (entry.id.as_str(), entry)).collect();
        for place in places {
            let follows = last + 1 == place.place;
            if !follows {
                found.faults.push(Fault::Gap(last + 1, place.place - 1));
            }
            match entries.get(place.entry_id.as_str()) {
                None => found.faults.push(Fault::Missing(place.place)),
                // Of one that was changed that is enough.
                Some(entry) if !found.weigh(keys, entry) => {}
                Some(entry) => match keys.of(&place.link) {
                    None => found.not_weighed(&place.link),
                    // Behind a gap there is nothing that it could follow from.
                    Some(_) if !follows => {}
                    Some(key) if keys::same(&key.audit_link(place.place, &link, &entry.mac), &place.link) => {}
                    Some(_) => found.faults.push(Fault::Broken(place.place)),
                },
            }
            if keys::number_of(&place.link) < keys::number_of(&link) {
                found.faults.push(Fault::Outdated(place.place));
            }
            if known.is_some_and(|known| known.place == place.place && known.link != place.link) {
                found.faults.push(Fault::Rewritten(place.place));
            }
            (last, link) = (place.place, place.link);
        }
    }
    if let Some(known) = known.filter(|known| known.place > last) {
        found.faults.push(Fault::CutOff { ends: last, head: known.place });
    }
    let waiting = audit::waiting(conn, i64::MAX).await?;
    for entry in &waiting {
        found.weigh(keys, entry);
    }
    found.faults.extend(audit::without_place(conn, MOST).await?.into_iter().map(Fault::Displaced));
    found.waiting = waiting.len();
    found.head = (last > 0).then_some(Head { place: last, link });
    Ok(found)
}

impl Findings {
    /// Holds an entry against its hash; answers whether it is not known to be changed.
    fn weigh(&mut self, keys: &Keys, entry: &Entry) -> bool {
        match keys.of(&entry.mac) {
            None => self.not_weighed(&entry.mac),
            Some(key) if keys::same(&mac(key, entry), &entry.mac) => {}
            Some(_) => {
                self.faults.push(Fault::Changed(entry.id.clone()));
                return false;
            }
        }
        true
    }

    fn not_weighed(&mut self, made: &str) {
        *self.unweighed.entry(keys::number_of(made)).or_default() += 1;
    }
}
