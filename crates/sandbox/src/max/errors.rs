//! Errors as the Bot API writes them.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

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
