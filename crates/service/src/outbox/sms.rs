//! An SMS on its way: which centre has it, what came of that, and which message a receipt is about.
//!
//! A message is noted as given to a centre before its first octet leaves. From then on it is given to nobody else, after a
//! restart neither, until that centre has said no: by its answer, or by a receipt that says «not delivered». Whether a message
//! arrived whose connection broke before the answer, nobody can know; it is shown as late, and the person may ask for a new code.

use mostik_wire::Delivery;

use super::{Claimed, give_up_late, reflect, show};
use crate::{
    app::App,
    clock::MINUTE,
    config::{CentreConfig, MessageId},
    db::Tx,
    refusal::Refusal,
    sms::{
        message_id::{answer_keys, folded, receipt_keys},
        receipt::{Outcome, Receipt},
    },
};

/// How often a refusal that nobody knows is believed to pass.
const UNKNOWN_AGAIN: i64 = 3;
/// For how long a message without a receipt speaks against its centre: after that the centre gets another chance.
const HELD_AGAINST: i64 = 10 * MINUTE;

/// Which messages a centre takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share<'a> {
    /// All: there is no other centre at the moment.
    All,
    /// Those that it has not refused last.
    NotRefused,
    /// Those that this other centre has refused last.
    RefusedBy(&'a str),
}

/// Notes the oldest due message as given to a centre, which is to be done next; gives up those whose life is over.
///
/// # Errors
/// When the database does not answer.
pub async fn take(app: &App, centre: &str, share: Share<'_>) -> Result<Option<Claimed>, Refusal> {
    let now = app.now().0;
    let (except, only) = match share {
        Share::All => (None, None),
        Share::NotRefused => (Some(centre), None),
        Share::RefusedBy(other) => (None, Some(other)),
    };
    let due: Option<i64> = sqlx::query_scalar(
        "SELECT 1 FROM outbox WHERE kind = 'sms' AND state = 'queued' AND (expires_at <= $1 OR (next_at <= $1
             AND ($2 IS NULL OR refused_by IS NULL OR refused_by <> $2) AND ($3 IS NULL OR refused_by = $3))) LIMIT 1",
    )
    .bind(now)
    .bind(except)
    .bind(only)
    .fetch_optional(app.db.read())
    .await?;
    if due.is_none() {
        return Ok(None);
    }
    give_up_late(app, "sms").await?;
    let mut tx = app.db.write().await?;
    type Row = (String, Option<String>, Option<String>, i64, Option<String>, Option<i64>, i64, i64);
    // A centre is told whole seconds, and none of them might mean «as long as you like».
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, recipient, sealed_payload, attempts + 1, linking_id, nth, created_at, expires_at FROM outbox
         WHERE kind = 'sms' AND state = 'queued' AND next_at <= $1 AND expires_at >= $1 + 1000
             AND ($2 IS NULL OR refused_by IS NULL OR refused_by <> $2) AND ($3 IS NULL OR refused_by = $3)
         ORDER BY next_at, created_at LIMIT 1",
    )
    .bind(now)
    .bind(except)
    .bind(only)
    .fetch_optional(&mut *tx)
    .await?;
    let Some((id, recipient, sealed, attempts, linking, nth, created_at, expires_at)) = row else { return Ok(None) };
    let payload = app.keys.open(&sealed.unwrap_or_default())?;
    let recipient = recipient.unwrap_or_default();
    sqlx::query(
        "UPDATE outbox SET state = 'sent', centre = $2, handed_at = $3, receipt_at = NULL, attempts = $4, provider_id = NULL,
             provider_key = NULL, recipient_key = $5 WHERE id = $1",
    )
    .bind(&id)
    .bind(centre)
    .bind(now)
    .bind(attempts)
    .bind(recipient_key(app, &recipient))
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    let (created_at, expires_at) = (mostik_wire::Millis(created_at), mostik_wire::Millis(expires_at));
    Ok(Some(Claimed { id, recipient, created_at, expires_at, payload, attempts, linking, nth }))
}

