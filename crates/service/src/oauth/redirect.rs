//! Where browsers are sent, and how.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};
use url::Url;

use crate::{app::App, refusal::Refusal};

/// The address that is registered at the diary.
#[must_use]
pub fn diary_callback(app: &App) -> String {
    format!("{}/diary/callback", app.public_url)
}

/// Sends the browser back to the app with an answer, the app's `state` and our `iss` (RFC 9207).
///
/// # Errors
/// `internal` when a stored address does not parse.
pub fn send_back(app: &App, redirect: &str, state: Option<&str>, pairs: &[(&str, &str)]) -> Result<Response, Refusal> {
    let mut to = Url::parse(redirect).map_err(|e| Refusal::internal(&e))?;
    to.query_pairs_mut()
        .extend_pairs(pairs)
        .extend_pairs(state.map(|s| ("state", s)))
        .append_pair("iss", &app.public_url);
    Ok(no_store(Redirect::to(to.as_str()).into_response()))
}

/// No page and no proxy keeps it, and the next site is not told where the browser comes from.
pub(super) fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}
