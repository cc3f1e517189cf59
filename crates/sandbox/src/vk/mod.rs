//! VK ID: OAuth 2.1 as at id.vk.com, for an application without a secret.

mod answer;
mod authorize;
mod fields;
mod latin;
mod people;
mod refusal;
mod scopes;
mod token;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use serde_json::json;

use crate::faults::HttpFaults;
use crate::http;
use crate::journal::Protocol;
use crate::shared::Shared;

/// The routes of VK ID.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    let pages = Router::new()
        .route("/authorize", get(authorize::ask).post(authorize::decide))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), page_faults));
    let machines = Router::new()
        .route("/oauth2/auth", post(token::exchange))
        .route("/oauth2/user_info", post(people::user_info))
        .route("/oauth2/public_info", post(people::public_info))
        .route("/oauth2/logout", post(token::logout))
        .route("/oauth2/revoke", post(token::revoke))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), api_faults));
    Router::new()
        .merge(pages)
        .merge(machines)
        .fallback(|| async { stray(StatusCode::NOT_FOUND, "there is nothing at this address") })
        .method_not_allowed_fallback(|| async { stray(StatusCode::METHOD_NOT_ALLOWED, "use POST") })
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), log))
        .merge(http::assets())
        .with_state(shared)
}

async fn log(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    http::logged(shared, Protocol::Vk, request, next).await
}

async fn api_faults(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let refusal = |status| {
        let body = json!({ "error": "server_error", "error_description": "switched on at the stand" });
        (status, axum::Json(body)).into_response()
    };
    http::with_faults(shared.faults().vk, refusal, request, next).await
}

/// A page is always HTML, so only delay and status make sense for it.
async fn page_faults(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let faults = HttpFaults { html: false, truncate: false, ..shared.faults().vk };
    http::with_faults(faults, authorize::unwell, request, next).await
}

fn stray(status: StatusCode, description: &str) -> Response {
    (status, axum::Json(json!({ "error": "invalid_request", "error_description": description }))).into_response()
}
