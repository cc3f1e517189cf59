//! `/subscriptions`: webhooks.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use serde_json::{Value, json};
use url::{Host, Url};

use super::errors::Refused;
use super::webhook;
use crate::shared::Shared;

#[derive(Deserialize)]
pub(super) struct SubscribeRequest {
    url: Option<String>,
    update_types: Option<Vec<String>>,
    secret: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct UnsubscribeQuery {
    url: Option<String>,
}

/// `GET /subscriptions`.
pub(super) async fn list(State(shared): State<Arc<Shared>>) -> Json<Value> {
    let messenger = shared.messenger();
    let subscriptions: Vec<_> = messenger
        .subscriptions
        .iter()
        .map(|one| json!({ "url": one.url, "time": one.time, "update_types": one.update_types.as_deref().unwrap_or_default() }))
        .collect();
    Json(json!({ "subscriptions": subscriptions }))
}

/// `POST /subscriptions`. The same address again replaces the older subscription.
pub(super) async fn subscribe(
    State(shared): State<Arc<Shared>>,
    Json(request): Json<SubscribeRequest>,
) -> Result<Json<Value>, Refused> {
    let url = request.url.ok_or_else(|| Refused::bad("url: is required"))?;
    check_url(&url)?;
    if let Some(secret) = &request.secret {
        let good = secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
        if !good || !(5..=256).contains(&secret.len()) {
            return Err(Refused::bad("secret: 5 to 256 of A-Z a-z 0-9 _ -"));
        }
    }
    let subscription = webhook::open(&shared, url, request.update_types, request.secret);
    let mut messenger = shared.messenger();
    messenger.subscriptions.retain(|one| one.url != subscription.url);
    messenger.subscriptions.push(subscription);
    Ok(Json(json!({ "success": true })))
}

/// `DELETE /subscriptions?url=`.
pub(super) async fn unsubscribe(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<UnsubscribeQuery>,
) -> Result<Json<Value>, Refused> {
    let url = query.url.ok_or_else(|| Refused::bad("url: is required"))?;
    let removed = webhook::close(&shared, &url);
    Ok(Json(if removed {
        json!({ "success": true })
    } else {
        json!({ "success": false, "message": "No such subscription" })
    }))
}

/// https on port 443, as in reality; plain http only to this computer, because this is a stand-in.
fn check_url(url: &str) -> Result<(), Refused> {
    let parsed = Url::parse(url).map_err(|_| Refused::bad("url: is not a URL"))?;
    let loopback = match parsed.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    match parsed.scheme() {
        "http" if loopback => Ok(()),
        "https" if parsed.port_or_known_default() == Some(443) || loopback => Ok(()),
        _ => Err(Refused::bad("url: only https on port 443")),
    }
}

#[cfg(test)]
mod tests {
    use super::check_url;

    #[test]
    fn only_https_and_this_computer_are_called() {
        for url in ["http://mostik.example/hook", "https://mostik.example:8443/hook", "ftp://127.0.0.1/", "hook"] {
            assert!(check_url(url).is_err(), "{url}");
        }
        for url in ["https://mostik.example/hook", "http://127.0.0.1:9000/hook", "http://[::1]:9000/hook"] {
            assert!(check_url(url).is_ok(), "{url}");
        }
    }
}
