//! The way of each message, for who asks later why it did not arrive: neither what it said nor to whom.
//!
//! An event of the way is written in the transaction of what it tells of, after the outbox's own row was changed there: so two of one message
//! never draw the same place. What people do with the code is no part of the way, and has places of its own.

use mostik_wire::Millis;

use super::{
    Conn, Error, inconsistent,
    outbox::{CodeRef, Kind},
    sql,
};

/// A message that is queued.
pub struct NewMessage<'a> {
    /// Its id in the outbox.
    pub id: &'a str,
    /// How it goes out.
    pub kind: Kind,
    /// A keyed hash of whom it goes to.
    pub recipient_hash: &'a str,
    /// The code that it bears: the linking and the code's number there.
    pub about: Option<(&'a str, i64)>,
    /// Now.
    pub now: Millis,
    /// When it is worth nothing any more.
    pub expires_at: Millis,
}

/// What may happen to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// It was given to an SMS centre.
    Given,
    /// The connection to the centre ended before: it was not given after all.
    NotGiven,
    /// The centre took it.
    Taken,
    /// The centre did not take it.
    Refused,
    /// The centre has said nothing.
    Unanswered,
    /// No centre, or no server, can be reached.
    Unreachable,
    /// A receipt: it is on the phone.
    Delivered,
    /// A receipt: the centre could not deliver it.
    Undelivered,
    /// A receipt: its life was over before it could be delivered.
    Outlived,
    /// The mail server or MAX took it.
    HandedOver,
    /// The mail server or MAX did not take it this time.
    PutOff,
    /// It was given up.
    GivenUp,
    /// Its life was over before anybody took it.
    Expired,
    /// It waited, and was not needed any more: a newer code, or the linking is over.
    Dropped,
    /// The code that it bears was typed.
    Proven,
    /// Another code was typed while this was the newest.
    Mistyped,
    /// Another code was asked for while this was the newest, and what the contact had cost did not admit it.
    NotSent,
}

const EVENTS: [(Event, &str); 17] = [
    (Event::Given, "given"),
    (Event::NotGiven, "not_given"),
    (Event::Taken, "taken"),
    (Event::Refused, "refused"),
    (Event::Unanswered, "unanswered"),
    (Event::Unreachable, "unreachable"),
    (Event::Delivered, "delivered"),
    (Event::Undelivered, "undelivered"),
    (Event::Outlived, "outlived"),
    (Event::HandedOver, "handed_over"),
    (Event::PutOff, "put_off"),
    (Event::GivenUp, "given_up"),
    (Event::Expired, "expired"),
    (Event::Dropped, "dropped"),
    (Event::Proven, "proven"),
    (Event::Mistyped, "mistyped"),
    (Event::NotSent, "not_sent"),
];

impl Event {
    /// As the database writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        EVENTS.iter().find(|(event, _)| *event == self).map_or("", |(_, name)| name)
    }

    /// Whether people have done it, rather than that it belongs to the message's way.
    #[must_use]
    pub const fn is_of_people(self) -> bool {
        matches!(self, Self::Proven | Self::Mistyped | Self::NotSent)
    }

    /// The event behind [`Event::name`].
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        EVENTS.iter().find(|(_, known)| *known == name).map(|(event, _)| *event)
    }
}

/// Something that happened.
#[derive(Clone, Copy)]
pub struct Happened<'a> {
    /// What.
    pub event: Event,
    /// The SMS centre that it happened with.
    pub centre: Option<&'a str>,
    /// The provider's status, or words of the program; nothing that a provider says in its own words, which may quote people.
    pub answer: Option<&'a str>,
    /// When.
    pub now: Millis,
}

