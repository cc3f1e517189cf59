//! MAX: the Bot API in front, the dialogs and the people's phones behind.

mod answers;
mod chats;
mod contact;
mod errors;
mod limits;
mod me;
mod messages;
mod messenger;
mod subscription;
mod subscriptions;
mod updates;
mod user_actions;
mod webhook;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, patch, post};

pub(crate) use contact::SharedContact;
pub(crate) use errors::Refused;
pub(crate) use messenger::Messenger;
pub(crate) use user_actions::{UserAction, perform};

use crate::http;
use crate::journal::Protocol;
use crate::secrets::accepts;
use crate::shared::{FOREVER, Shared};

/// The routes of the Bot API.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/me", get(me::read).patch(me::change))
        .route("/me/commands", patch(me::change_commands).get(me::commands))
        .route("/messages", get(messages::list).post(messages::send).put(messages::edit).delete(messages::remove))
        .route("/messages/{mid}", get(messages::read))
        .route("/answers", post(answers::answer))
        .route("/updates", get(updates::poll))
        .route(
            "/subscriptions",
            get(subscriptions::list).post(subscriptions::subscribe).delete(subscriptions::unsubscribe),
        )
        .route("/chats/{chat_id}", get(chats::read))
        .route("/chats/{chat_id}/actions", post(chats::action))
        .fallback(|| async { Refused::not_found("Unknown path") })
        .method_not_allowed_fallback(|| async {
            Refused::new(StatusCode::METHOD_NOT_ALLOWED, "method.not.allowed", "Method not allowed")
        })
        .layer(middleware::map_response(errors::in_own_form))
        .layer(DefaultBodyLimit::max(256 * 1024))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), admit))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), faults))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), log))
        .with_state(shared)
}

async fn log(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    http::logged(shared, Protocol::Max, request, next).await
}

async fn faults(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let faults = shared.faults().max;
    tokio::select! {
        // Down means down for a poll that was waiting already, too: it must not carry out what came since.
        biased;
        Some(()) = shared.wait_for(FOREVER, |shared| shared.faults().max.down.then_some(())) => http::hang_up(),
        response = http::with_faults(faults.http(), errors::switched, request, next) => response,
    }
}

/// The token, raw in `Authorization`, and the limit of the whole host.
async fn admit(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Result<Response, Refused> {
    let token = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if !token.is_some_and(|token| accepts(&shared.secrets().bot_token, token)) {
        return Err(Refused::new(StatusCode::UNAUTHORIZED, "verify.token", "Invalid access_token"));
    }
    let now = shared.clock.now();
    shared.messenger().limits.admit_request(now)?;
    Ok(next.run(request).await)
}
