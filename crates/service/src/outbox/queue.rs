//! Messages are written in the transaction that makes them due.

use mostik_store::{
    Tx,
    outbox::{self as stored, Kind, NewMessage},
};
use mostik_wire::{Email, Millis, Phone};

use super::MaxMessage;
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
    queue(app, tx, Kind::Sms, phone.digits(), text, about, expires_at).await
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
    queue(app, tx, Kind::Mail, &email.address(), &text, about, expires_at).await
}

/// Queues a message in MAX; none to who has stopped the bot.
pub async fn queue_max(app: &App, tx: &mut Tx, user: i64, message: &MaxMessage) -> Result<(), Refusal> {
    if !dialogs::runs(app, tx, user).await? {
        return Ok(());
    }
    let text = serde_json::to_string(message).map_err(|e| Refusal::internal(&e))?;
    queue(app, tx, Kind::Max, &user.to_string(), &text, None, app.now().plus(DAY)).await
}

async fn queue(
    app: &App,
    tx: &mut Tx,
    kind: Kind,
    recipient: &str,
    payload: &str,
    about: Option<(&str, i64)>,
    expires_at: Millis,
) -> Result<(), Refusal> {
    let message = NewMessage {
        id: &app.new_id(),
        kind,
        recipient,
        sealed_payload: &app.live().keys.seal(&*app.entropy, payload),
        about,
        now: app.now(),
        expires_at,
    };
    Ok(stored::queue(tx, &message).await?)
}

/// Takes back the linking's codes that were not handed over yet, and lets those that were never go out once more.
pub async fn drop_codes_of(tx: &mut Tx, linking: &str) -> Result<(), Refusal> {
    Ok(stored::drop_codes(tx, linking).await?)
}
