//! What happened in a span of time, in numbers that name nobody.

use mostik_linking::Step;
use mostik_wire::{CloseReason, Millis};

use super::{Conn, Error, inconsistent, messages::Event, outbox::Kind, sql};

/// From the first moment up to the second, without it.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// The first moment.
    pub from: Millis,
    /// The moment after the last.
    pub until: Millis,
}

/// Sessions that began and gave tokens. Those of accounts that were erased since are not counted.
pub async fn sign_ins(conn: &mut Conn, span: Span) -> Result<i64, Error> {
    Ok(sql::query_scalar("SELECT COUNT(*) FROM sessions WHERE created_at >= $1 AND created_at < $2 AND generation > 0")
        .bind(span.from.0)
        .bind(span.until.0)
        .fetch_one(conn)
        .await?)
}

/// Linkings that were begun, by the step where they are now.
pub async fn linkings_begun(conn: &mut Conn, span: Span) -> Result<Vec<(String, i64)>, Error> {
    Ok(sql::query_as(
        "SELECT step, COUNT(*) FROM linkings WHERE created_at >= $1 AND created_at < $2 GROUP BY step ORDER BY step",
    )
    .bind(span.from.0)
    .bind(span.until.0)
    .fetch_all(conn)
    .await?)
}

/// Linkings that were closed, by the cause.
pub async fn linkings_closed(conn: &mut Conn, span: Span) -> Result<Vec<(CloseReason, i64)>, Error> {
    let rows: Vec<(String, i64)> = sql::query_as(
        "SELECT state, COUNT(*) FROM linkings WHERE step = 'closed' AND updated_at >= $1 AND updated_at < $2
         GROUP BY state ORDER BY state",
    )
    .bind(span.from.0)
    .bind(span.until.0)
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|(state, count)| match serde_json::from_str(&state) {
            Ok(Step::Closed { reason }) => Ok((reason, count)),
            _ => Err(inconsistent("linkings", "of a day", "a closed one's state is another")),
        })
        .collect()
}

/// Entries of the audit log, by what was done.
pub async fn audited(conn: &mut Conn, span: Span) -> Result<Vec<(String, i64)>, Error> {
    Ok(sql::query_as(
        "SELECT action, COUNT(*) FROM audit_entries WHERE happened_at >= $1 AND happened_at < $2
         GROUP BY action ORDER BY action",
    )
    .bind(span.from.0)
    .bind(span.until.0)
    .fetch_all(conn)
    .await?)
}

/// Messages that were queued, by kind, by whether they bore a code, and by what happened to them last (`None`: nothing yet); what was
/// typed is no part of their way.
pub async fn messages(conn: &mut Conn, span: Span) -> Result<Vec<(Kind, bool, Option<Event>, i64)>, Error> {
    let rows: Vec<(String, i64, String, i64)> = sql::query_as(
        "SELECT kind, bears_code, last_event, COUNT(*) FROM (
             SELECT m.kind, CAST(CASE WHEN m.linking_id IS NULL THEN 0 ELSE 1 END AS BIGINT) AS bears_code,
                 COALESCE((SELECT e.event FROM message_events e WHERE e.message_id = m.id
                     AND e.place > 0 ORDER BY e.place DESC LIMIT 1), '') AS last_event
             FROM messages m WHERE m.queued_at >= $1 AND m.queued_at < $2) AS queued
         GROUP BY kind, bears_code, last_event ORDER BY kind, bears_code, last_event",
    )
    .bind(span.from.0)
    .bind(span.until.0)
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|(kind, bears_code, last, count)| {
            let known = Kind::of(&kind).ok_or_else(|| inconsistent("messages", &kind, "an unknown kind"))?;
            Ok((known, bears_code == 1, Event::of(&last), count))
        })
        .collect()
}

/// How often codes of messages that were queued in the span were typed rightly, wrongly, and how often another one was refused.
pub async fn typed(conn: &mut Conn, span: Span) -> Result<Vec<(Kind, Event, i64)>, Error> {
    let rows: Vec<(String, String, i64)> = sql::query_as(
        "SELECT m.kind, e.event, CAST(SUM(e.times) AS BIGINT) FROM messages m JOIN message_events e ON e.message_id = m.id
         WHERE m.queued_at >= $1 AND m.queued_at < $2 AND e.place < 0
         GROUP BY m.kind, e.event ORDER BY m.kind, e.event",
    )
    .bind(span.from.0)
    .bind(span.until.0)
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|(kind, event, count)| {
            let (kind, event) = Kind::of(&kind)
                .zip(Event::of(&event))
                .ok_or_else(|| inconsistent("message_events", &event, "an unknown event, or of an unknown kind"))?;
            Ok((kind, event, count))
        })
        .collect()
}
