//! `support statistics`: a day in numbers that name nobody.

use std::collections::BTreeMap;

use mostik_store::{
    messages::Event,
    outbox::Kind,
    statistics::{self as stored, Span},
};
use mostik_wire::Millis;
use serde::Serialize;

use super::{
    desk::{Desk, DeskError},
    message::{Outcome, outcome_of},
};
use crate::{
    audit::{Action as Audited, Subject},
    clock::DAY,
};

type Counts<K> = BTreeMap<K, i64>;

/// A day. The names of the fields are the format of `--json`.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the format")]
pub struct Day {
    /// `YYYY-MM-DD`, in Moscow.
    pub day: String,
    pub sign_ins: i64,
    /// Linkings begun, by the step where they are now.
    pub linkings_begun: Counts<String>,
    /// Linkings closed, by the cause.
    pub linkings_closed: Counts<String>,
    /// Links, accounts in messengers, profiles and the rest, as the audit log counts them.
    pub done: Counts<String>,
    /// Codes by channel: sent, and what was typed of them.
    pub codes: BTreeMap<&'static str, Codes>,
    /// Messages by channel and outcome, codes among them.
    pub messages: BTreeMap<&'static str, Counts<Outcome>>,
}

/// The codes of one channel.
#[derive(Debug, Default, Serialize)]
#[expect(missing_docs, reason = "the names are the format")]
pub struct Codes {
    pub sent: i64,
    pub proven: i64,
    /// Wrong codes that were typed.
    pub refused: i64,
    /// Requests for another one that the contact's cost did not admit.
    pub not_sent: i64,
}

impl Desk {
    /// Counts a day that begins at that moment.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn statistics(&self, day: String, from: Millis) -> Result<Day, DeskError> {
        let span = Span { from, until: from.plus(DAY) };
        let mut tx = self.store.snapshot().await?;
        let mut counted = Day {
            day,
            sign_ins: stored::sign_ins(&mut tx, span).await?,
            linkings_begun: stored::linkings_begun(&mut tx, span).await?.into_iter().collect(),
            linkings_closed: BTreeMap::new(),
            done: stored::audited(&mut tx, span).await?.into_iter().collect(),
            codes: BTreeMap::new(),
            messages: BTreeMap::new(),
        };
        for (reason, count) in stored::linkings_closed(&mut tx, span).await? {
            let word = serde_json::to_value(reason).ok().and_then(|word| word.as_str().map(str::to_owned));
            *counted.linkings_closed.entry(word.unwrap_or_default()).or_default() += count;
        }
        for (kind, bears_code, last, count) in stored::messages(&mut tx, span).await? {
            *counted.messages.entry(kind.name()).or_default().entry(outcome_of(last)).or_default() += count;
            // A code that was replaced before it was sent was none.
            if bears_code && kind != Kind::Max && last != Some(Event::Dropped) {
                counted.codes.entry(kind.name()).or_default().sent += count;
            }
        }
        for (kind, event, count) in stored::typed(&mut tx, span).await? {
            let codes = counted.codes.entry(kind.name()).or_default();
            match event {
                Event::Proven => codes.proven += count,
                Event::Mistyped => codes.refused += count,
                _ => codes.not_sent += count,
            }
        }
        drop(tx);
        let mut tx = self.store.write().await?;
        self.record(&mut tx, Audited::SupportCounted, &Subject::default()).await?;
        tx.commit().await?;
        Ok(counted)
    }
}
