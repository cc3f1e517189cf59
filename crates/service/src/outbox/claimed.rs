//! A message that is being handed over.

use mostik_store::outbox::{CodeRef, Kind, Message};
use mostik_wire::Millis;

use crate::{app::App, refusal::Refusal};

/// A claimed message.
pub struct Claimed {
    /// Its id.
    pub id: String,
    /// How it goes out.
    pub kind: Kind,
    /// A number in digits, an address, or a MAX user's id.
    pub recipient: String,
    /// When it was queued.
    pub created_at: Millis,
    /// When it is worth nothing any more.
    pub expires_at: Millis,
    /// The payload, opened.
    pub payload: String,
    /// How often it was tried, this time among them.
    pub attempts: i64,
    /// The code that it bears.
    pub about: Option<CodeRef>,
    /// How often a centre refused it for a cause that nobody knows.
    pub unknown_refusals: i64,
}

impl Claimed {
    /// As it was looked at, and then taken once more.
    ///
    /// # Errors
    /// When the payload does not open.
    pub(crate) fn of(app: &App, kind: Kind, message: Message) -> Result<Self, Refusal> {
        Ok(Self {
            payload: app.live().keys.open(&message.sealed_payload)?,
            id: message.id,
            kind,
            recipient: message.recipient,
            created_at: message.created_at,
            expires_at: message.expires_at,
            attempts: message.attempts + 1,
            about: message.about,
            unknown_refusals: message.unknown_refusals,
        })
    }
}

#[cfg(test)]
impl Claimed {
    /// One that is in no outbox.
    pub(crate) fn for_test(recipient: &str, payload: &str, created_at: Millis, expires_at: Millis) -> Self {
        let (recipient, payload) = (recipient.to_owned(), payload.to_owned());
        let (id, kind, attempts, about, unknown_refusals) = ("test".into(), Kind::Sms, 1, None, 0);
        Self { id, kind, recipient, created_at, expires_at, payload, attempts, about, unknown_refusals }
    }
}