/// Keeps a message that is queued.
pub async fn keep(conn: &mut Conn, message: &NewMessage<'_>) -> Result<(), Error> {
    let (linking, nth) = message.about.unzip();
    sql::query(
        "INSERT INTO messages (id, kind, recipient_hash, linking_id, nth, queued_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(message.id)
    .bind(message.kind.name())
    .bind(message.recipient_hash)
    .bind(linking)
    .bind(nth)
    .bind(message.now.0)
    .bind(message.expires_at.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes what happened to a message. Of one that an older version has queued nothing is kept.
pub async fn note(conn: &mut Conn, id: &str, happened: &Happened<'_>) -> Result<(), Error> {
    // What people do has places of its own, below zero: neither waits for the other, nor takes its place.
    let side = if happened.event.is_of_people() { -1 } else { 1 };
    let again = sql::query(
        "UPDATE message_events SET times = times + 1, last_at = $5
         WHERE message_id = $1 AND event = $2 AND COALESCE(centre, '') = $3 AND COALESCE(answer, '') = $4
             AND place * $6 = (SELECT MAX(e.place * $6) FROM message_events e WHERE e.message_id = $1)",
    )
    .bind(id)
    .bind(happened.event.name())
    .bind(happened.centre.unwrap_or_default())
    .bind(happened.answer.unwrap_or_default())
    .bind(happened.now.0)
    .bind(side)
    .execute(&mut *conn)
    .await?;
    if again.rows_affected() > 0 {
        return Ok(());
    }
    sql::query(
        "INSERT INTO message_events (message_id, place, event, centre, answer, happened_at, last_at)
         SELECT m.id, $6 * (1 + (SELECT COALESCE(MAX(e.place * $6), 0) FROM message_events e
             WHERE e.message_id = m.id AND e.place * $6 > 0)), $2, $3, $4, $5, $5
         FROM messages m WHERE m.id = $1",
    )
    .bind(id)
    .bind(happened.event.name())
    .bind(happened.centre)
    .bind(happened.answer)
    .bind(happened.now.0)
    .bind(side)
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that a code was typed while the one with this number was the linking's newest.
pub async fn note_typed(conn: &mut Conn, linking: &str, nth: i64, right: bool, now: Millis) -> Result<(), Error> {
    let bearing: Vec<String> = sql::query_scalar("SELECT id FROM messages WHERE linking_id = $1 AND nth = $2")
        .bind(linking)
        .bind(nth)
        .fetch_all(&mut *conn)
        .await?;
    let event = if right { Event::Proven } else { Event::Mistyped };
    for id in &bearing {
        note(conn, id, &Happened { event, centre: None, answer: None, now }).await?;
    }
    Ok(())
}

/// Notes on a linking's newest message that another code was refused, with the refusal's word.
pub async fn note_not_sent(conn: &mut Conn, linking: &str, answer: &str, now: Millis) -> Result<(), Error> {
    let newest: Option<String> =
        sql::query_scalar("SELECT id FROM messages WHERE linking_id = $1 ORDER BY queued_at DESC, nth DESC LIMIT 1")
            .bind(linking)
            .fetch_optional(&mut *conn)
            .await?;
    match newest {
        Some(id) => note(conn, &id, &Happened { event: Event::NotSent, centre: None, answer: Some(answer), now }).await,
        None => Ok(()),
    }
}

/// A message that was kept, with its way.
#[derive(Debug, PartialEq, Eq)]
pub struct StoredMessage {
    /// Its id.
    pub id: String,
    /// How it went out.
    pub kind: Kind,
    /// The code that it bore.
    pub about: Option<CodeRef>,
    /// When it was queued.
    pub queued_at: Millis,
    /// When it was worth nothing any more.
    pub expires_at: Millis,
    /// What happened to it, in order.
    pub events: Vec<StoredEvent>,
}

/// What happened to a message.
#[derive(Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "see `Happened`")]
pub struct StoredEvent {
    pub event: Event,
    pub centre: Option<String>,
    pub answer: Option<String>,
    pub at: Millis,
    /// How often, where it was the same several times in a row.
    pub times: i64,
    /// When for the last time.
    pub last_at: Millis,
}

/// Whose messages are asked for.
pub enum Of<'a> {
    /// Those to a recipient, by its keyed hash.
    Recipient(&'a str),
    /// Those about a linking.
    Linking(&'a str),
    /// The one with this id.
    Id(&'a str),
}

/// The newest messages, newest first.
pub async fn newest(conn: &mut Conn, of: &Of<'_>, most: i64) -> Result<Vec<StoredMessage>, Error> {
    type Row = (String, String, Option<String>, Option<i64>, i64, i64);
    let (condition, key) = match of {
        Of::Recipient(hash) => ("recipient_hash = $1", hash),
        Of::Linking(id) => ("linking_id = $1", id),
        Of::Id(id) => ("id = $1", id),
    };
    let rows: Vec<Row> = sql::query_as(sqlx::AssertSqlSafe(format!(
        "SELECT id, kind, linking_id, nth, queued_at, expires_at FROM messages WHERE {condition}
         ORDER BY queued_at DESC, id LIMIT $2"
    )))
    .bind(*key)
    .bind(most)
    .fetch_all(&mut *conn)
    .await?;
    let mut messages = Vec::new();
    for (id, kind, linking, nth, queued_at, expires_at) in rows {
        let kind = Kind::of(&kind).ok_or_else(|| inconsistent("messages", &id, "an unknown kind"))?;
        let events = events(conn, &id).await?;
        let (queued_at, expires_at) = (Millis(queued_at), Millis(expires_at));
        messages.push(StoredMessage { id, kind, about: CodeRef::of(linking, nth), queued_at, expires_at, events });
    }
    Ok(messages)
}

// The way in its order, and what people did where its moment puts it.
async fn events(conn: &mut Conn, id: &str) -> Result<Vec<StoredEvent>, Error> {
    type Row = (String, Option<String>, Option<String>, i64, i64, i64);
    let rows: Vec<Row> = sql::query_as(
        "SELECT event, centre, answer, happened_at, times, last_at FROM message_events WHERE message_id = $1
         ORDER BY CASE WHEN place < 0 THEN 1 ELSE 0 END, ABS(place)",
    )
    .bind(id)
    .fetch_all(conn)
    .await?;
    let mut events: Vec<StoredEvent> = Vec::new();
    for (event, centre, answer, at, times, last_at) in rows {
        let event = Event::of(&event).ok_or_else(|| inconsistent("message_events", id, "an unknown event"))?;
        let event = StoredEvent { event, centre, answer, at: Millis(at), times, last_at: Millis(last_at) };
        let place = if event.event.is_of_people() {
            events.iter().rposition(|earlier| earlier.at <= event.at).map_or(0, |earlier| earlier + 1)
        } else {
            events.len()
        };
        events.insert(place, event);
    }
    Ok(events)
}
