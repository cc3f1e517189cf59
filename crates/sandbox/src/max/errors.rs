//! Errors as the Bot API writes them.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// The most bytes of a refusal of the framework that are read.
const LONGEST_WORDS: usize = 4096;

/// A refusal: status, stable code, words.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl Refused {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    pub(crate) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "proto.payload", message)
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not.found", message)
    }

    pub(crate) fn too_many(message: impl Into<String>) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too.many.requests", message)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.status, axum::Json(json!({ "code": self.code, "message": self.message }))).into_response()
    }
}

/// Says in the API's own form what the framework refused before a handler saw it: an id of letters, a body that is no JSON.
pub(super) async fn in_own_form(response: Response) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if !response.status().is_client_error() || kind.is_some_and(|kind| kind.starts_with("application/json")) {
        return response;
    }
    let words = axum::body::to_bytes(response.into_body(), LONGEST_WORDS).await.unwrap_or_default();
    Refused::bad(String::from_utf8_lossy(&words)).into_response()
}

/// The answer while a status is switched on.
pub(super) fn switched(status: StatusCode) -> Response {
    let code = match status {
        StatusCode::UNAUTHORIZED => "verify.token",
        StatusCode::TOO_MANY_REQUESTS => "too.many.requests",
        _ if status.is_server_error() => "internal.error",
        _ => "proto.payload",
    };
    Refused::new(status, code, "Switched on at the stand").into_response()
}
