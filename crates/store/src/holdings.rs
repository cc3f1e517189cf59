//! All that is held about a profile and its pupil, for the person who asks for it. The names of the fields are the format of
//! the export.

use mostik_linking::Step;
use mostik_wire::{CloseReason, Millis};
use serde::Serialize;
use sqlx::FromRow;
use time::{Duration, OffsetDateTime};

use super::{Conn, Error, inconsistent, sql};

/// The learning profile itself. Of the password only that there is one: what is kept cannot be read by anyone.
#[derive(Serialize, FromRow)]
#[expect(missing_docs, reason = "the names are the format of the export")]
pub struct ProfileRow {
    pub id: String,
    pub last_name: String,
    pub first_name: String,
    pub middle_name: Option<String>,
    pub birth_date: Option<String>,
    pub gender: Option<String>,
    pub role: String,
    pub class_name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub has_password: bool,
    pub max_user: Option<i64>,
    pub max_name: Option<String>,
    pub max_at: Option<UtcTime>,
    pub vk_user: Option<i64>,
    pub vk_name: Option<String>,
    pub vk_at: Option<UtcTime>,
    pub created_at: UtcTime,
    pub deletes_at: Option<UtcTime>,
    pub blocked_at: Option<UtcTime>,
}

/// What the diary has told of the pupil.
#[derive(Serialize, FromRow)]
#[expect(missing_docs, reason = "the names are the format of the export")]
pub struct PupilRow {
    pub last_name: String,
    pub first_name: String,
    pub middle_name: Option<String>,
    pub birth_date: Option<String>,
    pub gender: Option<String>,
    pub class_name: String,
    pub school: Option<String>,
}

/// Every way to a link that was begun for the pupil.
#[derive(Serialize)]
#[expect(missing_docs, reason = "the names are the format of the export")]
pub struct LinkingRow {
    pub begun_at: UtcTime,
    pub changed_at: UtcTime,
    pub step: String,
    pub closed_reason: Option<CloseReason>,
    pub contact: Option<String>,
}

/// An account of the diary that sees the pupil.
#[derive(Serialize, FromRow)]
#[expect(missing_docs, reason = "the names are the format of the export")]
pub struct AccountRow {
    pub first_name: String,
    pub last_name: String,
    pub role: String,
    pub blocked_at: Option<UtcTime>,
}

/// A sign-in of one of these accounts.
#[derive(Serialize, FromRow)]
#[expect(missing_docs, reason = "the names are the format of the export")]
pub struct SessionRow {
    pub role: String,
    pub signed_in_at: UtcTime,
    pub ended_at: Option<UtcTime>,
}

/// A message that was sent; neither what it said nor to whom is kept once it is handed over.
#[derive(Serialize)]
#[expect(missing_docs, reason = "the names are the format of the export")]
pub struct MessageRow {
    pub kind: String,
    pub queued_at: UtcTime,
    pub events: Vec<MessageEventRow>,
}

/// What happened to a message, by the names of [`crate::messages::Event`].
#[derive(Serialize)]
#[expect(missing_docs, reason = "the names are the format of the export")]
pub struct MessageEventRow {
    pub event: String,
    pub happened_at: UtcTime,
    pub times: i64,
}

/// A moment that is written as programs read it.
#[derive(Clone, Copy, sqlx::Type)]
#[sqlx(transparent)]
pub struct UtcTime(pub i64);

impl UtcTime {
    /// The moment.
    #[must_use]
    pub const fn at(self) -> Millis {
        Millis(self.0)
    }
}

// As programs write it: `2026-11-23T06:05:00Z`.
fn in_utc(at: Millis) -> String {
    let Some(at) = OffsetDateTime::UNIX_EPOCH.checked_add(Duration::milliseconds(at.0)) else { return String::new() };
    let (day, time) = (at.date(), at.time());
    format!("{day}T{:02}:{:02}:{:02}Z", time.hour(), time.minute(), time.second())
}

impl Serialize for UtcTime {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&in_utc(self.at()))
    }
}

/// What is kept of a profile.
pub async fn profile(conn: &mut Conn, id: &str) -> Result<ProfileRow, Error> {
    Ok(sql::query_as(
        "SELECT id, last_name, first_name, middle_name, birth_date, gender, role, class_name, phone, email,
                password_hash IS NOT NULL AS has_password, max_user, max_name, max_at, vk_user, vk_name, vk_at,
                created_at, deletes_at, blocked_at
         FROM profiles WHERE id = $1",
    )
    .bind(id)
    .fetch_one(conn)
    .await?)
}

