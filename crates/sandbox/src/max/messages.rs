//! `/messages`: the bot writes, edits, removes and reads.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::errors::Refused;
use super::messenger::{NewMessage, bot_json, shown, user_of_chat};
use crate::journal::{Direction, Protocol};
use crate::shared::{Shared, Topic};
use crate::world::MaxUser;

const LONGEST_TEXT: usize = 4000;

#[derive(Deserialize)]
pub(super) struct RecipientQuery {
    user_id: Option<i64>,
    chat_id: Option<i64>,
}

#[derive(Deserialize)]
pub(super) struct MessageQuery {
    message_id: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct MessagesQuery {
    chat_id: Option<i64>,
    message_ids: Option<String>,
    from: Option<i64>,
    to: Option<i64>,
    count: Option<usize>,
}

/// `POST /messages?user_id=|chat_id=`.
pub(super) async fn send(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<RecipientQuery>,
    Json(body): Json<Value>,
) -> Result<Json<Value>, Refused> {
    let user = recipient(&shared, &query)?;
    let now = shared.clock.now();
    let draft = Draft::read(&body)?;
    if draft.text.is_empty() && draft.attachments.is_empty() {
        return Err(Refused::bad("text or attachments: one of them is required"));
    }
    let mut messenger = shared.messenger();
    messenger.limits.admit_message(now, user.user_id)?;
    let link = match body["link"]["mid"].as_str() {
        None => None,
        Some(mid) => {
            let linked = messenger.message(mid).ok_or_else(|| Refused::bad("link.mid: no such message"))?;
            Some(json!({
                "type": body["link"]["type"],
                "message": linked.json["body"],
                "sender": linked.json["sender"],
                "chat_id": linked.json["recipient"]["chat_id"],
            }))
        }
    };
    let message = messenger.store(NewMessage {
        user_id: user.user_id,
        from_bot: true,
        sender: bot_json(&shared.world, now),
        recipient_id: user.user_id,
        now,
        text: Some(draft.text),
        attachments: Value::Array(draft.attachments),
        link,
        format: draft.format,
    });
    drop(messenger);
    shared.announce(Topic::Chat);
    shared.log(Protocol::Max, Direction::In, format!("сообщение бота → {}", user.first_name));
    Ok(Json(json!({ "message": message })))
}

/// `PUT /messages?message_id=`.
pub(super) async fn edit(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<MessageQuery>,
    Json(body): Json<Value>,
) -> Result<Json<Value>, Refused> {
    let mid = query.message_id.ok_or_else(|| Refused::bad("message_id: is required"))?;
    replace(&shared, &mid, &body)?;
    Ok(Json(json!({ "success": true })))
}

/// Changes a message of the bot; also what `/answers` does with `message`.
pub(super) fn replace(shared: &Shared, mid: &str, body: &Value) -> Result<(), Refused> {
    let draft = Draft::read(body)?;
    let mut messenger = shared.messenger();
    let line = messenger.next_line();
    let stored = messenger.message(mid).filter(|stored| stored.from_bot);
    let stored = stored.ok_or_else(|| Refused::not_found(format!("Message {mid} not found")))?;
    if body.get("text").is_some_and(|text| !text.is_null()) {
        stored.json["body"]["text"] = json!(draft.text);
        stored.json["format"] = json!(draft.format);
    }
    // Absent or null keeps the attachments, an empty list removes them.
    if body.get("attachments").is_some_and(|attachments| !attachments.is_null()) {
        stored.json["body"]["attachments"] = Value::Array(draft.attachments);
    }
    stored.json["edited"] = json!(true);
    stored.line = line;
    drop(messenger);
    shared.announce(Topic::Chat);
    Ok(())
}

/// `DELETE /messages?message_id=`.
pub(super) async fn remove(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<MessageQuery>,
) -> Result<Json<Value>, Refused> {
    let mid = query.message_id.ok_or_else(|| Refused::bad("message_id: is required"))?;
    let mut messenger = shared.messenger();
    let line = messenger.next_line();
    let stored = messenger.message(&mid).filter(|stored| stored.from_bot);
    let stored = stored.ok_or_else(|| Refused::not_found(format!("Message {mid} not found")))?;
    stored.removed = true;
    stored.line = line;
    drop(messenger);
    shared.announce(Topic::Chat);
    Ok(Json(json!({ "success": true })))
}

/// `GET /messages/{mid}`.
pub(super) async fn read(State(shared): State<Arc<Shared>>, Path(mid): Path<String>) -> Result<Json<Value>, Refused> {
    let found = shared.messenger().message(&mid).map(|stored| stored.json.clone());
    found.map(shown).map(Json).ok_or_else(|| Refused::not_found(format!("Message {mid} not found")))
}

/// `GET /messages?chat_id=|message_ids=`, newest first; so `from` is the later moment and `to` the earlier.
pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<MessagesQuery>,
) -> Result<Json<Value>, Refused> {
    let ids: Option<Vec<_>> = query.message_ids.as_deref().map(|ids| ids.split(',').collect());
    if ids.is_none() && query.chat_id.is_none() {
        return Err(Refused::bad("chat_id or message_ids: one of them is required"));
    }
    let messages: Vec<_> = shared
        .messenger()
        .stored
        .iter()
        .rev()
        .filter(|stored| !stored.removed)
        .filter(|stored| ids.as_ref().is_none_or(|ids| ids.contains(&stored.mid.as_str())))
        .filter(|stored| query.chat_id.is_none_or(|chat_id| user_of_chat(chat_id) == stored.user_id))
        .filter(|stored| {
            let moment = stored.json["timestamp"].as_i64().unwrap_or_default();
            query.from.is_none_or(|from| moment <= from) && query.to.is_none_or(|to| moment >= to)
        })
        .take(query.count.unwrap_or(50).clamp(1, 100))
        .map(|stored| shown(stored.json.clone()))
        .collect();
    Ok(Json(json!({ "messages": messages })))
}

