//! Hands the bot's messages over to MAX: several at once, one after the other in each dialog.

use maxoxide::{
    Bot, MaxError,
    types::{Button, KeyboardPayload, NewMessageBody},
};
use mostik_store::{max::Dialog, outbox::Kind};
use mostik_wire::{Delivery, Millis};
use tokio::task::JoinSet;
use tracing::Instrument;

use super::{causes::Cause, dialogs, health::counted, leaving};
use crate::{
    app::App,
    outbox::{Claimed, LOOK, MaxButton, MaxMessage, delivery},
    refusal::Refusal,
    traces,
};

/// Messages under way at once. Only a dialog's first message can be claimed, so that whoever is written to a lot, and waits
/// for the limit of two a second, holds up one of these places and nobody else.
const AT_ONCE: usize = 8;

/// Sends what the outbox holds until the service ends.
pub async fn run(app: App) {
    let mut stopping = app.stopping.clone();
    let mut under_way: JoinSet<Option<Millis>> = JoinSet::new();
    // MAX asked for silence until then.
    let mut silent_until = Millis(0);
    while !*stopping.borrow() {
        while under_way.len() < AT_ONCE && app.now() >= silent_until {
            match delivery::claim(&app, Kind::Max).await {
                Ok(Some(message)) => {
                    // With the token of the moment: what was refused for the one before comes again.
                    let (app, live) = (app.clone(), app.live());
                    let sending = async move { send(&app, live.bot.as_ref()?, &message).await };
                    under_way.spawn(sending.instrument(traces::delivery(Kind::Max)));
                }
                Ok(None) => break,
                Err(refusal) => {
                    tracing::warn!(code = ?refusal.code(), "the outbox cannot be read");
                    break;
                }
            }
        }
        tokio::select! {
            Some(sent) = under_way.join_next() => {
                // A panic leaves the message to its lease.
                silent_until = silent_until.max(sent.ok().flatten().unwrap_or(silent_until));
            }
            () = app.max_wake.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
            _ = stopping.changed() => {}
        }
    }
    while under_way.join_next().await.is_some() {}
}

// Answers with the moment until which MAX wants to hear nothing.
async fn send(app: &App, bot: &Bot, message: &Claimed) -> Option<Millis> {
    let mut silent_until = None;
    let noted = match (message.recipient.parse::<i64>(), serde_json::from_str::<MaxMessage>(&message.payload)) {
        (Ok(user), Ok(content)) => match deliver(app, bot, user, content).await {
            Ok(()) => delivery::handed_over(app, message).await,
            Err(NotSent { cause, seen }) => {
                if cause == Cause::Token {
                    tracing::error!(cause = cause.words(), "MAX did not take a message");
                } else {
                    tracing::warn!(cause = cause.words(), "MAX did not take a message");
                }
                silent_until = cause.wait_ms().map(|wait| app.now().plus(wait));
                note(app, message, user, cause, seen).await
            }
        },
        _ => delivery::refused(app, message, Delivery::Failed, None, "the message could not be written").await,
    };
    if let Err(refusal) = noted {
        tracing::warn!(code = ?refusal.code(), "a message's fate was not noted; its lease brings it back");
    }
    silent_until
}

struct NotSent {
    cause: Cause,
    /// What was last heard of the dialog before the message went out.
    seen: Option<Dialog>,
}

async fn deliver(app: &App, bot: &Bot, user: i64, content: MaxMessage) -> Result<(), NotSent> {
    let seen = dialogs::seen(app, user).await.unwrap_or_default();
    match counted(app, bot.send_message_to_user(user, body(content))).await {
        Ok(_) => Ok(()),
        // Taken, and said so in words that the crate does not know: again would be twice.
        Err(MaxError::Json(error)) if error.is_data() => Ok(()),
        Err(error) => Err(NotSent { cause: Cause::of(&error), seen }),
    }
}

async fn note(app: &App, message: &Claimed, user: i64, cause: Cause, seen: Option<Dialog>) -> Result<(), Refusal> {
    match cause {
        Cause::Denied => {
            delivery::refused(app, message, Delivery::Failed, None, cause.words()).await?;
            leaving::note_denied(app, user, seen).await
        }
        Cause::Wrong => delivery::refused(app, message, Delivery::Failed, None, cause.words()).await,
        Cause::TooMany(_) | Cause::Unwell(_) => match cause.wait_ms() {
            Some(wait) => delivery::put_off(app, message, wait, cause.words()).await,
            None => delivery::postponed(app, message, cause.words()).await,
        },
        Cause::Token | Cause::NotReady | Cause::Unreachable | Cause::Unreadable => {
            delivery::postponed(app, message, cause.words()).await
        }
    }
}

fn body(message: MaxMessage) -> NewMessageBody {
    let body = NewMessageBody::text(message.text);
    let button = match message.button {
        None => return body,
        Some(MaxButton::ShareContact) => Button::RequestContact { text: "Поделиться номером".into() },
        Some(MaxButton::Page { text, url }) => Button::link(text, url),
    };
    body.with_keyboard(KeyboardPayload { buttons: vec![vec![button]] })
}
