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
                Some(entry) if !is_unchanged(keys, entry) => found.faults.push(Fault::Changed(entry.id.clone())),
                // Behind a gap there is nothing that it could follow from.
                Some(entry) if follows => {
                    if !keys::same(&keys.audit_link(place.place, &link, &entry.mac), &place.link) {
                        found.faults.push(Fault::Broken(place.place));
                    }
                }
                Some(_) => {}
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
    let changed = waiting.iter().filter(|entry| !is_unchanged(keys, entry));
    found.faults.extend(changed.map(|entry| Fault::Changed(entry.id.clone())));
    found.faults.extend(audit::without_place(conn, MOST).await?.into_iter().map(Fault::Displaced));
    found.waiting = waiting.len();
    found.head = (last > 0).then_some(Head { place: last, link });
    Ok(found)
}

fn is_unchanged(keys: &Keys, entry: &Entry) -> bool {
    keys::same(&mac(keys, entry), &entry.mac)
}