/// It was not given after all: the connection had ended before.
///
/// # Errors
/// When the database does not answer; then nobody gets it.
pub async fn not_given(app: &App, message: &Claimed) -> Result<(), Refusal> {
    let mut tx = app.db.write().await?;
    back_into_queue(&mut tx, message, app.now().0).await?;
    tx.commit().await?;
    Ok(())
}

/// The centre has it, and may not have: no answer came.
///
/// # Errors
/// When the database does not answer.
pub async fn unanswered(app: &App, message: &Claimed) -> Result<(), Refusal> {
    let mut tx = app.db.write().await?;
    reflect(app, &mut tx, message.linking.as_deref(), message.nth, Delivery::Delayed).await?;
    tx.commit().await?;
    show(app, message.linking.clone());
    Ok(())
}

/// The same for what a process that ended had given and not heard of.
///
/// # Errors
/// When the database does not answer.
pub async fn unanswered_before(app: &App) -> Result<(), Refusal> {
    let mut tx = app.db.write().await?;
    let all: Vec<(Option<String>, Option<i64>)> = sqlx::query_as(
        "SELECT linking_id, nth FROM outbox
         WHERE kind = 'sms' AND state = 'sent' AND centre IS NOT NULL AND provider_id IS NULL AND expires_at > $1",
    )
    .bind(app.now().0)
    .fetch_all(&mut *tx)
    .await?;
    for (linking, nth) in &all {
        reflect(app, &mut tx, linking.as_deref(), *nth, Delivery::Delayed).await?;
    }
    tx.commit().await?;
    for (linking, _) in all {
        show(app, linking);
    }
    Ok(())
}

/// Why a centre did not take a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It may at another time, or another centre may.
    Passing,
    /// Nobody knows: it is tried again three times.
    Unknown,
    /// Nobody will.
    Never,
}

/// The centre said no; after `pause` milliseconds the message is to be had again.
///
/// # Errors
/// When the database does not answer; then nobody gets it.
pub async fn said_no(app: &App, message: &Claimed, centre: &str, why: Why, pause: i64) -> Result<(), Refusal> {
    let mut tx = app.db.write().await?;
    let unknown: i64 = sqlx::query_scalar(
        "UPDATE outbox SET refused_by = $2, unknown_refusals = unknown_refusals + $3 WHERE id = $1 RETURNING unknown_refusals",
    )
    .bind(&message.id)
    .bind(centre)
    .bind(i64::from(why == Why::Unknown))
    .fetch_optional(&mut *tx)
    .await?
    .unwrap_or_default();
    if why == Why::Never || unknown > UNKNOWN_AGAIN {
        tx.commit().await?;
        return super::refused(app, message, Delivery::Failed).await;
    }
    back_into_queue(&mut tx, message, app.now().plus(pause).0).await?;
    reflect(app, &mut tx, message.linking.as_deref(), message.nth, Delivery::Delayed).await?;
    tx.commit().await?;
    show(app, message.linking.clone());
    app.sms.wake();
    Ok(())
}

// What was replaced meanwhile is not sent again.
async fn back_into_queue(tx: &mut Tx, message: &Claimed, next_at: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE outbox SET state = CASE WHEN sealed_payload IS NULL THEN 'dropped' ELSE 'queued' END, next_at = $2
         WHERE id = $1 AND state = 'sent'",
    )
    .bind(&message.id)
    .bind(next_at)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The centre took it, under this id; its receipt may have been faster.
