//! VK ID, where it is offered. It refuses with status 200 and `error` in the body.

use reqwest::{Client, StatusCode};

use super::{
    clocks::Reading,
    finding::Finding,
    http::{Answer, apart, look, unexpected},
};
use crate::{
    clock::{self, Clock, Entropy},
    config::Config,
    keys,
};

const PARTY: &str = "VK ID";
const AUTHORIZE: &str = "vk.authorize_url";

pub(super) async fn examine(
    config: &Config,
    http: &Client,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
) -> (Vec<Finding>, Vec<Reading>) {
    if !config.messengers.vk {
        return (Vec::new(), Vec::new());
    }
    let vk = &config.vk;
    // Nobody was given it: as a code and as a token it is refused.
    let nothing = clock::token::<32>(entropy);
    let back = format!("{}/vk/callback", config.own_url());
    let page = http.get(vk.authorize_url.clone()).query(&[
        ("response_type", "code"),
        ("client_id", &vk.client_id),
        ("redirect_uri", &back),
        ("scope", &vk.scope),
        ("state", &nothing),
        ("code_challenge", &keys::s256(&nothing)),
        ("code_challenge_method", "S256"),
    ]);
    let tokens = http.post(vk.token_url.clone()).form(&[
        ("grant_type", "authorization_code"),
        ("code", &nothing),
        ("code_verifier", &nothing),
        ("client_id", &vk.client_id),
        ("device_id", &nothing),
        ("redirect_uri", &back),
        ("state", &nothing),
    ]);
    let with_token = [("client_id", vk.client_id.as_str()), ("access_token", &nothing)];
    let who = http.post(vk.user_info_url.clone()).form(&with_token);
    let revoke = http.post(vk.revoke_url.clone()).form(&with_token);
    let examined = tokio::join!(
        look(AUTHORIZE, PARTY, clock, page, |answer| page_of(answer, &back)),
        look("vk.token_url", PARTY, clock, tokens, |answer| refusal_of("vk.token_url", answer)),
        look("vk.user_info_url", PARTY, clock, who, |answer| refusal_of("vk.user_info_url", answer)),
        look("vk.revoke_url", PARTY, clock, revoke, |answer| refusal_of("vk.revoke_url", answer)),
    );
    apart(examined.into())
}

fn page_of(answer: &Answer, back: &str) -> Finding {
    match (answer.status, answer.error()) {
        (status, None) if status.is_success() || status.is_redirection() => {
            Finding::well(AUTHORIZE, "the sign-in page opens for this application")
        }
        (StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, _) | (_, Some(_)) => {
            Finding::wrong(
                AUTHORIZE,
                "the sign-in page does not know this application or its return address",
                format!("Set vk.client_id to the application's id, and add {back} to its addresses at VK ID"),
            )
        }
        _ => unexpected(AUTHORIZE, answer),
    }
}

fn refusal_of(check: &str, answer: &Answer) -> Finding {
    match answer.error().as_deref() {
        Some("invalid_client" | "unauthorized_client") => {
            let next = "Set vk.client_id to the application's id, as VK ID shows it";
            Finding::wrong(check, "VK ID does not know this application", next)
        }
        Some(_) if answer.status.is_success() || answer.status.is_client_error() => {
            Finding::well(check, "it answers, and refuses what nobody was given")
        }
        _ => unexpected(check, answer),
    }
}
