//! Whom a request to the family API comes from, and its refusals.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use crate::oauth::{Grant, Refused};
use crate::shared::Shared;
use crate::world::Account;

/// An error as the family API writes it.
pub(super) fn problem(status: StatusCode, kind: &str, description: &str) -> Response {
    let body = json!({ "type": kind, "description": description, "details": null });
    (status, axum::Json(body)).into_response()
}

/// The account behind a bearer token (also accepted in `auth-token`, as the diary's own clients send it).
pub(super) fn caller<'a>(shared: &'a Shared, request: &HeaderMap) -> Result<(&'a Account, Grant), Box<Response>> {
    let text = |name: &str| request.get(name).and_then(|value| value.to_str().ok());
    let bearer = text(header::AUTHORIZATION.as_str()).and_then(|value| value.strip_prefix("Bearer "));
    let refused = |description| {
        let mut response = problem(StatusCode::UNAUTHORIZED, "Unauthorized", description);
        let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        Box::new(response)
    };
    let token = bearer.or_else(|| text("auth-token")).ok_or_else(|| refused("Нет токена"))?;
    let grant = shared.diary_authorizations().grant(token, shared.clock.now()).map_err(|why| match why {
        Refused::Expired => refused("Срок токена истёк"),
        _ => refused("Токен не подходит"),
    })?;
    let account = shared.world.account(&grant.who).ok_or_else(|| refused("Учётной записи больше нет"))?;
    Ok((account, grant))
}