/// What is kept of a pupil.
pub async fn pupil(conn: &mut Conn, id: &str) -> Result<PupilRow, Error> {
    Ok(sql::query_as(
        "SELECT last_name, first_name, middle_name, birth_date, gender, class_name, school FROM pupils WHERE id = $1",
    )
    .bind(id)
    .fetch_one(conn)
    .await?)
}

/// The pupil's linkings, oldest first.
pub async fn linkings(conn: &mut Conn, pupil: &str) -> Result<Vec<LinkingRow>, Error> {
    let rows: Vec<(String, UtcTime, UtcTime, String, Option<String>, String)> = sql::query_as(
        "SELECT id, created_at, updated_at, step, contact, state FROM linkings WHERE pupil_id = $1 ORDER BY created_at, id",
    )
    .bind(pupil)
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|(id, begun_at, changed_at, step, contact, state)| {
            let state: Step =
                serde_json::from_str(&state).map_err(|_| inconsistent("linkings", &id, "its state is none"))?;
            let closed_reason = match state {
                Step::Closed { reason } => Some(reason),
                _ => None,
            };
            Ok(LinkingRow { begun_at, changed_at, step, closed_reason, contact })
        })
        .collect()
}

/// A consent: when, to which wording, by whom (first name, surname).
pub type ConsentRow = (UtcTime, String, String, String);

/// The consents that a profile was made with, oldest first.
pub async fn consents(conn: &mut Conn, profile: &str) -> Result<Vec<ConsentRow>, Error> {
    Ok(sql::query_as(
        "SELECT c.given_at, c.wording, a.first_name, a.last_name
         FROM consents c JOIN accounts a ON a.id = c.account_id WHERE c.profile_id = $1 ORDER BY c.given_at",
    )
    .bind(profile)
    .fetch_all(conn)
    .await?)
}

/// The accounts that open the pupil's diary.
pub async fn seen_by(conn: &mut Conn, pupil: &str) -> Result<Vec<AccountRow>, Error> {
    Ok(sql::query_as(
        "SELECT a.first_name, a.last_name, a.role, a.blocked_at
         FROM account_pupils p JOIN accounts a ON a.id = p.account_id WHERE p.pupil_id = $1 ORDER BY a.id",
    )
    .bind(pupil)
    .fetch_all(conn)
    .await?)
}

/// The sign-ins of those accounts, oldest first.
pub async fn sessions(conn: &mut Conn, pupil: &str) -> Result<Vec<SessionRow>, Error> {
    Ok(sql::query_as(
        "SELECT a.role, s.created_at AS signed_in_at, s.ended_at
         FROM account_pupils p JOIN accounts a ON a.id = p.account_id JOIN sessions s ON s.account_id = a.id
         WHERE p.pupil_id = $1 ORDER BY s.created_at, s.id",
    )
    .bind(pupil)
    .fetch_all(conn)
    .await?)
}

type MessageWithEvent = (String, String, UtcTime, Option<String>, Option<UtcTime>, Option<i64>);

/// The messages about the pupil's linkings, oldest first, each with its way.
pub async fn messages(conn: &mut Conn, pupil: &str) -> Result<Vec<MessageRow>, Error> {
    // The outbox forgets soon, and the ways name no linking of what bears no code.
    let rows: Vec<MessageWithEvent> = sql::query_as(
        "WITH l AS (SELECT id FROM linkings WHERE pupil_id = $1),
              m AS (SELECT id, kind, queued_at FROM messages WHERE linking_id IN (SELECT id FROM l)
                    UNION SELECT id, kind, created_at FROM outbox WHERE linking_id IN (SELECT id FROM l))
         SELECT m.id, m.kind, m.queued_at, e.event, e.happened_at, e.times
         FROM m LEFT JOIN message_events e ON e.message_id = m.id ORDER BY m.queued_at, m.id, e.happened_at, e.place",
    )
    .bind(pupil)
    .fetch_all(conn)
    .await?;
    let mut messages: Vec<(String, MessageRow)> = Vec::new();
    for (id, kind, queued_at, event, happened_at, times) in rows {
        if messages.last().is_none_or(|(newest, _)| *newest != id) {
            messages.push((id, MessageRow { kind, queued_at, events: Vec::new() }));
        }
        if let (Some((_, message)), Some(event), Some(happened_at), Some(times)) =
            (messages.last_mut(), event, happened_at, times)
        {
            message.events.push(MessageEventRow { event, happened_at, times });
        }
    }
    Ok(messages.into_iter().map(|(_, message)| message).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_whole_seconds_of_utc() {
        assert_eq!(in_utc(Millis(1_795_413_600_000 - 1)), "2026-11-23T05:59:59Z");
    }
}
