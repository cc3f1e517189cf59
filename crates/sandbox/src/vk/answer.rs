//! What VK ID answers to machines.

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::fields::Fields;
use super::refusal::Refusal;
use crate::journal::{Direction, Protocol};
use crate::shared::Shared;

/// The answer to a request of `/oauth2/…`. VK ID refuses with **200**: only `error` in the body tells it from success.
pub(super) fn answer(shared: &Shared, fields: &Fields, said: Result<Value, Refusal>) -> Response {
    let body = said.unwrap_or_else(|refusal| {
        shared.log(Protocol::Vk, Direction::Out, format!("отказ: {}", refusal.error));
        let mut body = json!({ "error": refusal.error, "error_description": refusal.description });
        if let Some(state) = fields.get("state") {
            body["state"] = json!(state);
        }
        body
    });
    ([(header::CACHE_CONTROL, "no-store")], axum::Json(body)).into_response()
}
