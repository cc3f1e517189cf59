//! The diary (МЭШ): sign-in by OAuth as at login.mos.ru, and the family API.

mod authorize;
mod caller;
mod family;
mod lessons;
mod token;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};

use crate::faults::HttpFaults;
use crate::http;
use crate::journal::Protocol;
use crate::shared::Shared;
use caller::problem;

/// The routes of the diary.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    let pages = Router::new()
        .route("/sps/oauth/ae", get(authorize::ask).post(authorize::decide))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), page_faults));
    let machines = Router::new()
        .route("/sps/.well-known/openid-configuration", get(token::discovery))
        .route("/sps/oauth/te", post(token::exchange))
        .route("/sps/oauth/me", get(token::userinfo))
        .route("/api/family/web/v1/profile", get(family::profile))
        .route("/api/family/mobile/v1/profile", get(family::profile))
        .route("/api/family/web/v1/schedule/short", get(lessons::short))
        .route("/api/family/web/v1/lesson_schedule_items/{id}", get(lessons::item))
        .route("/api/eventcalendar/v1/api/events", get(lessons::events))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), api_faults));
    Router::new()
        .merge(pages)
        .merge(machines)
        .fallback(|| async { problem(StatusCode::NOT_FOUND, "NotFound", "Здесь ничего нет") })
        .method_not_allowed_fallback(|| async {
            problem(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", "Так сюда не обращаются")
        })
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), log))
        .merge(http::assets())
        .with_state(shared)
}

async fn log(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    http::logged(shared, Protocol::Diary, request, next).await
}

async fn api_faults(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let refusal = |status| problem(status, "InternalServiceException", "Так настроено на учебном стенде");
    http::with_faults(shared.faults().diary, refusal, request, next).await
}

/// A page is always HTML, so only delay and status make sense for it.
async fn page_faults(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let faults = HttpFaults { html: false, truncate: false, ..shared.faults().diary };
    http::with_faults(faults, authorize::unwell, request, next).await
}
