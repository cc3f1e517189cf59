//! VK ID: OAuth 2.1 as at id.vk.com, for an application without a secret.

mod authorize;
mod fields;
mod latin;
mod people;
mod token;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};

use crate::faults::HttpFaults;
use crate::http;
use crate::journal::{Direction, Protocol};
use crate::shared::Shared;
use fields::Fields;

/// Always given.
const NAME: &str = "vkid.personal_info";
const EMAIL: &str = "email";
const PHONE: &str = "phone";

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

/// Why VK ID does not do what it is asked for.
struct Refusal {
    error: &'static str,
    description: String,
}

impl Refusal {
    fn new(error: &'static str, description: impl Into<String>) -> Self {
        Self { error, description: description.into() }
    }

    fn missing(name: &str) -> Self {
        Self::new("invalid_request", format!("{name} is missing or invalid"))
    }
}

/// The answer to a request of `/oauth2/…`. VK ID refuses with **200**: only `error` in the body tells it from success.
fn answer(shared: &Shared, fields: &Fields, said: Result<Value, Refusal>) -> Response {
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
