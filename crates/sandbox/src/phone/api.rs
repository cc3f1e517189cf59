//! Everything the page can do, as JSON. `README.md` is its reference.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::refusal::{ApiError, patience};
use crate::code::digits;
use crate::faults::Faults;
use crate::journal::{Direction, Protocol, spoken_phone};
use crate::mail::Address;
use crate::max::{SharedContact, UserAction, perform};
use crate::secrets::SecretsChange;
use crate::shared::Shared;

/// What the page shows first: what all its readers would be told.
pub(super) fn begin(shared: &Shared, mailbox: Option<&str>) -> Value {
    let chats: BTreeMap<_, _> =
        shared.world.max_users.iter().map(|user| (user.user_id, dialog_of(shared, user.user_id, 0))).collect();
    json!({
        "world": known(shared),
        "sms": shared.inbox().list(None, 0),
        "mail": shared.postbox().list(None, 0),
        "mailbox": mailbox.and_then(Address::parse).map(|address| address.spoken()),
        "chats": chats,
        "log": shared.journal().after(0),
        "faults": shared.faults(),
    })
}

/// `GET /api/world`: who there is. Keys stay out; they are in the line that the program prints.
pub(super) async fn world(State(shared): State<Arc<Shared>>) -> Json<Value> {
    Json(known(&shared))
}

fn known(shared: &Shared) -> Value {
    let accounts: Vec<_> = crate::ready::accounts(&shared.world);
    let users: Vec<_> = shared
        .world
        .max_users
        .iter()
        .map(|user| {
            json!({
                "user_id": user.user_id,
                "name": user.first_name,
                "full_name": format!("{} {}", user.first_name, user.last_name.as_deref().unwrap_or_default()).trim(),
                "phone": user.phone,
                "phone_spoken": spoken_phone(&user.phone),
            })
        })
        .collect();
    let bot = &shared.world.bot;
    json!({
        "accounts": accounts,
        "max_users": users,
        "bot": { "user_id": bot.user_id, "username": bot.username, "name": bot.name, "description": bot.description },
        "diary": shared.diary_base(),
        "vk_users": crate::ready::vk_users(&shared.world),
        "now": shared.clock.now(),
        "mailboxes": super::mail::mailboxes(shared),
    })
}

#[derive(Deserialize)]
pub(super) struct Letters {
    to: Option<String>,
    #[serde(default)]
    after: u64,
    timeout_s: Option<u64>,
}

impl Letters {
    fn number(&self) -> Option<String> {
        self.to.as_deref().map(digits)
    }
}

/// `GET /api/sms?to=79000001242&after=0`.
pub(super) async fn sms(State(shared): State<Arc<Shared>>, Query(asked): Query<Letters>) -> Response {
    Json(shared.inbox().list(asked.number().as_deref(), asked.after)).into_response()
}

/// `GET /api/sms/wait?to=…&after=<id>&timeout_s=30`: as soon as there is a newer one; an empty list when the time is up.
pub(super) async fn sms_wait(State(shared): State<Arc<Shared>>, Query(asked): Query<Letters>) -> Response {
    let number = asked.number();
    let look = |shared: &Shared| {
        let found = shared.inbox().list(number.as_deref(), asked.after);
        (!found.is_empty()).then_some(found)
    };
    Json(shared.wait_for(patience(asked.timeout_s), look).await.unwrap_or_default()).into_response()
}

#[derive(Deserialize)]
pub(super) struct Dialog {
    user_id: i64,
    #[serde(default)]
    after: u64,
    timeout_s: Option<u64>,
}

/// `GET /api/max/chat?user_id=&after=0`.
pub(super) async fn chat(State(shared): State<Arc<Shared>>, Query(asked): Query<Dialog>) -> Json<Value> {
    Json(dialog_of(&shared, asked.user_id, asked.after))
}

fn dialog_of(shared: &Shared, user_id: i64, after: u64) -> Value {
    let messenger = shared.messenger();
    json!({
        "started": messenger.has_started(user_id),
        "messages": messenger.chat(user_id, after),
        "notices": messenger.notices(user_id),
        "commands": messenger.commands,
    })
}

/// `GET /api/max/chat/wait?user_id=&after=<id>&timeout_s=30`: waits for a message of the **bot** that is newer.
pub(super) async fn chat_wait(State(shared): State<Arc<Shared>>, Query(asked): Query<Dialog>) -> Response {
    let look = |shared: &Shared| {
        let mut found = shared.messenger().chat(asked.user_id, asked.after);
        found.retain(|line| line.from == "bot");
        (!found.is_empty()).then_some(found)
    };
    Json(shared.wait_for(patience(asked.timeout_s), look).await.unwrap_or_default()).into_response()
}

#[derive(Deserialize)]
pub(super) struct Open {
    user_id: i64,
    link: Option<String>,
    payload: Option<String>,
}

