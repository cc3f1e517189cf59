//! Hands the bot's messages over to MAX.

use std::time::Duration;

use maxoxide::{
    Bot, MaxError,
    types::{Button, KeyboardPayload, NewMessageBody},
};
use mostik_wire::Delivery;

use crate::{
    app::App,
    outbox::{self, Claimed, MaxButton, MaxMessage},
};

const LOOK: Duration = Duration::from_millis(250);

/// Sends what the outbox holds until the service ends.
pub async fn run(app: App, bot: Bot) {
    let mut stopping = app.stopping.clone();
    while !*stopping.borrow() {
        match outbox::claim(&app, "max").await {
            Ok(Some(message)) => {
                send(&app, &bot, &message).await;
                continue;
            }
            Ok(None) => {}
            Err(refusal) => tracing::warn!(code = ?refusal.code(), "the outbox cannot be read"),
        }
        tokio::select! {
            () = app.max_wake.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
            _ = stopping.changed() => {}
        }
    }
}

async fn send(app: &App, bot: &Bot, message: &Claimed) {
    let noted = match (message.recipient.parse::<i64>(), serde_json::from_str::<MaxMessage>(&message.payload)) {
        (Ok(user), Ok(content)) => match bot.send_message_to_user(user, body(content)).await {
            Ok(_) => outbox::handed_over(app, message, None).await,
            Err(error) => {
                // The error's text may quote an answer of MAX with people's names: its kind is enough.
                let status = error.api_error().map(|e| e.status);
                tracing::warn!(?status, "MAX did not take a message");
                if for_good(&error) {
                    outbox::refused(app, message, Delivery::Failed).await
                } else {
                    outbox::postponed(app, message).await
                }
            }
        },
        _ => outbox::refused(app, message, Delivery::Failed).await,
    };
    if let Err(refusal) = noted {
        tracing::warn!(code = ?refusal.code(), "a message's fate was not noted; its lease brings it back");
    }
}

// The person blocked the bot, or the message itself is wrong. A refused token is the operator's to mend, and passes.
fn for_good(error: &MaxError) -> bool {
    match error {
        MaxError::Api(e) => matches!(e.status, 400 | 403 | 404),
        MaxError::Validation(_) => true,
        _ => false,
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
