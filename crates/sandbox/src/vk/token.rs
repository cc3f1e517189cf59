//! `/oauth2/auth`, `/oauth2/logout` and `/oauth2/revoke`: tokens are given, and taken back.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};

use super::answer::answer;
use super::fields::Fields;
use super::refusal::Refusal;
use crate::journal::{Direction, Protocol};
use crate::oauth::{ACCESS_LIFE_S, Grant, Proof, Refused, jwt};
use crate::shared::Shared;

/// `POST /oauth2/auth`.
pub(super) async fn exchange(State(shared): State<Arc<Shared>>, fields: Fields) -> Response {
    let said = fields.check(&shared).and_then(|()| match fields.get("grant_type") {
        Some("authorization_code") => by_code(&shared, &fields),
        Some("refresh_token") => by_refresh(&shared, &fields),
        _ => Err(Refusal::new("unsupported_grant_type", "authorization_code or refresh_token")),
    });
    answer(&shared, &fields, said)
}

fn by_code(shared: &Shared, fields: &Fields) -> Result<Value, Refusal> {
    let state = fields.need("state")?;
    let code = fields.need("code")?;
    let proof = Proof {
        redirect_uri: fields.need("redirect_uri")?,
        verifier: fields.need("code_verifier")?,
        device: Some(fields.need("device_id")?),
    };
    let redeemed = shared.vk_authorizations().redeem(code, &proof, shared.random.hex::<8>(), shared.clock.now());
    let (grant, request) = redeemed.map_err(|why| refusal(shared, why, "code"))?;
    if fields.need("client_id")? != request.client_id {
        return Err(Refusal::new("invalid_grant", "the code was made for another client_id"));
    }
    let id_token = id_token(shared, &grant.who, &request.client_id);
    let mut body = give(shared, grant, state);
    body["id_token"] = json!(id_token);
    Ok(body)
}

fn by_refresh(shared: &Shared, fields: &Fields) -> Result<Value, Refusal> {
    let state = fields.need("state")?;
    let token = fields.need("refresh_token")?;
    let device = fields.need("device_id")?;
    let rotated = shared.vk_authorizations().rotate(token, Some(device));
    Ok(give(shared, rotated.map_err(|why| refusal(shared, why, "refresh_token"))?, state))
}

fn refusal(shared: &Shared, why: Refused, what: &str) -> Refusal {
    match why {
        // In these words VK ID itself, where RFC 7636 would have `invalid_grant`.
        Refused::OtherVerifier => return Refusal::missing("verifier"),
        Refused::Replayed => {
            shared.log(Protocol::Vk, Direction::Out, format!("{what} предъявлен второй раз: токены отозваны"));
        }
        _ => {}
    }
    Refusal::new("invalid_grant", why.words(what))
}

fn give(shared: &Shared, grant: Grant, state: &str) -> Value {
    let (who, scope) = (grant.who.clone(), grant.scope.clone());
    let tokens = shared.vk_authorizations().issue(&shared.random, grant, shared.clock.now());
    json!({
        "access_token": tokens.access,
        "refresh_token": tokens.refresh,
        "token_type": "Bearer",
        "expires_in": ACCESS_LIFE_S,
        "user_id": shared.world.vk_user(&who).map(|user| user.user_id),
        "state": state,
        "scope": scope,
    })
}

fn id_token(shared: &Shared, who: &str, client: &str) -> String {
    let now = shared.clock.now() / 1000;
    let claims = json!({
        "iss": shared.vk_base(),
        "sub": who,
        "aud": client,
        "iat": now,
        "exp": now + ACCESS_LIFE_S,
    });
    jwt::sign(&claims, shared.vk_key())
}

/// The grant behind `access_token`.
pub(super) fn caller(shared: &Shared, fields: &Fields) -> Result<Grant, Refusal> {
    fields.check(shared)?;
    let token = fields.need("access_token")?;
    let grant = shared.vk_authorizations().grant(token, shared.clock.now());
    grant.map_err(|why| Refusal::new("invalid_token", why.words("access_token")))
}

/// `POST /oauth2/logout`: ends one sign-in.
pub(super) async fn logout(State(shared): State<Arc<Shared>>, fields: Fields) -> Response {
    let said = caller(&shared, &fields).map(|grant| {
        shared.vk_authorizations().revoke(&grant.family);
        shared.log(Protocol::Vk, Direction::Out, format!("выход: {}", grant.who));
        json!({ "response": 1 })
    });
    answer(&shared, &fields, said)
}

/// `POST /oauth2/revoke`: the person lets the application know nothing more, on no device.
pub(super) async fn revoke(State(shared): State<Arc<Shared>>, fields: Fields) -> Response {
    let said = caller(&shared, &fields).map(|grant| {
        shared.vk_authorizations().revoke_all_of(&grant.who);
        shared.log(Protocol::Vk, Direction::Out, format!("доступ отозван: {}", grant.who));
        json!({ "response": 1 })
    });
    answer(&shared, &fields, said)
}
