//! What a person does in MAX: opens a link, writes, shares a contact, presses a button. The bot hears of it as updates.

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Value, json};
use url::Url;

use super::contact::{self, SharedContact};
use super::errors::Refused;
use super::messenger::{NewMessage, PendingPress, chat_id, shown, user_json};
use crate::journal::{Direction, Protocol};
use crate::shared::{Shared, Topic};
use crate::world::MaxUser;

/// A longer payload is silently dropped, as in reality.
const LONGEST_PAYLOAD: usize = 128;

/// What a person does in MAX.
pub(crate) enum UserAction {
    /// Opens a link of the bot and presses «Начать».
    Open { link: Option<String>, payload: Option<String> },
    /// Writes to the bot.
    Write { text: String },
    /// Shares a contact.
    Share(SharedContact),
    /// Presses a button with this payload; in the newest message that has it, unless `mid` names one.
    Press { mid: Option<String>, payload: String },
    /// Stops the bot.
    Stop,
}

/// Performs an action for a user.
pub(crate) fn perform(shared: &Arc<Shared>, user_id: i64, action: UserAction) -> Result<Value, Refused> {
    let user = shared.world.max_user(user_id);
    let user =
        user.ok_or_else(|| Refused::not_found(format!("user_id: {user_id} is not in this world; see /api/world")))?;
    let now = shared.clock.now();
    match action {
        UserAction::Open { link, payload } => open(shared, user, now, link.as_deref(), payload),
        UserAction::Write { text } => {
            if text.trim().is_empty() {
                return Err(Refused::bad("text: write something"));
            }
            write(shared, user, now, Some(&text), json!([]))
        }
        UserAction::Share(shared_contact) => {
            let subject = match shared_contact.contact_user_id {
                None => user,
                Some(id) => shared.world.max_user(id).ok_or_else(|| Refused::bad("contact_user_id: nobody"))?,
            };
            let card = contact::attachment(shared, user, subject, &shared_contact, now);
            write(shared, user, now, None, json!([card]))
        }
        UserAction::Press { mid, payload } => press(shared, user, now, mid.as_deref(), &payload),
        UserAction::Stop => {
            if !shared.messenger().started.remove(&user.user_id) {
                return Err(not_started());
            }
            let update = about(user, now, "bot_stopped");
            emit(shared, now, user, update.clone());
            shared.announce(Topic::Chat);
            Ok(json!({ "update": update }))
        }
    }
}

fn open(
    shared: &Shared,
    user: &MaxUser,
    now: i64,
    link: Option<&str>,
    payload: Option<String>,
) -> Result<Value, Refused> {
    let payload = match link {
        None => payload,
        Some(link) => payload_of(shared, link)?,
    };
    let payload = payload.filter(|payload| !payload.is_empty() && payload.chars().count() <= LONGEST_PAYLOAD);
    let first = shared.messenger().started.insert(user.user_id);
    shared.announce(Topic::Chat);
    if !first && shared.faults().max.silent_restart {
        shared.log(
            Protocol::Max,
            Direction::Out,
            format!("{} открыл(а) ссылку, бот не узнал: так настроено", user.first_name),
        );
        return Ok(json!({ "update": null }));
    }
    let mut update = about(user, now, "bot_started");
    update["payload"] = json!(payload);
    emit(shared, now, user, update.clone());
    Ok(json!({ "update": update }))
}

/// `…/max/<bot>?start=…` here, or `https://max.ru/<bot>?start=…`.
fn payload_of(shared: &Shared, link: &str) -> Result<Option<String>, Refused> {
    let url = Url::parse(link).map_err(|_| Refused::bad("link: is not a URL"))?;
    let bot = url.path_segments().and_then(|mut segments| segments.next_back().map(str::to_owned));
    if bot.as_deref() != Some(&shared.world.bot.username) {
        let advice = format!("link: leads to no bot of this world; the bot is {}", shared.world.bot.username);
        return Err(Refused::bad(advice));
    }
    Ok(url.query_pairs().find(|(name, _)| name == "start").map(|(_, value)| value.into_owned()))
}

fn write(shared: &Shared, user: &MaxUser, now: i64, text: Option<&str>, attachments: Value) -> Result<Value, Refused> {
    if !shared.messenger().has_started(user.user_id) {
        return Err(not_started());
    }
    let message = shared.messenger().store(NewMessage {
        user_id: user.user_id,
        from_bot: false,
        sender: user_json(user, now),
        recipient_id: shared.world.bot.user_id,
        now,
        text,
        attachments,
        link: None,
        format: None,
    });
    shared.announce(Topic::Chat);
    let update = json!({
        "update_type": "message_created",
        "timestamp": now,
        "user_locale": "ru",
        "message": message,
    });
    emit(shared, now, user, update.clone());
    Ok(json!({ "update": update }))
}

fn press(shared: &Shared, user: &MaxUser, now: i64, mid: Option<&str>, payload: &str) -> Result<Value, Refused> {
    let has_button = |attachments: &Value| {
        attachments.as_array().into_iter().flatten().any(|attachment| {
            let rows = attachment["payload"]["buttons"].as_array();
            let mut buttons = rows.into_iter().flatten().filter_map(Value::as_array).flatten();
            buttons.any(|button| button["type"] == "callback" && button["payload"] == payload)
        })
    };
    let mut messenger = shared.messenger();
    let stored = messenger.stored.iter().rev().find(|stored| {
        stored.user_id == user.user_id
            && stored.from_bot
            && !stored.removed
            && mid.is_none_or(|mid| stored.mid == mid)
            && has_button(&stored.json["body"]["attachments"])
    });
    let (mid, message) = stored
        .map(|stored| (stored.mid.clone(), shown(stored.json.clone())))
        .ok_or_else(|| Refused::not_found("payload: no message of this dialog has such a button"))?;
    let callback_id = shared.random.hex::<16>();
    messenger.presses.insert(callback_id.clone(), PendingPress { user_id: user.user_id, mid, answered: false });
    drop(messenger);
    let update = json!({
        "update_type": "message_callback",
        "timestamp": now,
        "user_locale": "ru",
        "callback": {
            "timestamp": now,
            "callback_id": callback_id,
            "payload": payload,
            "user": user_json(user, now),
        },
        "message": message,
    });
    emit(shared, now, user, update.clone());
    Ok(json!({ "update": update }))
}

fn about(user: &MaxUser, now: i64, kind: &str) -> Value {
    json!({
        "update_type": kind,
        "timestamp": now,
        "chat_id": chat_id(user.user_id),
        "user": user_json(user, now),
        "user_locale": "ru",
    })
}

fn not_started() -> Refused {
    Refused::new(StatusCode::CONFLICT, "not.started", "The dialog is not started: open a link of the bot first")
}

/// Gives the update to webhooks, or keeps it for polling.
fn emit(shared: &Shared, now: i64, user: &MaxUser, update: Value) {
    let kind = update["update_type"].as_str().unwrap_or_default().to_owned();
    let mut messenger = shared.messenger();
    if messenger.subscriptions.is_empty() {
        messenger.push_update(now, update);
    } else {
        for subscription in &messenger.subscriptions {
            subscription.feed(&update);
        }
    }
    drop(messenger);
    shared.announce(Topic::Updates);
    shared.log(Protocol::Max, Direction::Out, format!("{kind}: {}", user.first_name));
}