/// Who is written to. A bot may not write first: the person must have started it.
fn recipient<'a>(shared: &'a Shared, query: &RecipientQuery) -> Result<&'a MaxUser, Refused> {
    let user_id = match (query.user_id, query.chat_id) {
        (Some(user_id), None) => user_id,
        (None, Some(chat_id)) => user_of_chat(chat_id),
        _ => return Err(Refused::bad("user_id or chat_id: exactly one is required")),
    };
    let denied = |id| Refused::new(StatusCode::FORBIDDEN, "chat.denied", format!("Invalid chatId: {id}"));
    let user = shared.world.max_user(user_id).ok_or_else(|| denied(query.chat_id.unwrap_or(0)))?;
    if shared.messenger().has_started(user_id) { Ok(user) } else { Err(denied(query.chat_id.unwrap_or(0))) }
}

/// A message of the bot, checked.
struct Draft<'a> {
    text: &'a str,
    attachments: Vec<Value>,
    format: Option<&'a str>,
}

impl<'a> Draft<'a> {
    fn read(body: &'a Value) -> Result<Self, Refused> {
        let text = match &body["text"] {
            Value::Null => "",
            Value::String(text) => text.as_str(),
            _ => return Err(Refused::bad("text: must be a string")),
        };
        if text.chars().count() > LONGEST_TEXT {
            return Err(Refused::bad("text: size must be between 0 and 4000"));
        }
        let format = match body["format"].as_str() {
            None => None,
            Some(format @ ("markdown" | "html")) => Some(format),
            Some(_) => return Err(Refused::bad("format: markdown or html")),
        };
        let attachments = match &body["attachments"] {
            Value::Null => Vec::new(),
            Value::Array(attachments) => attachments.iter().map(attachment).collect::<Result<_, _>>()?,
            _ => return Err(Refused::bad("attachments: must be an array")),
        };
        Ok(Self { text, attachments, format })
    }
}

fn attachment(attachment: &Value) -> Result<Value, Refused> {
    if attachment["type"] != "inline_keyboard" {
        return Ok(attachment.clone());
    }
    let bad = || Refused::bad("attachments: buttons must be rows of buttons");
    let rows = attachment["payload"]["buttons"].as_array().ok_or_else(bad)?;
    let rows: Vec<_> = rows.iter().map(|row| row.as_array().ok_or_else(bad)).collect::<Result<_, _>>()?;
    if rows.is_empty() || rows.len() > 30 || rows.iter().map(|row| row.len()).sum::<usize>() > 210 {
        return Err(Refused::bad("attachments: 1 to 30 rows, 210 buttons at most"));
    }
    for row in &rows {
        let wide = row.iter().any(|button| {
            matches!(button["type"].as_str(), Some("link" | "open_app" | "request_geo_location" | "request_contact"))
        });
        if row.is_empty() || row.len() > if wide { 3 } else { 7 } {
            return Err(Refused::bad("attachments: 7 buttons a row at most, 3 with links, apps and contacts"));
        }
        row.iter().try_for_each(button)?;
    }
    Ok(attachment.clone())
}

fn button(button: &Value) -> Result<(), Refused> {
    let text = button["text"].as_str().unwrap_or_default();
    if !(1..=128).contains(&text.chars().count()) {
        return Err(Refused::bad("attachments: a button's text has 1 to 128 signs"));
    }
    let within = |field: &str, most: usize| {
        button[field].as_str().is_some_and(|value| (1..=most).contains(&value.chars().count()))
    };
    let fits = match button["type"].as_str() {
        Some("callback") => within("payload", 1024),
        Some("link") => {
            let url = button["url"].as_str().unwrap_or_default();
            if !(url.starts_with("http://") || url.starts_with("https://")) {
                return Err(Refused::bad("Must have only http/https links format in buttons"));
            }
            within("url", 2048)
        }
        Some("clipboard") => within("payload", 1024),
        Some("request_contact" | "request_geo_location" | "open_app" | "message" | "chat") => true,
        _ => false,
    };
    fits.then_some(()).ok_or_else(|| Refused::bad("attachments: unknown or incomplete button"))
}