///
/// # Errors
/// When the database does not answer; then the message stays without an answer.
pub async fn accepted(app: &App, centre: &CentreConfig, message: &Claimed, provider_id: &str) -> Result<(), Refusal> {
    let mut tx = app.db.write().await?;
    let key = folded(provider_id);
    // Another centre may have to have it yet, when a receipt says that this one could not deliver it.
    let erase = app.config.sms.centres.len() == 1;
    let recipient: Option<String> = sqlx::query_scalar(
        "UPDATE outbox SET provider_id = $2, provider_key = $3, recipient = CASE $4 WHEN 1 THEN NULL ELSE recipient END,
             sealed_payload = CASE $4 WHEN 1 THEN NULL ELSE sealed_payload END
         WHERE id = $1 AND state = 'sent' RETURNING recipient_key",
    )
    .bind(&message.id)
    .bind(provider_id)
    .bind(&key)
    .bind(i64::from(erase))
    .fetch_optional(&mut *tx)
    .await?
    .flatten();
    reflect(app, &mut tx, message.linking.as_deref(), message.nth, Delivery::Sent).await?;
    if let Some(key) = key {
        let keys = receipt_keys(centre.message_id, &key);
        let sure = centre.message_id != MessageId::Auto;
        let early: Vec<(String, String, String, String)> = sqlx::query_as(
            "SELECT receipt, provider_key, recipient_keys, outcome FROM receipts
             WHERE centre = $1 AND provider_key IN (SELECT value FROM json_each($2))",
        )
        .bind(&centre.name)
        .bind(serde_json::json!(keys).to_string())
        .fetch_all(&mut *tx)
        .await?;
        let ours: Vec<_> = early
            .iter()
            .filter(|(_, of, to, _)| {
                is_ours(recipient.as_deref(), sure || of == &key, &to.split(' ').collect::<Vec<_>>())
            })
            .collect();
        // The same one twice is no question; one that contradicts another is.
        if let Some((_, _, _, outcome)) = ours.first()
            && ours.iter().all(|(_, _, _, other)| other == outcome)
            && let Some(outcome) = Outcome::of(outcome)
        {
            for (receipt, ..) in &ours {
                sqlx::query("DELETE FROM receipts WHERE receipt = $1").bind(receipt).execute(&mut *tx).await?;
            }
            settle(app, &mut tx, &message.id, outcome).await?;
        }
    }
    tx.commit().await?;
    app.announce(message.linking.as_deref().unwrap_or_default());
    Ok(())
}

/// A receipt came. It is taken for the one message of this centre that it can be about; where there are two, for none.
///
/// # Errors
/// When the database does not answer.
pub async fn receipt(app: &App, centre: &CentreConfig, receipt: &Receipt) -> Result<(), Refusal> {
    let ids: Vec<String> = receipt.ids.iter().filter_map(|id| folded(id)).collect();
    let keys: Vec<String> = ids.iter().flat_map(|id| answer_keys(centre.message_id, id)).collect();
    let own = &centre.source;
    let addresses = receipt.addresses.iter().filter(|address| *address != own).filter(|address| address.len() >= 10);
    let to: Vec<String> = addresses.map(|digits| recipient_key(app, digits)).collect();
    let mut tx = app.db.write().await?;
    let found: Vec<(String, String, Option<String>, Option<String>)> = sqlx::query_as(
        "SELECT id, provider_key, recipient_key, linking_id FROM outbox
         WHERE kind = 'sms' AND centre = $1 AND provider_key IN (SELECT value FROM json_each($2))",
    )
    .bind(&centre.name)
    .bind(serde_json::json!(keys).to_string())
    .fetch_all(&mut *tx)
    .await?;
    let to_texts: Vec<&str> = to.iter().map(String::as_str).collect();
    let sure = |of: &String| centre.message_id != MessageId::Auto || ids.contains(of);
    let ours: Vec<_> = found.iter().filter(|(_, of, key, _)| is_ours(key.as_deref(), sure(of), &to_texts)).collect();
    let linking = match ours[..] {
        [(id, _, _, linking)] => {
            settle(app, &mut tx, id, receipt.outcome).await?;
            linking.clone()
        }
        [] if receipt.marked && !ids.is_empty() => {
            let name = app.new_id();
            for id in &ids {
                sqlx::query(
                    "INSERT INTO receipts (receipt, centre, provider_key, recipient_keys, outcome, received_at)
                     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
                )
                .bind(&name)
                .bind(&centre.name)
                .bind(id)
                .bind(to.join(" "))
                .bind(receipt.outcome.name())
                .bind(app.now().0)
                .execute(&mut *tx)
                .await?;
            }
            None
        }
        [] => None,
        _ => {
            tracing::warn!(centre = centre.name, "a receipt fits several messages: see sms.centre.message_id");
            None
        }
    };
    tx.commit().await?;
    if let Some(linking) = linking {
        app.announce(&linking);
    }
    Ok(())
}

