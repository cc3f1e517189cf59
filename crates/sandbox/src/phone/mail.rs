//! Mailboxes, as JSON; and letters in HTML, each a page that can do nothing.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::refusal::{ApiError, patience};
use crate::mail::Address;
use crate::shared::Shared;

/// Somebody else's markup: its own styles and inlined pictures, nothing from elsewhere, no scripts, no forms. Its links
/// open windows, and only the page of the stand may frame it.
const LETTER_HEADERS: [(HeaderName, &str); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (header::CONTENT_TYPE, "text/html; charset=utf-8"),
];

/// Known addresses and their owners.
pub(super) fn mailboxes(shared: &Shared) -> Vec<Value> {
    let of = |account: &crate::world::Account| {
        let name = account.person.called();
        let spoken = account.mail.iter().filter_map(|mail| Address::parse(mail)).map(|address| address.spoken());
        spoken.map(move |address| json!({ "address": address, "name": name })).collect::<Vec<_>>()
    };
    shared.world.accounts.iter().flat_map(of).collect()
}

#[derive(Deserialize)]
pub(super) struct Letters {
    to: Option<String>,
    #[serde(default)]
    after: u64,
    timeout_s: Option<u64>,
}

impl Letters {
    fn address(&self) -> Result<Option<Address>, ApiError> {
        let Some(to) = &self.to else { return Ok(None) };
        let words = || format!("«{to}» is no address; write it as anya@example.ru");
        Address::parse(to).map(Some).ok_or_else(|| ApiError(StatusCode::UNPROCESSABLE_ENTITY, words()))
    }
}

/// `GET /api/mail?to=anya@example.ru&after=0`.
pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    Query(asked): Query<Letters>,
) -> Result<Response, ApiError> {
    let address = asked.address()?;
    Ok(Json(shared.postbox().list(address.as_ref(), asked.after)).into_response())
}

/// `GET /api/mail/wait?to=…&after=<id>&timeout_s=30`: as soon as there is a newer one; `[]` when the time is up.
pub(super) async fn wait(
    State(shared): State<Arc<Shared>>,
    Query(asked): Query<Letters>,
) -> Result<Response, ApiError> {
    let address = asked.address()?;
    let look = |shared: &Shared| {
        let found = shared.postbox().list(address.as_ref(), asked.after);
        (!found.is_empty()).then_some(found)
    };
    Ok(Json(shared.wait_for(patience(asked.timeout_s), look).await.unwrap_or_default()).into_response())
}

/// `GET /mail/{id}/html`: for the frame of the page.
pub(super) async fn page(State(shared): State<Arc<Shared>>, Path(id): Path<u64>) -> Response {
    let html = shared.postbox().letter(id).and_then(|letter| letter.content.html.clone());
    match html {
        Some(html) => (LETTER_HEADERS, Html(with_links_outside(&html))).into_response(),
        None => (StatusCode::NOT_FOUND, LETTER_HEADERS, Html(String::new())).into_response(),
    }
}

/// A link in a letter would open inside the phone's frame, where nothing may; so it opens in a window of its own.
fn with_links_outside(html: &str) -> String {
    const BASE: &str = "<base target=\"_blank\">";
    let head = html.to_ascii_lowercase().find("<head").and_then(|at| Some(at + html[at..].find('>')? + 1));
    // Without a head it may stand first: a letter without one is drawn in quirks mode anyway.
    let (before, after) = html.split_at(head.unwrap_or(0));
    format!("{before}{BASE}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_of_letters_open_outside() {
        let page = with_links_outside("<!doctype html><html><HEAD lang=ru><title>x</title></HEAD>");
        assert_eq!(page, "<!doctype html><html><HEAD lang=ru><base target=\"_blank\"><title>x</title></HEAD>");
        assert_eq!(with_links_outside("<p>код"), "<base target=\"_blank\"><p>код");
    }
}
