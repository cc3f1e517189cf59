//! `/chats/{id}`: only dialogs with one person exist here.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::errors::Refused;
use super::messenger::{chat_id, user_json, user_of_chat};
use crate::shared::Shared;
use crate::world::MaxUser;

/// The person behind a dialog that was started.
fn partner(shared: &Shared, id: i64) -> Result<&MaxUser, Refused> {
    let user = shared.world.max_user(user_of_chat(id)).filter(|user| shared.messenger().has_started(user.user_id));
    user.ok_or_else(|| {
        Refused::new(axum::http::StatusCode::NOT_FOUND, "chat.not.found", format!("Chat {id} not found"))
    })
}

/// `GET /chats/{chat_id}`.
pub(super) async fn read(State(shared): State<Arc<Shared>>, Path(id): Path<i64>) -> Result<Json<Value>, Refused> {
    let user = partner(&shared, id)?;
    let now = shared.clock.now();
    Ok(Json(json!({
        "chat_id": chat_id(user.user_id),
        "type": "dialog",
        "status": "active",
        "title": null,
        "icon": null,
        "last_event_time": now,
        "participants_count": 2,
        "is_public": false,
        "dialog_with_user": user_json(user, now),
    })))
}

/// `POST /chats/{chat_id}/actions`.
pub(super) async fn action(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<i64>,
    Json(body): Json<Value>,
) -> Result<Json<Value>, Refused> {
    partner(&shared, id)?;
    let known =
        ["typing_on", "sending_photo", "sending_image", "sending_video", "sending_audio", "sending_file", "mark_seen"];
    match body["action"].as_str() {
        Some(action) if known.contains(&action) => Ok(Json(json!({ "success": true }))),
        _ => Err(Refused::bad("action: unknown")),
    }
}
