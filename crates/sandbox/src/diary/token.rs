//! `/sps/oauth/te` and `/sps/oauth/me`: codes become tokens, tokens tell who it is.

use std::sync::Arc;

use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::caller::caller;
use crate::journal::{Direction, Protocol};
use crate::oauth::{ACCESS_LIFE_S, Grant, Proof, Refused, jwt};
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
    let proof = Proof { redirect_uri, verifier, device: None };
    let redeemed = shared.diary_authorizations().redeem(code, &proof, shared.random.hex::<8>(), shared.clock.now());
    match redeemed {
        Ok((grant, request)) => give(shared, grant, request.nonce.as_deref()),
        Err(why) => refuse(shared, why, "code"),
    }
}

fn by_refresh(shared: &Shared, form: &Exchange) -> Response {
    let Some(token) = &form.refresh_token else { return bad("invalid_request", "refresh_token is required") };
    let rotated = shared.diary_authorizations().rotate(token, None);
    match rotated {
        Ok(grant) => give(shared, grant, None),
        Err(why) => refuse(shared, why, "refresh_token"),
    }
}

fn refuse(shared: &Shared, why: Refused, what: &str) -> Response {
    if why == Refused::Replayed {
        shared.log(Protocol::Diary, Direction::Out, format!("{what} предъявлен второй раз: токены отозваны"));
    }
    bad("invalid_grant", &why.words(what))
}

fn give(shared: &Shared, grant: Grant, nonce: Option<&str>) -> Response {
    let (who, scope) = (grant.who.clone(), grant.scope.clone());
    let tokens = shared.diary_authorizations().issue(&shared.random, grant, shared.clock.now());
    let mut body = json!({
        "access_token": tokens.access,
        "token_type": "Bearer",
        "expires_in": ACCESS_LIFE_S,
        "refresh_token": tokens.refresh,
        "scope": scope,
    });
    if scope.split(' ').any(|scope| scope == "openid") {
        body["id_token"] = json!(id_token(shared, &who, nonce));
    }
    ([(header::CACHE_CONTROL, "no-store")], axum::Json(body)).into_response()
}

fn id_token(shared: &Shared, login: &str, nonce: Option<&str>) -> String {
    let now = shared.clock.now() / 1000;
    let client = &shared.world.diary_client;
    let claims = json!({
        "iss": shared.diary_base(),
        "sub": guid(shared, login),
        "aud": client.id,
        "iat": now,
        "exp": now + ACCESS_LIFE_S,
        "nonce": nonce,
    });
    jwt::sign(&claims, &shared.secrets().diary_secret[0])
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
    let is = |pair: &[u8], secret: &String| pair == format!("{}:{secret}", client.id).as_bytes();
    pair.is_some_and(|pair| shared.secrets().diary_secret.iter().any(|secret| is(&pair, secret)))
}

fn bad(error: &str, description: &str) -> Response {
    (StatusCode::BAD_REQUEST, [(header::CACHE_CONTROL, "no-store")], oauth_error(error, description)).into_response()
}

fn oauth_error(error: &str, description: &str) -> axum::Json<serde_json::Value> {
    axum::Json(json!({ "error": error, "error_description": description }))
}
