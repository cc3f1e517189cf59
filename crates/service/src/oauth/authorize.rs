//! `GET /oauth/authorize`: from the app's browser tab to the diary's sign-in page.

use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    SIGN_IN_LIFE,
    redirect::{self, no_store, send_back},
    redirect_allowed,
    sign_in::SignIn,
};
use crate::{app::App, keys, page::page, refusal::Refusal};

/// The query, each parameter at most once.
struct Parameters(Vec<(String, String)>);

impl Parameters {
    fn one(&self, name: &str) -> Option<&str> {
        let mut all = self.0.iter().filter(|(n, _)| n == name);
        let value = all.next().map(|(_, v)| v.as_str()).filter(|v| !v.is_empty());
        // RFC 6749, 3.1: a parameter must not come twice.
        value.filter(|_| all.next().is_none())
    }
}

/// Begins a sign-in, of which nothing is kept before somebody has signed in. A client or redirect address that is not registered gets a page, never a redirect.
#[utoipa::path(get, path = "/oauth/authorize", tag = "oauth", params(
        ("response_type" = String, Query, description = "`code`"),
        ("client_id" = String, Query, description = "A registered client"),
        ("redirect_uri" = String, Query, description = "As registered; on loopback with any port"),
        ("state" = String, Query, description = "Opaque, 1 to 512 characters; comes back unchanged"),
        ("code_challenge" = String, Query, description = "PKCE, 43 characters"),
        ("code_challenge_method" = String, Query, description = "`S256`"),
        ("prompt" = Option<String>, Query, description = "`login`: the diary asks anew who signs in")),
    responses((status = 303, description = "To the diary's sign-in page, or back with `error`, `state` and `iss`"),
        (status = 400, description = "A page: unknown client or redirect address", content_type = "text/html")))]
pub async fn authorize(State(app): State<App>, RawQuery(query): RawQuery) -> Result<Response, Refusal> {
    let asked = Parameters(url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect());
    let live = app.live();
    let client = asked.one("client_id").and_then(|id| live.config.clients.get_key_value(id));
    let redirect = asked.one("redirect_uri").filter(|r| client.is_some_and(|(_, known)| redirect_allowed(known, r)));
    let (Some((client, _)), Some(redirect)) = (client, redirect) else {
        let sentence = "Приложение, которое открыло эту страницу, здесь не зарегистрировано. Закройте её.";
        return Ok(page(StatusCode::BAD_REQUEST, "Вход не начат", sentence, None));
    };
    let state = asked.one("state").filter(|s| s.len() <= 512);
    let back =
        |error: &str, text: &str| send_back(&app, redirect, state, &[("error", error), ("error_description", text)]);
    let Some(state) = state else {
        return back("invalid_request", "state is missing, repeated or longer than 512 bytes");
    };
    match asked.one("response_type") {
        Some("code") => {}
        Some(_) => return back("unsupported_response_type", "response_type must be code"),
        None => return back("invalid_request", "response_type is missing"),
    }
    if asked.one("code_challenge_method") != Some("S256") {
        return back("invalid_request", "code_challenge_method must be S256");
    }
    let in_alphabet =
        |c: &&str| c.len() == 43 && c.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    let Some(challenge) = asked.one("code_challenge").filter(in_alphabet) else {
        return back("invalid_request", "code_challenge must be 43 characters of base64url");
    };

    let sign_in = SignIn {
        id: app.new_id(),
        client: client.clone(),
        redirect_uri: redirect.to_owned(),
        client_state: state.to_owned(),
        challenge: challenge.to_owned(),
        expires_at: app.now().plus(SIGN_IN_LIFE),
    };

    let diary = &live.config.diary;
    let mut to = diary.authorize_url.clone();
    to.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", &diary.client_id)
        .append_pair("redirect_uri", &redirect::diary_callback(&app))
        .append_pair("scope", &diary.scope)
        .append_pair("state", &sign_in.sealed(&live.keys, &*app.entropy))
        .append_pair("code_challenge", &keys::s256(&sign_in.verifier(&live.keys)))
        .append_pair("code_challenge_method", "S256");
    // «Войти под другим именем»: the diary would else remember the last one.
    if asked.one("prompt") == Some("login") {
        to.query_pairs_mut().append_pair("prompt", "login");
    }
    Ok(no_store(Redirect::to(to.as_str()).into_response()))
}
