//! VK ID's side: its address, tokens for a code, and who signed in. It refuses with status 200 and `error` in the body.

use mostik_linking::Account;
use mostik_wire::{FullName, Messenger};
use reqwest::{RequestBuilder, header::ACCEPT_LANGUAGE};
use serde::{Deserialize, de::DeserializeOwned};
use tracing::Instrument;

use crate::{
    app::App,
    keys::{self, Unsealable},
    metrics::{CallOutcome, Provider},
    traces, upstream,
};

/// Why VK ID named nobody; for the log, without anything of a person's.
#[derive(Debug, thiserror::Error)]
#[error("VK ID: {0}")]
pub(super) struct Fault(String);

#[derive(Deserialize)]
#[serde(untagged)]
enum Answer<T> {
    Refused { error: String },
    Given(T),
}

#[derive(Deserialize)]
struct Tokens {
    access_token: String,
    state: Option<String>,
}

#[derive(Deserialize)]
struct UserInfo {
    user: User,
}

#[derive(Deserialize)]
struct User {
    // A text here, a number beside the tokens.
    user_id: serde_json::Value,
    #[serde(default)]
    first_name: String,
    #[serde(default)]
    last_name: String,
}

/// The address that is registered at VK ID.
#[must_use]
pub fn address(app: &App) -> String {
    format!("{}/vk/callback", app.public_url)
}

/// As whom VK ID was asked, and with what. Both are those of the moment at which the sign-in was begun: they may have been changed since.
pub(super) struct Asked {
    /// The client.
    pub(super) client: String,
    /// The PKCE verifier.
    pub(super) verifier: String,
}

/// VK ID's page for a `state` of ours, sealed, and the client as whom it is asked.
///
/// # Errors
/// When the state does not open.
pub(crate) fn authorize_url(app: &App, sealed_state: &str, client: Option<&str>) -> Result<String, Unsealable> {
    let live = app.live();
    let vk = &live.config.vk;
    let state = &live.keys.open(sealed_state)?;
    // The seal and the hash of a state are made with one key.
    let verifier = live.keys.of(sealed_state).ok_or(Unsealable)?.verifier(state);
    let mut to = vk.authorize_url.clone();
    to.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", client.unwrap_or(&vk.client_id))
        .append_pair("redirect_uri", &address(app))
        .append_pair("scope", &vk.scope)
        .append_pair("state", state)
        .append_pair("code_challenge", &keys::s256(&verifier))
        .append_pair("code_challenge_method", "S256");
    Ok(to.into())
}

/// Who signed in, for the code that the browser brought. The tokens that this takes are given back at once.
pub(super) async fn account(app: &App, asked: &Asked, state: &str, code: &str, device: &str) -> Result<Account, Fault> {
    let live = app.live();
    let vk = &live.config.vk;
    let tokens: Tokens = answer(
        app,
        app.http.post(vk.token_url.clone()).form(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("code_verifier", &asked.verifier),
            ("client_id", &asked.client),
            ("device_id", device),
            ("redirect_uri", &address(app)),
            ("state", state),
        ]),
    )
    .await?;
    if tokens.state.is_some_and(|same| same != state) {
        return Err(Fault("tokens for another state".into()));
    }
    let form = [("client_id", asked.client.as_str()), ("access_token", tokens.access_token.as_str())];
    // Without it VK ID spells Russian names in Latin letters, and the person would not know them again.
    let ask = app.http.post(vk.user_info_url.clone()).header(ACCEPT_LANGUAGE, "ru");
    let info: Result<UserInfo, Fault> = answer(app, ask.form(&form)).await;
    if let Err(error) = app.http.post(vk.revoke_url.clone()).form(&form).send().await {
        tracing::warn!(error = %error.without_url(), "VK ID did not take its tokens back; they end by themselves");
    }
    let user = info?.user;
    let user_id = match &user.user_id {
        serde_json::Value::String(digits) => digits.parse().ok(),
        number => number.as_i64(),
    };
    let user_id = user_id.filter(|id| *id > 0).ok_or_else(|| Fault("a user_id that is none".into()))?;
    let name = FullName::new(&user.first_name, &user.last_name).masked();
    if name.is_empty() {
        return Err(Fault("a person without a name".into()));
    }
    Ok(Account { messenger: Messenger::Vk, user: user_id, name: Some(name) })
}

async fn answer<T: DeserializeOwned>(app: &App, request: RequestBuilder) -> Result<T, Fault> {
    let call = traces::call(Provider::Vk);
    let answer = ask(app, request).instrument(call.clone()).await;
    let outcome = match &answer {
        Ok(Answer::Given(_)) => CallOutcome::Ok,
        Ok(Answer::Refused { .. }) => CallOutcome::Refused,
        Err(_) => CallOutcome::Failed,
    };
    app.metrics.called(Provider::Vk, outcome);
    traces::called(&call, outcome);
    match answer? {
        Answer::Given(given) => Ok(given),
        // A name of the standard; anything longer is not worth a line of the log.
        Answer::Refused { error } => Err(Fault(format!("refused with {:.40}", error))),
    }
}

async fn ask<T: DeserializeOwned>(app: &App, request: RequestBuilder) -> Result<Answer<T>, Fault> {
    let response = request.send().await.map_err(|e| Fault(e.without_url().to_string()))?;
    let status = response.status();
    if !status.is_success() {
        return Err(Fault(format!("status {status}")));
    }
    upstream::json(app, response).await.map_err(Fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_with_status_200_is_no_success() {
        let refused = r#"{"error":"invalid_grant","error_description":"x","access_token":"t","state":"s"}"#;
        assert!(
            matches!(serde_json::from_str(refused), Ok(Answer::<Tokens>::Refused { error }) if error == "invalid_grant")
        );
        assert!(serde_json::from_str::<Answer<Tokens>>(r#"{"response":1}"#).is_err());
        let given = r#"{"access_token":"t","user_id":1,"state":"s"}"#;
        assert!(
            matches!(serde_json::from_str(given), Ok(Answer::<Tokens>::Given(tokens)) if tokens.access_token == "t")
        );
    }
}
