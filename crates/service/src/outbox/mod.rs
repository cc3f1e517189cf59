//! Messages to people, written in the transaction that makes them due. Letters and messages in MAX are handed over at least once,
//! an SMS at most once: see `sms`.

pub mod sms;

use mostik_linking::Action;
use mostik_wire::{Delivery, Email, Millis, Phone};
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde::{Deserialize, Serialize};

use crate::{
    app::App,
    clock::{DAY, SECOND},
    db::Tx,
    linkings::act_on_all,
    mail::Letter,
    max::dialogs,
    refusal::Refusal,
};

/// For how long a claimed message belongs to its sender; after that another may try.
const LEASE: i64 = 60 * SECOND;
/// The longest pause between two attempts.
const LONGEST_PAUSE: i64 = 30 * SECOND;

/// A message in MAX.
#[derive(Serialize, Deserialize)]
pub struct MaxMessage {
    /// What it says.
    pub text: String,
    /// At most one button.
    pub button: Option<MaxButton>,
}

/// A button under a message in MAX.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaxButton {
    /// Asks for the person's own number.
    ShareContact,
    /// Opens a page.
    Page {
        /// What the button says.
        text: String,
        /// An https address.
        url: String,
    },
}

/// A claimed message.
pub struct Claimed {
    /// Its id.
    pub id: String,
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
    linking: Option<String>,
    nth: Option<i64>,
}

#[cfg(test)]
impl Claimed {
    /// One that is in no outbox.
    pub(crate) fn for_test(recipient: &str, payload: &str, created_at: Millis, expires_at: Millis) -> Self {
        let (recipient, payload) = (recipient.to_owned(), payload.to_owned());
        Self { id: "test".into(), recipient, created_at, expires_at, payload, attempts: 1, linking: None, nth: None }
    }
}

/// Queues the SMS with a code.
///
/// # Errors
/// When the database does not answer.
pub async fn queue_sms(
    app: &App,
    tx: &mut Tx,
    phone: &Phone,
    text: &str,
    about: Option<(&str, i64)>,
    expires_at: Millis,
) -> Result<(), Refusal> {
    queue(app, tx, "sms", phone.digits(), text, about, expires_at).await
}

/// Queues a letter; `about` is the linking and the number of the code that it bears.
///
/// # Errors
/// When the database does not answer.
pub async fn queue_mail(
    app: &App,
    tx: &mut Tx,
    email: &Email,
    letter: &Letter,
    about: Option<(&str, i64)>,
    expires_at: Millis,
) -> Result<(), Refusal> {
    let text = serde_json::to_string(letter).map_err(|e| Refusal::internal(&e))?;
    queue(app, tx, "mail", &email.address(), &text, about, expires_at).await
}

/// Queues a message in MAX; none to who has stopped the bot.
///
/// # Errors
/// When the database does not answer.
pub async fn queue_max(app: &App, tx: &mut Tx, user: i64, message: &MaxMessage) -> Result<(), Refusal> {
    if !dialogs::runs(app, tx, user).await? {
        return Ok(());
    }
    let text = serde_json::to_string(message).map_err(|e| Refusal::internal(&e))?;
    queue(app, tx, "max", &user.to_string(), &text, None, app.now().plus(DAY)).await
}

