//! The order of the entries. One node gives places; whoever else did at the same time would meet the number taken.

use std::time::Duration;

use mostik_store::{
    Error, Store,
    audit::{self, Place},
};
use tokio::time::MissedTickBehavior;

use crate::{
    app::App,
    keys::{self, Keys},
};

/// How often it is looked whether an entry waits.
const LOOK: Duration = Duration::from_secs(1);
/// Places that are given in one transaction.
const MOST: i64 = 500;

/// The link before the first place.
pub(super) const BEGINNING: &str = "";

/// The newest place with its link: whoever keeps it elsewhere can tell later whether the log was cut short or written anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// How many places there are.
    pub place: i64,
    /// The link at the last one.
    pub link: String,
}

impl std::fmt::Display for Head {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.place, self.link)
    }
}

impl std::str::FromStr for Head {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let read = text.split_once(':').and_then(|(place, link)| Some((place.parse().ok()?, link)));
        match read {
            Some((place, link)) if place > 0 && is_link(link) => {
                Ok(Self { place, link: link.to_ascii_lowercase() })
            }
            _ => Err("a head is expected as the log and `audit verify` tell it: NUMBER:64 hex digits, or NUMBER:KEY.64 hex digits".to_owned()),
        }
    }
}

fn is_link(text: &str) -> bool {
    let (key, hash) = text.split_once('.').unwrap_or(("1", text));
    key.parse::<i64>().is_ok_and(|number| number > 0) && hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Gives places to what waits, all of it. Answers the new head; `None`: nothing waited.
pub async fn give_places(store: &Store, keys: &Keys) -> Result<Option<Head>, Error> {
    let mut newest_head = None;
    while audit::is_waited_for(&mut *store.reader().await?).await? {
        let mut tx = store.write().await?;
        let head = audit::head(&mut tx).await?;
        let (mut place, mut link) = head.map_or((0, BEGINNING.to_owned()), |head| (head.place, head.link));
        // Once it goes on under a newer key it does not go back to an older one, which may be known to others by now.
        let newest = keys::number_of(&link).max(keys.number());
        let Some(key) = keys.of_number(newest) else {
            tracing::warn!("the audit log goes on under a newer secret_key: entries wait for a node that has it");
            return Ok(None);
        };
        let mut waiting = audit::waiting(&mut tx, MOST).await?;
        // Made with a key that was dropped: by no node of ours.
        waiting.retain(|entry| keys.of(&entry.mac).is_some());
        if waiting.is_empty() {
            tracing::error!("entries of the audit log wait that no key of this node has made: see `audit verify`");
            return Ok(newest_head);
        }
        for entry in waiting {
            place += 1;
            link = key.audit_link(place, &link, &entry.mac);
            let next = Place { place, entry_id: entry.id, link: link.clone() };
            audit::give_place(&mut tx, &next).await?;
        }
        tx.commit().await?;
        newest_head = Some(Head { place, link });
    }
    Ok(newest_head)
}

/// Gives places until the service ends, and tells each new head in the log.
pub async fn run(app: App) {
    let mut stopping = app.stopping.clone();
    let mut ticks = tokio::time::interval(LOOK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let ends = tokio::select! {
            _ = ticks.tick() => false,
            _ = stopping.changed() => true,
        };
        match give_places(&app.store, &app.live().keys).await {
            Ok(Some(head)) => tracing::info!(%head, "the audit log has grown"),
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "entries of the audit log wait for their places"),
        }
        if ends {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_as_it_is_told_and_nothing_else_is() {
        let head = Head { place: 12, link: "0f".repeat(32) };
        assert_eq!(head.to_string().parse(), Ok(head.clone()));
        let later = Head { link: format!("2.{}", head.link), ..head.clone() };
        assert_eq!(later.to_string().parse(), Ok(later));
        for wrong in [
            "",
            "12",
            ":",
            "0:",
            "12:0f",
            &format!("-1:{}", head.link),
            &format!("x:{}", head.link),
            &format!("1:x.{}", head.link),
        ] {
            assert!(wrong.parse::<Head>().is_err(), "{wrong}");
        }
    }
}
