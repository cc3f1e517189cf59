//! The diary: its sign-in page, its tokens and its API, asked as nobody who is signed in.

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

const PARTY: &str = "the diary";
const AUTHORIZE: &str = "diary.authorize_url";
const TOKEN: &str = "diary.token_url";

pub(super) async fn examine(
    config: &Config,
    http: &Client,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
) -> (Vec<Finding>, Vec<Reading>) {
    let diary = &config.diary;
    let state = clock::token::<32>(entropy);
    let back = format!("{}/diary/callback", config.own_url());
    let page = http.get(diary.authorize_url.clone()).query(&[
        ("response_type", "code"),
        ("client_id", &diary.client_id),
        ("redirect_uri", &back),
        ("scope", &diary.scope),
        ("state", &state),
        ("code_challenge", &keys::s256(&state)),
        ("code_challenge_method", "S256"),
    ]);
    // A code that nobody was given: who knows the client says that of the code.
    let tokens = http
        .post(diary.token_url.clone())
        .basic_auth(&diary.client_id, Some(&diary.client_secret))
        .header("accept", "application/json")
        .form(&[
            ("grant_type", "authorization_code"),
            ("code", &state),
            ("redirect_uri", &back),
            ("code_verifier", &state),
        ]);
    let api = |url: &url::Url, path: &str| http.get(format!("{}/{path}", url.as_str().trim_end_matches('/')));
    let examined = tokio::join!(
        look(AUTHORIZE, PARTY, clock, page, |answer| page_of(answer, &back)),
        look(TOKEN, PARTY, clock, tokens, tokens_of),
        look("diary.api_url", PARTY, clock, api(&diary.api_url, "web/v1/profile"), |a| api_of("diary.api_url", a)),
        look("diary.calendar_url", PARTY, clock, api(&diary.calendar_url, "v1/api/events"), |a| {
            api_of("diary.calendar_url", a)
        }),
    );
    apart(examined.into())
}

fn page_of(answer: &Answer, back: &str) -> Finding {
    let unknown = || {
        let next = format!("Have the diary's operator register diary.client_id with the address {back}");
        Finding::wrong(AUTHORIZE, "the sign-in page does not know this client or its return address", next)
    };
    match (answer.status, answer.error()) {
        (_, Some(error)) => {
            let next = "Compare diary.client_id and diary.scope with what its operator registered";
            Finding::wrong(AUTHORIZE, format!("the sign-in page refuses with {error}"), next)
        }
        (status, None) if status.is_success() || status.is_redirection() => {
            Finding::well(AUTHORIZE, "the sign-in page opens for this client")
        }
        (StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, None) => unknown(),
        _ => unexpected(AUTHORIZE, answer),
    }
}

fn tokens_of(answer: &Answer) -> Finding {
    match (answer.status, answer.error().as_deref()) {
        (StatusCode::UNAUTHORIZED, _) | (_, Some("invalid_client" | "unauthorized_client")) => {
            let next = "Set diary.client_id and diary.client_secret to what the diary's operator gave";
            Finding::wrong(TOKEN, "the diary does not know this client, or its secret is another", next)
        }
        (StatusCode::BAD_REQUEST, Some("invalid_grant" | "invalid_request")) => {
            Finding::well(TOKEN, "it knows this client and its secret")
        }
        _ => unexpected(TOKEN, answer),
    }
}

fn api_of(check: &str, answer: &Answer) -> Finding {
    let asks_who = matches!(answer.status, StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
    if asks_who { Finding::well(check, "it answers, and asks who is signed in") } else { unexpected(check, answer) }
}
