//! `/sps/oauth/te` and `/sps/oauth/me`: codes become tokens, tokens tell who it is.

use std::sync::Arc;

use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{ACCESS_LIFE_S, Grant, Refresh, caller};
use crate::journal::{Direction, Protocol};
use crate::shared::Shared;

/// The form of the token endpoint; what belongs together depends on `grant_type`.
#[derive(Deserialize)]
pub(super) struct Exchange {
    grant_type: Option<String>,
    code: Option<String>,
    redirect_uri: Option<String>,
    code_verifier: Option<String>,
    refresh_token: Option<String>,
}

/// `POST /sps/oauth/te`.
pub(super) async fn exchange(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Form(form): Form<Exchange>,
) -> Response {
    if !is_our_client(&shared, &headers) {
        let challenge = [(header::WWW_AUTHENTICATE, "Basic realm=\"sps\"")];
        return (StatusCode::UNAUTHORIZED, challenge, oauth_error("invalid_client", "client id or secret is wrong"))
            .into_response();
    }
    match form.grant_type.as_deref() {
        Some("authorization_code") => by_code(&shared, &form),
        Some("refresh_token") => by_refresh(&shared, &form),
        _ => bad("unsupported_grant_type", "authorization_code or refresh_token"),
    }
}

fn by_code(shared: &Shared, form: &Exchange) -> Response {
    let (Some(code), Some(redirect_uri), Some(verifier)) = (&form.code, &form.redirect_uri, &form.code_verifier) else {
        return bad("invalid_request", "code, redirect_uri and code_verifier are required");
    };
    let now = shared.clock.now();
    let mut desk = shared.desk();
    desk.sweep(now);
    let Some(entry) = desk.codes.get_mut(code) else { return bad("invalid_grant", "no such code") };
    if let Some(family) = entry.used_by.clone() {
        desk.revoke(&family);
        drop(desk);
        shared.log(Protocol::Diary, Direction::Out, "код предъявлен второй раз: токены отозваны");
        return bad("invalid_grant", "the code was used before");
    }
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    let family = shared.dice.hex::<8>();
    // Spent by any attempt: a second guess at the verifier gets nothing.
    entry.used_by = Some(family.clone());
    if entry.expires_at <= now {
        return bad("invalid_grant", "the code has expired");
    }
    if &entry.request.redirect_uri != redirect_uri {
        return bad("invalid_grant", "redirect_uri differs");
    }
    if !(43..=128).contains(&verifier.len()) || challenge != entry.request.challenge {
        return bad("invalid_grant", "code_verifier does not match");
    }
    let grant = Grant { login: entry.login.clone(), scope: entry.request.scope.clone(), family, expires_at: 0 };
    let nonce = entry.request.nonce.clone();
    drop(desk);
    give(shared, grant, nonce.as_deref())
}

fn by_refresh(shared: &Shared, form: &Exchange) -> Response {
    let Some(token) = &form.refresh_token else { return bad("invalid_request", "refresh_token is required") };
    let mut desk = shared.desk();
    let Some(refresh) = desk.refresh.get_mut(token) else { return bad("invalid_grant", "no such refresh_token") };
    if refresh.used {
        let family = refresh.grant.family.clone();
        desk.revoke(&family);
        drop(desk);
        shared.log(Protocol::Diary, Direction::Out, "refresh_token предъявлен второй раз: токены отозваны");
        return bad("invalid_grant", "the refresh_token was used before");
    }
    refresh.used = true;
    let grant = refresh.grant.clone();
    drop(desk);
    give(shared, grant, None)
}

fn give(shared: &Shared, mut grant: Grant, nonce: Option<&str>) -> Response {
    let now = shared.clock.now();
    grant.expires_at = now + ACCESS_LIFE_S * 1000;
    let (access, refresh) = (shared.dice.token(), shared.dice.token());
    let mut body = json!({
        "access_token": access,
        "token_type": "Bearer",
        "expires_in": ACCESS_LIFE_S,
        "refresh_token": refresh,
        "scope": grant.scope,
    });
    if grant.scope.split(' ').any(|scope| scope == "openid") {
        body["id_token"] = json!(id_token(shared, &grant.login, nonce));
    }
    let mut desk = shared.desk();
    desk.refresh.insert(refresh, Refresh { grant: grant.clone(), used: false });
    desk.access.insert(access, grant);
    drop(desk);
    ([(header::CACHE_CONTROL, "no-store")], axum::Json(body)).into_response()
}

/// Signed with the client's secret (HS256): a stand-in has no key that anybody should trust.
fn id_token(shared: &Shared, login: &str, nonce: Option<&str>) -> String {
    let now = shared.clock.now() / 1000;
    let claims = json!({
        "iss": shared.diary_base(),
        "sub": guid(shared, login),
        "aud": shared.world.diary_client.id,
        "iat": now,
        "exp": now + ACCESS_LIFE_S,
        "nonce": nonce,
    });
    let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(json!({ "alg": "HS256", "typ": "JWT" })), part(claims));
    let mac = Hmac::<Sha256>::new_from_slice(shared.world.diary_client.secret.as_bytes());
    let signature = mac.map(|mac| mac.chain_update(signed.as_bytes()).finalize().into_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.unwrap_or_default()))
}

/// `GET /sps/oauth/me`.
pub(super) async fn userinfo(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    let (account, _) = match caller(&shared, &headers) {
        Ok(found) => found,
        Err(refusal) => return *refusal,
    };
    let person = &account.person;
    axum::Json(json!({
        "guid": guid(&shared, &account.login),
        "sub": guid(&shared, &account.login),
        "FirstName": person.first_name,
        "LastName": person.last_name,
        "MiddleName": person.middle_name,
        "mobile": person.phone.as_deref().map(|phone| phone.trim_start_matches('+')),
        "mail": person.email,
        "trusted": true,
        "groups": [],
    }))
    .into_response()
}

/// `GET /sps/.well-known/openid-configuration`.
pub(super) async fn discovery(State(shared): State<Arc<Shared>>) -> Response {
    let base = shared.diary_base();
    axum::Json(json!({
        "issuer": base,
        "authorization_endpoint": format!("{base}/sps/oauth/ae"),
        "token_endpoint": format!("{base}/sps/oauth/te"),
        "userinfo_endpoint": format!("{base}/sps/oauth/me"),
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "id_token_signing_alg_values_supported": ["HS256"],
        "subject_types_supported": ["public"],
    }))
    .into_response()
}

/// The same account has the same guid in every run.
fn guid(shared: &Shared, login: &str) -> String {
    let digest = Sha256::digest(format!("{}/{login}", shared.world.school.id));
    let hex = crate::ambient::hex(&digest[..16]);
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

fn is_our_client(shared: &Shared, headers: &HeaderMap) -> bool {
    let client = &shared.world.diary_client;
    let sent = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let pair = sent.and_then(|value| value.strip_prefix("Basic ")).and_then(|text| STANDARD.decode(text).ok());
    pair.is_some_and(|pair| pair == format!("{}:{}", client.id, client.secret).into_bytes())
}

fn bad(error: &str, description: &str) -> Response {
    (StatusCode::BAD_REQUEST, [(header::CACHE_CONTROL, "no-store")], oauth_error(error, description)).into_response()
}

fn oauth_error(error: &str, description: &str) -> axum::Json<serde_json::Value> {
    axum::Json(json!({ "error": error, "error_description": description }))
}
