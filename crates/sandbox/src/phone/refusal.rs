//! What the page «Телефон» is told when something cannot be done, and how long it may wait.

use std::time::Duration;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::max::Refused;

/// The longest wait.
const MOST_SECONDS: u64 = 120;

/// A refusal of this API: words, and nothing to parse.
pub(super) struct ApiError(pub(super) StatusCode, pub(super) String);

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

impl From<Refused> for ApiError {
    fn from(refused: Refused) -> Self {
        Self(refused.status, refused.message)
    }
}

pub(super) fn patience(seconds: Option<u64>) -> Duration {
    Duration::from_secs(seconds.unwrap_or(30).min(MOST_SECONDS))
}
