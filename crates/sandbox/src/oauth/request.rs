//! Reads an authorize request, and lets nothing through that a person should not be asked about.

use std::collections::HashMap;
use std::net::IpAddr;

use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use url::{Host, Url};

use super::AuthorizationRequest;
use super::authorizations::REQUEST_LIFE_MS;
use super::page::{SignInPage, redirect, refusal};
use crate::secrets::accepts;

/// What a party knows of the application, and what it takes.
pub(crate) struct Terms<'a> {
    pub(crate) client_ids: &'a [String],
    /// Besides these, any `http://127.0.0.1:…/…` is taken, and `https` there.
    pub(crate) redirect_uris: &'a [String],
    /// How the party writes S256.
    pub(crate) methods: &'a [&'a str],
    /// What is granted when this is asked for; `None` refuses.
    pub(crate) scope: fn(Option<&str>) -> Option<String>,
}

/// The request, or the answer that refuses it.
pub(crate) fn read(
    page: &SignInPage,
    terms: &Terms<'_>,
    query: Option<&str>,
    now: i64,
) -> Result<AuthorizationRequest, Box<Response>> {
    let mut fields = HashMap::new();
    let mut repeated = None;
    for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        if fields.insert(name.to_string(), value.into_owned()).is_some() {
            repeated = Some(name.into_owned());
        }
    }
    let field = |name: &str| fields.get(name).map(String::as_str).filter(|value| !value.is_empty());

    // Before the address is known to be the application's own, nobody is sent anywhere (RFC 6749, 4.1.2.1).
    let stop = |title, advice| Err(Box::new(refusal(page, title, advice)));
    let Some(client_id) = field("client_id").filter(|id| accepts(terms.client_ids, id)) else {
        return stop("Приложение не зарегистрировано", "Проверьте client_id в настройках приложения.");
    };
    let Some(redirect_uri) = field("redirect_uri").filter(|uri| may_return_to(terms.redirect_uris, uri)) else {
        return stop("Адрес возврата не зарегистрирован", "Проверьте redirect_uri в настройках приложения.");
    };

    let state = field("state").unwrap_or_default().to_owned();
    let refuse = |error, description: &str| {
        let fields = [("error", error), ("error_description", description), ("state", &state)];
        Err(Box::new(redirect(page, redirect_uri, &fields)))
    };
    if let Some(name) = repeated {
        return refuse("invalid_request", &format!("{name} is there twice"));
    }
    if field("response_type") != Some("code") {
        return refuse("unsupported_response_type", "only response_type=code");
    }
    if state.is_empty() {
        return refuse("invalid_request", "state is required");
    }
    if !field("code_challenge_method").is_some_and(|method| terms.methods.contains(&method)) {
        return refuse("invalid_request", "code_challenge_method=S256 is required");
    }
    let Some(challenge) = field("code_challenge").filter(|challenge| is_sha256(challenge)) else {
        return refuse("invalid_request", "code_challenge must be the base64url of a SHA-256");
    };
    let Some(scope) = (terms.scope)(field("scope")) else {
        return refuse("invalid_scope", "scope has something that is not given");
    };
    Ok(AuthorizationRequest {
        client_id: client_id.to_owned(),
        redirect_uri: redirect_uri.to_owned(),
        scope,
        nonce: field("nonce").map(str::to_owned),
        challenge: challenge.to_owned(),
        expires_at: now + REQUEST_LIFE_MS,
        state,
    })
}

fn is_sha256(challenge: &str) -> bool {
    URL_SAFE_NO_PAD.decode(challenge).is_ok_and(|bytes| bytes.len() == 32)
}

/// Registered word for word, or on this computer: a desktop application listens on a port it does not know before.
fn may_return_to(registered: &[String], uri: &str) -> bool {
    if registered.iter().any(|registered| registered == uri) {
        return true;
    }
    Url::parse(uri).is_ok_and(|url| {
        let loopback = match url.host() {
            Some(Host::Ipv4(ip)) => IpAddr::from(ip).is_loopback(),
            Some(Host::Ipv6(ip)) => IpAddr::from(ip).is_loopback(),
            _ => false,
        };
        matches!(url.scheme(), "http" | "https") && loopback && url.username().is_empty() && url.fragment().is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_registered_and_loopback_addresses_may_be_returned_to() {
        let registered = ["https://mostik.example/back".to_owned()];
        for uri in [
            "https://evil.example/cb",
            "http://localhost.evil.example/",
            "http://127.0.0.1.evil.example/",
            "/cb",
            "http://u@127.0.0.1:9/cb",
            "https://mostik.example/back/",
            "https://mostik.example/Back",
            "https://mostik.example/back?",
        ] {
            assert!(!may_return_to(&registered, uri), "{uri}");
        }
        for uri in [
            "http://127.0.0.1:4321/diary/callback",
            "https://127.0.0.1:4321/diary/callback",
            "http://[::1]:4321/cb",
            "https://mostik.example/back",
        ] {
            assert!(may_return_to(&registered, uri), "{uri}");
        }
    }
}