/// `POST /api/max/open {user_id, link | payload}`: opens a link of the bot and presses «Начать».
pub(super) async fn open(
    State(shared): State<Arc<Shared>>,
    Json(request): Json<Open>,
) -> Result<Json<Value>, ApiError> {
    Ok(Json(perform(&shared, request.user_id, UserAction::Open { link: request.link, payload: request.payload })?))
}

#[derive(Deserialize)]
pub(super) struct Share {
    user_id: i64,
    #[serde(flatten)]
    contact: SharedContact,
}

/// `POST /api/max/contact {user_id, contact_user_id?, forwarded?, forged_hash?, phone?}`.
pub(super) async fn contact(
    State(shared): State<Arc<Shared>>,
    Json(request): Json<Share>,
) -> Result<Json<Value>, ApiError> {
    Ok(Json(perform(&shared, request.user_id, UserAction::Share(request.contact))?))
}

#[derive(Deserialize)]
pub(super) struct Write {
    user_id: i64,
    text: String,
}

/// `POST /api/max/message {user_id, text}`.
pub(super) async fn message(
    State(shared): State<Arc<Shared>>,
    Json(request): Json<Write>,
) -> Result<Json<Value>, ApiError> {
    Ok(Json(perform(&shared, request.user_id, UserAction::Write { text: request.text })?))
}

#[derive(Deserialize)]
pub(super) struct Press {
    user_id: i64,
    mid: Option<String>,
    payload: String,
}

/// `POST /api/max/callback {user_id, payload, mid?}`.
pub(super) async fn callback(
    State(shared): State<Arc<Shared>>,
    Json(request): Json<Press>,
) -> Result<Json<Value>, ApiError> {
    Ok(Json(perform(&shared, request.user_id, UserAction::Press { mid: request.mid, payload: request.payload })?))
}

#[derive(Deserialize)]
pub(super) struct Stop {
    user_id: i64,
}

/// `POST /api/max/stop {user_id}`: the person stops the bot.
pub(super) async fn stop(
    State(shared): State<Arc<Shared>>,
    Json(request): Json<Stop>,
) -> Result<Json<Value>, ApiError> {
    Ok(Json(perform(&shared, request.user_id, UserAction::Stop)?))
}

#[derive(Deserialize)]
pub(super) struct Since {
    #[serde(default)]
    after: u64,
}

/// `GET /api/log?after=0`.
pub(super) async fn log(State(shared): State<Arc<Shared>>, Query(since): Query<Since>) -> Response {
    Json(shared.journal().after(since.after)).into_response()
}

/// `GET /api/faults`.
pub(super) async fn faults(State(shared): State<Arc<Shared>>) -> Json<Faults> {
    Json(shared.faults())
}

/// `PUT /api/faults`: what is not named is well again.
pub(super) async fn put_faults(
    State(shared): State<Arc<Shared>>,
    Json(request): Json<Value>,
) -> Result<Json<Faults>, ApiError> {
    set(&shared, request)
}

/// `PATCH /api/faults`: what is not named stays as it is (RFC 7396, save that `null` sets to nothing).
pub(super) async fn patch_faults(
    State(shared): State<Arc<Shared>>,
    Json(request): Json<Value>,
) -> Result<Json<Faults>, ApiError> {
    let mut all = json!(shared.faults());
    merge(&mut all, request);
    set(&shared, all)
}

/// `DELETE /api/faults`: all is well again.
pub(super) async fn reset_faults(State(shared): State<Arc<Shared>>) -> Json<Faults> {
    shared.change_faults(|faults| *faults = Faults::default());
    shared.log(Protocol::Phone, Direction::In, "сбои выключены");
    Json(shared.faults())
}

/// `PATCH /api/secrets`: what is named is all that is accepted from now on; what is not named stays.
pub(super) async fn patch_secrets(
    State(shared): State<Arc<Shared>>,
    Json(request): Json<Value>,
) -> Result<Json<Value>, ApiError> {
    let sorry = |words: String| ApiError(StatusCode::UNPROCESSABLE_ENTITY, words);
    let change: SecretsChange = serde_json::from_value(request).map_err(|error| sorry(error.to_string()))?;
    shared.change_secrets(change).map_err(sorry)?;
    shared.log(Protocol::Phone, Direction::In, "секреты изменены");
    Ok(Json(json!({})))
}

fn set(shared: &Shared, request: Value) -> Result<Json<Faults>, ApiError> {
    let sorry = |words: String| ApiError(StatusCode::UNPROCESSABLE_ENTITY, words);
    let request: Faults = serde_json::from_value(request).map_err(|error| sorry(error.to_string()))?;
    request.check().map_err(sorry)?;
    let before = shared.change_faults(|faults| std::mem::replace(faults, request.clone()));
    if before.mail.refuse != request.mail.refuse {
        // Switched on anew, greylisting is to be seen again.
        shared.postbox().forget_triplets();
    }
    shared.log(Protocol::Phone, Direction::In, "сбои изменены");
    Ok(Json(request))
}

fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (name, value) in from {
                merge(into.entry(name).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from,
    }
}
