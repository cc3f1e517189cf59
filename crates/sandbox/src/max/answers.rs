//! `POST /answers?callback_id=`: the bot answers a pressed button.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::errors::Refused;
use super::messages;
use crate::shared::{Shared, Topic};

#[derive(Deserialize)]
pub(super) struct AnswerQuery {
    callback_id: Option<String>,
}

/// A new text for the message, a short notice, or both.
pub(super) async fn answer(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<AnswerQuery>,
    Json(body): Json<Value>,
) -> Result<Json<Value>, Refused> {
    let id = query.callback_id.ok_or_else(|| Refused::bad("callback_id: is required"))?;
    let notification = body["notification"].as_str();
    let message = body.get("message").filter(|message| !message.is_null());
    if notification.is_none() && message.is_none() {
        return Err(Refused::bad("message or notification: one of them is required"));
    }
    let press = shared.messenger().presses.get(&id).cloned();
    let press = press.filter(|press| !press.answered);
    let press = press.ok_or_else(|| Refused::bad("callback_id: unknown or answered already"))?;
    if let Some(message) = message {
        messages::replace(&shared, &press.mid, message)?;
    }
    let mut messenger = shared.messenger();
    if let Some(open) = messenger.presses.get_mut(&id) {
        open.answered = true;
    }
    if let Some(text) = notification {
        let line = messenger.next_line();
        messenger.notices.push((line, press.user_id, text.to_owned()));
    }
    drop(messenger);
    shared.announce(Topic::Chat);
    Ok(Json(json!({ "success": true })))
}