// An id that may be in another base is believed only together with the recipient, and no id against the recipient.
fn is_ours(recipient: Option<&str>, sure: bool, to: &[&str]) -> bool {
    let mut to = to.iter().filter(|key| !key.is_empty()).peekable();
    if to.peek().is_none() { sure } else { to.any(|key| Some(*key) == recipient) }
}

async fn settle(app: &App, tx: &mut Tx, id: &str, outcome: Outcome) -> Result<(), Refusal> {
    let (now, centres) = (app.now().0, app.config.sms.centres.len());
    type Row = (Option<String>, Option<i64>, Option<String>, bool);
    let row: Option<Row> = sqlx::query_as(
        "UPDATE outbox SET receipt_at = $2 WHERE id = $1 AND state = 'sent'
         RETURNING linking_id, nth, centre, sealed_payload IS NOT NULL AND expires_at > $2 AND undelivered + 1 < $3",
    )
    .bind(id)
    .bind(now)
    .bind(i64::try_from(centres).unwrap_or(i64::MAX))
    .fetch_optional(&mut **tx)
    .await?;
    // Told already: a receipt may come twice.
    let Some((linking, nth, centre, may_go_on)) = row else { return Ok(()) };
    if outcome == Outcome::Undelivered && may_go_on {
        sqlx::query(
            "UPDATE outbox SET state = 'queued', next_at = $2, refused_by = $3, undelivered = undelivered + 1,
                 provider_id = NULL, provider_key = NULL WHERE id = $1",
        )
        .bind(id)
        .bind(now)
        .bind(centre)
        .execute(&mut **tx)
        .await?;
        return reflect(app, tx, linking.as_deref(), nth, Delivery::Delayed).await;
    }
    let (state, delivery) = match outcome {
        Outcome::Delivered => ("delivered", Delivery::Delivered),
        Outcome::Undelivered | Outcome::Expired => ("failed", Delivery::Failed),
    };
    sqlx::query("UPDATE outbox SET state = $2, recipient = NULL, sealed_payload = NULL WHERE id = $1")
        .bind(id)
        .bind(state)
        .execute(&mut **tx)
        .await?;
    reflect(app, tx, linking.as_deref(), nth, delivery).await
}

/// The centres that have left a message without a receipt for so many milliseconds, and have sent none for a later one.
///
/// # Errors
/// When the database does not answer.
pub async fn silent_centres(app: &App, within: i64) -> Result<Vec<String>, Refusal> {
    let late = app.now().0 - within;
    let silent = sqlx::query_scalar(
        "SELECT DISTINCT o.centre FROM outbox o
         WHERE o.kind = 'sms' AND o.state = 'sent' AND o.centre IS NOT NULL AND o.handed_at <= $1 AND o.handed_at > $2
             AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.centre = o.centre AND e.receipt_at >= o.handed_at)",
    )
    .bind(late)
    .bind(late - HELD_AGAINST)
    .fetch_all(app.db.read())
    .await?;
    Ok(silent)
}

// Centres write a number with a plus, with another prefix, or without the country: its last ten digits are the same.
fn recipient_key(app: &App, digits: &str) -> String {
    let start = digits.len().saturating_sub(10);
    app.keys.contact(&format!("sms-recipient:{}", digits.get(start..).unwrap_or(digits)))
}