async fn queue(
    app: &App,
    tx: &mut Tx,
    kind: &str,
    recipient: &str,
    payload: &str,
    about: Option<(&str, i64)>,
    expires_at: Millis,
) -> Result<(), Refusal> {
    sqlx::query(
        "INSERT INTO outbox (id, kind, recipient, sealed_payload, linking_id, nth, state, created_at, expires_at, next_at, place)
         VALUES ($1, $2, $3, $4, $5, $6, 'queued', $7, $8, $7,
             (SELECT COALESCE(MAX(place), 0) + 1 FROM outbox WHERE recipient = $3 AND kind = $2 AND state = 'queued'))",
    )
    .bind(app.new_id())
    .bind(kind)
    .bind(recipient)
    .bind(app.keys.seal(&*app.entropy, payload))
    .bind(about.map(|a| a.0))
    .bind(about.map(|a| a.1))
    .bind(app.now().0)
    .bind(expires_at.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Takes back the linking's codes that were not handed over yet, and lets those that were never go out once more.
///
/// # Errors
/// When the database does not answer.
pub async fn drop_codes_of(tx: &mut Tx, linking: &str) -> Result<(), Refusal> {
    sqlx::query(
        "UPDATE outbox SET state = CASE state WHEN 'queued' THEN 'dropped' ELSE state END, recipient = NULL, sealed_payload = NULL
         WHERE linking_id = $1 AND kind IN ('sms', 'mail') AND state IN ('queued', 'sent')",
    )
    .bind(linking)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Claims the oldest due letter or message in MAX; gives up those that nobody needs any more. In a dialog of MAX a message waits
/// until the one before it is gone, whichever node has that: people read them in the order in which they were written.
///
/// # Errors
/// When the database does not answer, or a payload does not open.
pub async fn claim(app: &App, kind: &str) -> Result<Option<Claimed>, Refusal> {
    let now = app.now().0;
    let due: Option<i64> = sqlx::query_scalar(
        "SELECT 1 FROM outbox o WHERE kind = $1 AND state = 'queued' AND (expires_at <= $2 OR (next_at <= $2
             AND (kind <> 'max' OR NOT EXISTS (SELECT 1 FROM outbox e WHERE e.recipient = o.recipient
                 AND e.kind = o.kind AND e.state = 'queued' AND e.place < o.place)))) LIMIT 1",
    )
    .bind(kind)
    .bind(now)
    .fetch_optional(app.db.read())
    .await?;
    if due.is_none() {
        return Ok(None);
    }
    give_up_late(app, kind).await?;
    let mut tx = app.db.write().await?;
    type Row = (String, Option<String>, Option<String>, i64, Option<String>, Option<i64>, i64, i64);
    let row: Option<Row> = sqlx::query_as(
        "UPDATE outbox SET next_at = $3, attempts = attempts + 1
         WHERE id = (SELECT id FROM outbox o WHERE kind = $1 AND state = 'queued' AND next_at <= $2
                     AND (kind <> 'max' OR NOT EXISTS (SELECT 1 FROM outbox e WHERE e.recipient = o.recipient
                         AND e.kind = o.kind AND e.state = 'queued' AND e.place < o.place))
                     ORDER BY next_at, created_at LIMIT 1)
         RETURNING id, recipient, sealed_payload, attempts, linking_id, nth, created_at, expires_at",
    )
    .bind(kind)
    .bind(now)
    .bind(now + LEASE)
    .fetch_optional(&mut *tx)
    .await?;
    tx.commit().await?;
    let Some((id, recipient, sealed, attempts, linking, nth, created_at, expires_at)) = row else { return Ok(None) };
    let payload = app.keys.open(&sealed.unwrap_or_default())?;
    let recipient = recipient.unwrap_or_default();
    let (created_at, expires_at) = (Millis(created_at), Millis(expires_at));
    Ok(Some(Claimed { id, recipient, created_at, expires_at, payload, attempts, linking, nth }))
}

// Messages that nobody needs any more.
async fn give_up_late(app: &App, kind: &str) -> Result<(), Refusal> {
    let now = app.now().0;
    let mut tx = app.db.write().await?;
    let late: Vec<(Option<String>, Option<i64>)> = sqlx::query_as(
        "UPDATE outbox SET state = 'failed', recipient = NULL, sealed_payload = NULL
         WHERE kind = $1 AND state = 'queued' AND expires_at <= $2 RETURNING linking_id, nth",
    )
    .bind(kind)
    .bind(now)
    .fetch_all(&mut *tx)
    .await?;
    for (linking, nth) in &late {
        reflect(app, &mut tx, linking.as_deref(), *nth, Delivery::Failed).await?;
    }
    tx.commit().await?;
    for (linking, _) in late {
        show(app, linking);
    }
    Ok(())
}

/// While a provider cannot be reached its messages stay due: they only say that they are late.
///
/// # Errors
/// When the database does not answer.
pub async fn held_up(app: &App, kind: &str) -> Result<(), Refusal> {
    let waiting: Option<i64> = sqlx::query_scalar(
        "SELECT 1 FROM outbox WHERE kind = $1 AND state = 'queued' AND linking_id IS NOT NULL
             AND (said_delayed = 0 OR expires_at <= $2) LIMIT 1",
    )
    .bind(kind)
    .bind(app.now().0)
    .fetch_optional(app.db.read())
    .await?;
    if waiting.is_none() {
        return Ok(());
    }
    give_up_late(app, kind).await?;
    let mut tx = app.db.write().await?;
    let queued: Vec<(Option<String>, Option<i64>)> = sqlx::query_as(
        "UPDATE outbox SET said_delayed = 1 WHERE kind = $1 AND state = 'queued' RETURNING linking_id, nth",
    )
    .bind(kind)
    .fetch_all(&mut *tx)
    .await?;
    for (linking, nth) in &queued {
        reflect(app, &mut tx, linking.as_deref(), *nth, Delivery::Delayed).await?;
    }
    tx.commit().await?;
    for (linking, _) in queued {
        show(app, linking);
    }
    Ok(())
}

// Tells listeners, and does not wake the senders: they know.
fn show(app: &App, linking: Option<String>) {
    drop(app.changes.send(linking.unwrap_or_default()));
}

/// The message was handed over; what it said and to whom is erased.
///
/// # Errors
/// When the database does not answer; then the message goes out once more.
pub async fn handed_over(app: &App, message: &Claimed) -> Result<(), Refusal> {
    let mut tx = app.db.write().await?;
    sqlx::query(
        "UPDATE outbox SET state = 'sent', recipient = NULL, sealed_payload = NULL WHERE id = $1 AND state = 'queued'",
    )
    .bind(&message.id)
    .execute(&mut *tx)
    .await?;
    reflect(app, &mut tx, message.linking.as_deref(), message.nth, Delivery::Sent).await?;
    tx.commit().await?;
    app.announce(message.linking.as_deref().unwrap_or_default());
    Ok(())
}

/// The provider did not take it this time; it is tried again after a growing pause.
///
/// # Errors
/// When the database does not answer; then the lease brings it back.
pub async fn postponed(app: &App, message: &Claimed) -> Result<(), Refusal> {
    put_off(app, message, pause_after(app, message.attempts)).await
}

/// The provider asked to come again after this many milliseconds.
///
/// # Errors
/// When the database does not answer; then the lease brings it back.
pub async fn put_off(app: &App, message: &Claimed, pause: i64) -> Result<(), Refusal> {
    let mut tx = app.db.write().await?;
    sqlx::query("UPDATE outbox SET next_at = $2 WHERE id = $1 AND state = 'queued'")
        .bind(&message.id)
        .bind(app.now().plus(pause).0)
        .execute(&mut *tx)
        .await?;
    reflect(app, &mut tx, message.linking.as_deref(), message.nth, Delivery::Delayed).await?;
    tx.commit().await?;
    show(app, message.linking.clone());
    Ok(())
}

/// The pause after so many attempts, in milliseconds.
pub fn pause_after(app: &App, attempts: i64) -> i64 {
    let mut seed = [0; 32];
    app.entropy.fill(&mut seed);
    pause(attempts, &mut StdRng::from_seed(seed))
}

// Doubles from one second on, with half of it left to chance, so that many messages do not return at once.
fn pause(attempts: i64, rng: &mut StdRng) -> i64 {
    let whole = (SECOND << attempts.clamp(1, 6).saturating_sub(1)).min(LONGEST_PAUSE);
    whole / 2 + rng.random_range(0..=whole / 2)
}

/// The provider refused it for good, with a cause.
///
/// # Errors
/// When the database does not answer.
pub async fn refused(app: &App, message: &Claimed, cause: Delivery) -> Result<(), Refusal> {
    let mut tx = app.db.write().await?;
    sqlx::query("UPDATE outbox SET state = 'failed', recipient = NULL, sealed_payload = NULL WHERE id = $1")
        .bind(&message.id)
        .execute(&mut *tx)
        .await?;
    reflect(app, &mut tx, message.linking.as_deref(), message.nth, cause).await?;
    tx.commit().await?;
    app.announce(message.linking.as_deref().unwrap_or_default());
    Ok(())
}

// Shows the way of the newest code's message in its linking; older ones' are nobody's concern any more.
async fn reflect(
    app: &App,
    tx: &mut Tx,
    linking: Option<&str>,
    nth: Option<i64>,
    delivery: Delivery,
) -> Result<(), Refusal> {
    let (Some(linking), Some(nth)) = (linking, nth.and_then(|nth| u32::try_from(nth).ok())) else {
        return Ok(());
    };
    act_on_all(app, tx, vec![linking.to_owned()], || Action::NoteDelivery { nth, delivery }).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_stay_capped_and_differ() {
        let mut rng = StdRng::seed_from_u64(1);
        for attempts in 1..100 {
            let longest = (SECOND << (attempts - 1).min(5)).min(LONGEST_PAUSE);
            let pauses: Vec<i64> = (0..50).map(|_| pause(attempts, &mut rng)).collect();
            assert!(pauses.iter().all(|p| (longest / 2..=longest).contains(p)), "{attempts}: {pauses:?}");
            assert!(pauses.iter().any(|p| *p != pauses[0]));
        }
    }
}
