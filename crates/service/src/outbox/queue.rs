//! Messages are written in the transaction that makes them due.

use mostik_store::{
    Tx,
    messages::{self, Event, Happened},
    outbox::{self as stored, Kind, NewMessage},
};
use mostik_wire::{Email, Millis, Phone};

use super::{MaxMessage, recipient};
use crate::{app::App, clock::DAY, mail::Letter, max::dialogs, refusal::Refusal};

/// Queues the SMS with a code.
pub async fn queue_sms(
    app: &App,
    tx: &mut Tx,
    phone: &Phone,
    text: &str,
    about: Option<(&str, i64)>,
    expires_at: Millis,
) -> Result<(), Refusal> {
    let hash = recipient::of_phone(&app.live().keys, phone);
    queue(app, tx, Kind::Sms, (phone.digits(), &hash), text, about, expires_at).await
}

/// Queues a letter; `about` is the linking and the number of the code that it bears.
pub async fn queue_mail(
    app: &App,
    tx: &mut Tx,
    email: &Email,
    letter: &Letter,
    about: Option<(&str, i64)>,
    expires_at: Millis,
) -> Result<(), Refusal> {
    let text = serde_json::to_string(letter).map_err(|e| Refusal::internal(&e))?;
    let hash = recipient::of_email(&app.live().keys, email);
    queue(app, tx, Kind::Mail, (&email.address(), &hash), &text, about, expires_at).await
}

/// Queues a message in MAX; none to who has stopped the bot.
pub async fn queue_max(app: &App, tx: &mut Tx, user: i64, message: &MaxMessage) -> Result<(), Refusal> {
    if !dialogs::runs(app, tx, user).await? {
        return Ok(());
    }
    let text = serde_json::to_string(message).map_err(|e| Refusal::internal(&e))?;
    let hash = recipient::of_max(&app.live().keys, user);
    queue(app, tx, Kind::Max, (&user.to_string(), &hash), &text, None, app.now().plus(DAY)).await
}

// The recipient comes with its hash.
async fn queue(
    app: &App,
    tx: &mut Tx,
    kind: Kind,
    (recipient, recipient_hash): (&str, &str),
    payload: &str,
    about: Option<(&str, i64)>,
    expires_at: Millis,
) -> Result<(), Refusal> {
    let (id, now) = (&app.new_id(), app.now());
    let sealed_payload = &app.live().keys.seal(&*app.entropy, payload);
    stored::queue(tx, &NewMessage { id, kind, recipient, sealed_payload, about, now, expires_at }).await?;
    Ok(messages::keep(tx, &messages::NewMessage { id, kind, recipient_hash, about, now, expires_at }).await?)
}

/// Takes back the linking's codes that were not handed over yet, and lets those that were never go out once more.
pub async fn drop_codes_of(app: &App, tx: &mut Tx, linking: &str) -> Result<(), Refusal> {
    let dropped = stored::drop_codes(tx, linking).await?;
    note_dropped(app, tx, &dropped, "a newer code, or the linking is over").await
}

/// Drops what waits for a MAX account, whose person has stopped the bot.
pub async fn drop_queued_in_max(app: &App, tx: &mut Tx, user: i64) -> Result<(), Refusal> {
    let dropped = stored::drop_queued(tx, Kind::Max, &user.to_string()).await?;
    note_dropped(app, tx, &dropped, "the person has stopped the bot").await
}

async fn note_dropped(app: &App, tx: &mut Tx, ids: &[String], why: &str) -> Result<(), Refusal> {
    for id in ids {
        let dropped = Happened { event: Event::Dropped, centre: None, answer: Some(why), now: app.now() };
        messages::note(tx, id, &dropped).await?;
    }
    Ok(())
}
