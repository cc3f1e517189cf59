//! `/oauth2/user_info` and `/oauth2/public_info`: who it is, in full and masked.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use serde_json::{Value, json};

use super::answer::answer;
use super::fields::Fields;
use super::latin::latin;
use super::refusal::Refusal;
use super::scopes::{EMAIL, PHONE};
use super::token::caller;
use crate::calendar::Date;
use crate::oauth::jwt;
use crate::shared::Shared;
use crate::world::VkUser;

/// `POST /oauth2/user_info {client_id, access_token}`.
pub(super) async fn user_info(State(shared): State<Arc<Shared>>, headers: HeaderMap, fields: Fields) -> Response {
    let said = caller(&shared, &fields).and_then(|grant| {
        let user = find(&shared, &grant.who)?;
        let has = |scope| grant.scope.split(' ').any(|given| given == scope);
        let mut body = person(&shared, user, &headers);
        if has(PHONE) {
            body["phone"] = json!(user.phone);
        }
        if let Some(email) = user.email.as_deref().filter(|_| has(EMAIL)) {
            body["email"] = json!(email);
        }
        Ok(json!({ "user": body }))
    });
    answer(&shared, &fields, said)
}

/// `POST /oauth2/public_info {client_id, id_token}`.
pub(super) async fn public_info(State(shared): State<Arc<Shared>>, headers: HeaderMap, fields: Fields) -> Response {
    let said = fields.check(&shared).and_then(|()| fields.need("id_token")).and_then(|token| {
        let wrong = || Refusal::new("invalid_token", "no such id_token, or it has expired");
        let claims = jwt::claims(token, shared.vk_key()).ok_or_else(wrong)?;
        let fresh = claims["exp"].as_i64().is_some_and(|exp| exp * 1000 > shared.clock.now());
        let user = find(&shared, claims["sub"].as_str().filter(|_| fresh).ok_or_else(wrong)?)?;
        let mut body = person(&shared, user, &headers);
        let initial = body["last_name"].as_str().and_then(|name| name.chars().next());
        body["last_name"] = json!(initial.map(|initial| format!("{initial}.")));
        body["phone"] = json!(masked_phone(&user.phone));
        if let Some(email) = user.email.as_deref() {
            body["email"] = json!(masked_email(email));
        }
        Ok(json!({ "user": body }))
    });
    answer(&shared, &fields, said)
}

fn find<'a>(shared: &'a Shared, who: &str) -> Result<&'a VkUser, Refusal> {
    shared.world.vk_user(who).ok_or_else(|| Refusal::new("invalid_token", "the account is gone"))
}

/// What belongs to every scope. Ids are text here and a number beside the tokens.
fn person(shared: &Shared, user: &VkUser, headers: &HeaderMap) -> Value {
    let name = |name: &str| if speaks_russian(headers) { name.to_owned() } else { latin(name) };
    let birthday = Date::parse(&user.birth_date);
    json!({
        "user_id": user.user_id.to_string(),
        "first_name": name(&user.first_name),
        "last_name": name(&user.last_name),
        "avatar": format!("{}/assets/icon.svg", shared.vk_base()),
        "sex": user.sex as u8,
        "verified": false,
        "birthday": birthday.map(|date| format!("{:02}.{:02}.{}", date.day, date.month, date.year)),
    })
}

/// Who does not ask for Russian gets names in Latin letters.
fn speaks_russian(headers: &HeaderMap) -> bool {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    asked.split(',').any(|language| {
        let tag = language.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        tag == "ru" || tag.starts_with("ru-")
    })
}

fn masked_phone(digits: &str) -> String {
    let tail: String = digits.chars().skip(digits.len().saturating_sub(2)).collect();
    format!("+{} *** *** ** {tail}", digits.chars().next().unwrap_or('7'))
}

fn masked_email(email: &str) -> String {
    let (local, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    format!("{}***@{domain}", local.chars().next().map(String::from).unwrap_or_default())
}
