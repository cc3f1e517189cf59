//! The page «Телефон», the page that stands in for Sferum, and the JSON behind both.

mod api;
mod events;
mod mail;
mod refusal;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::{get, patch, post};
use serde::Deserialize;
use serde_json::json;

use crate::http::{self, PAGE_HEADERS, escape};
use crate::shared::Shared;

/// The routes of the page and its JSON.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    let machines = Router::new()
        .route("/api/world", get(api::world))
        .route("/api/sms", get(api::sms))
        .route("/api/sms/wait", get(api::sms_wait))
        .route("/api/mail", get(mail::list))
        .route("/api/mail/wait", get(mail::wait))
        .route("/api/max/chat", get(api::chat))
        .route("/api/max/chat/wait", get(api::chat_wait))
        .route("/api/max/open", post(api::open))
        .route("/api/max/contact", post(api::contact))
        .route("/api/max/message", post(api::message))
        .route("/api/max/callback", post(api::callback))
        .route("/api/max/stop", post(api::stop))
        .route("/api/log", get(api::log))
        .route("/api/faults", get(api::faults).put(api::put_faults).patch(api::patch_faults).delete(api::reset_faults))
        .route("/api/secrets", patch(api::patch_secrets))
        .route("/api/events", get(events::stream))
        .fallback(|| async { (StatusCode::NOT_FOUND, axum::Json(json!({ "error": "no such path; see README.md" }))) });
    Router::new()
        .route("/", get(phone))
        .route("/mail/{id}/html", get(mail::page))
        .route("/max", get(phone))
        .route("/max/{*path}", get(link))
        .route("/vk", get(vk))
        .route("/vk/{*path}", get(vk))
        .merge(machines)
        .merge(http::assets())
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), own_host))
        .with_state(shared)
}

/// A page elsewhere in the browser must not reach these listeners by a name of its own (DNS rebinding), and must not
/// post to them.
async fn own_host(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    if is_foreign(&shared, request.headers()) {
        return (StatusCode::FORBIDDEN, "only for this computer").into_response();
    }
    next.run(request).await
}

fn is_foreign(shared: &Shared, headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(host) = text("host") else { return false };
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let bound = shared.addresses.get().map(|at| at.phone.ip().to_string());
    let own_name = ["localhost", "127.0.0.1", "[::1]"].contains(&name) || Some(name) == bound.as_deref();
    let own_origin = text("origin").is_none_or(|origin| origin.strip_prefix("http://") == Some(host));
    !(own_name && own_origin)
}

async fn phone(State(shared): State<Arc<Shared>>, Query(opened): Query<Opened>) -> Response {
    // The page begins with what it would ask for, so that nothing of it is ever empty. No text may end the element.
    let begin = api::begin(&shared, opened.mail.as_deref()).to_string().replace('<', "\\u003c");
    let page = include_str!("../../assets/phone.html").replace("{begin}", &begin);
    (PAGE_HEADERS, Html(page)).into_response()
}

#[derive(Deserialize)]
struct Opened {
    mail: Option<String>,
    profile: Option<String>,
}

/// `/max/<bot>` is the phone with a link of the bot; anything else under `/max/` is Sferum.
async fn link(State(shared): State<Arc<Shared>>, Path(path): Path<String>, Query(opened): Query<Opened>) -> Response {
    if path == shared.world.bot.username {
        return phone(State(shared), Query(opened)).await;
    }
    if path.ends_with("/call") {
        return sferum("MAX", "Дистанционный урок", "Здесь начался бы урок по видеосвязи.");
    }
    if path.starts_with("join/") {
        return sferum("MAX", "Чат класса", "Здесь открылся бы этот чат.");
    }
    sferum("MAX", "Сферум в MAX", &chats(&opened))
}

/// Everything under `/vk` is Sferum in VK Messenger.
async fn vk(Query(opened): Query<Opened>) -> Response {
    sferum("VK Мессенджер", "Сферум в VK Мессенджере", &chats(&opened))
}

/// Whose chats are open, as HTML.
fn chats(opened: &Opened) -> String {
    match opened.profile.as_deref().map(str::trim).filter(|profile| !profile.is_empty()) {
        Some(profile) => format!("Открыт учебный профиль <b data-testid=\"profile\">{}</b>.", escape(profile)),
        None => "Здесь открылись бы чаты класса.".to_owned(),
    }
}

fn sferum(messenger: &str, title: &str, words: &str) -> Response {
    // What a person wrote goes in last, so that nothing in it is filled in.
    let page = include_str!("../../assets/sferum.html").replace("{messenger}", messenger).replace("{title}", title);
    (PAGE_HEADERS, Html(page.replace("{words}", words))).into_response()
}
