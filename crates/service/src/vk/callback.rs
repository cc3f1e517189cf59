//! `GET /vk/callback`: VK ID sends the browser back; whoever sits there is asked whether that account is to be bound.

use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::Response,
};
use mostik_linking::{Account, Action, VK_SIGN_IN_LIFE};
use mostik_store::{
    linkings,
    presented::Presented,
    vk_sign_ins::{self, NewSignIn, SignInKey},
};
use mostik_wire::VkTrouble;
use serde::Deserialize;

use super::{
    id::{self, Asked},
    outcome::{Outcome, question},
    sign_in::{SignIn, back},
};
use crate::{app::App, clock, language::Language, presented::is_known, refusal::Refusal};

/// The query with which VK ID sends the browser back.
#[derive(Deserialize)]
pub struct VkAnswer {
    state: Option<String>,
    code: Option<String>,
    device_id: Option<String>,
    error: Option<String>,
}

/// Ends the sign-in at VK ID with a question to the person, or with what went wrong; the app is told of the latter.
#[utoipa::path(get, path = "/vk/callback", tag = "pages", params(
        ("state" = Option<String>, Query, description = "Ours"), ("code" = Option<String>, Query, description = "VK ID's one-time code"),
        ("device_id" = Option<String>, Query, description = "What VK ID wants back with the code"),
        ("error" = Option<String>, Query, description = "VK ID's refusal")),
    responses((status = 200, description = "A page: the question, or that the person said no to VK ID", content_type = "text/html"),
        (status = 400, description = "A page: no such sign-in, or it took too long", content_type = "text/html"),
        (status = 409, description = "A page: the account is another profile's, or the linking has moved on", content_type = "text/html"),
        (status = 502, description = "A page: VK ID does not answer", content_type = "text/html")))]
pub async fn callback(
    State(app): State<App>,
    headers: HeaderMap,
    Query(answer): Query<VkAnswer>,
) -> Result<Response, Refusal> {
    let state = answer.state.unwrap_or_default();
    let Some((begun, asked)) = take(&app, &state).await? else {
        return Ok(Outcome::Stale.page(Language::of(&headers), None));
    };
    let account = match (answer.code, answer.device_id, answer.error.as_deref()) {
        (Some(code), Some(device), None) => id::account(&app, &asked, &state, &code, &device).await,
        (_, _, Some("access_denied")) => return failed(&app, &begun, VkTrouble::Refused).await,
        (_, _, other) => {
            tracing::warn!(known = other.is_some(), "VK ID ended a sign-in without a code");
            return failed(&app, &begun, VkTrouble::Unavailable).await;
        }
    };
    match account {
        Ok(account) => ask(&app, &begun, &account).await,
        Err(fault) => {
            tracing::warn!(%fault, "a sign-in failed");
            failed(&app, &begun, VkTrouble::Unavailable).await
        }
    }
}

async fn take(app: &App, state: &str) -> Result<Option<(SignIn, Asked)>, Refusal> {
    if !is_known(app, Presented::VkState, state).await? {
        return Ok(None);
    }
    let mut tx = app.store.write().await?;
    let mut begun = None;
    let live = app.live();
    for key in live.keys.readable() {
        let hash = key.token_hash("vk_state", state);
        if let Some(taken) = vk_sign_ins::take(&mut tx, SignInKey::State(&hash), app.now()).await? {
            let asked = Asked {
                client: taken.client_id.clone().unwrap_or_else(|| live.config.vk.client_id.clone()),
                verifier: key.verifier(state),
            };
            begun = SignIn::of(&mut tx, taken).await?.map(|begun| (begun, asked));
            break;
        }
    }
    tx.commit().await?;
    Ok(begun)
}

async fn failed(app: &App, begun: &SignIn, trouble: VkTrouble) -> Result<Response, Refusal> {
    let mut tx = app.store.write().await?;
    let present = linkings::load(&mut tx, &begun.linking).await?;
    let done = match begun.linking(&mut tx).await? {
        Some(loaded) => begun.act(app, &mut tx, loaded, Action::FailVk { trouble }).await?.ok(),
        None => None,
    };
    tx.commit().await?;
    let changed = done.as_ref().map(|done| done.changed.clone()).unwrap_or_default();
    app.publish_changes(&changed);
    let loaded = done.map(|done| done.loaded).or(present);
    Ok(Outcome::of(trouble).page(begun.session.language, back(app, loaded.as_ref())?.as_deref()))
}

async fn ask(app: &App, begun: &SignIn, account: &Account) -> Result<Response, Refusal> {
    let mut tx = app.store.write().await?;
    let language = begun.session.language;
    let Some(loaded) = begun.linking(&mut tx).await? else { return Ok(Outcome::MovedOn.page(language, None)) };
    let begun_anew = loaded.vk.is_some();
    let done = match begun.act(app, &mut tx, loaded, Action::NameVkAccount { user: account.user }).await? {
        Ok(done) => done,
        Err(Outcome::MovedOn) if begun_anew => return Ok(Outcome::Stale.page(language, None)),
        Err(outcome) => return Ok(outcome.page(language, None)),
    };
    if let Some(trouble) = done.loaded.linking.step.vk_trouble() {
        tx.commit().await?;
        app.publish_changes(&done.changed);
        return Ok(Outcome::of(trouble).page(language, back(app, Some(&done.loaded))?.as_deref()));
    }
    let answer = clock::token::<32>(&*app.entropy);
    let hash = app.live().keys.token_hash("vk_answer", &answer);
    let new = NewSignIn {
        linking: &begun.linking,
        profile: &begun.profile,
        session: &begun.session.id,
        language: language.tag(),
        hash: &hash,
        expires_at: app.now().plus(VK_SIGN_IN_LIFE),
    };
    vk_sign_ins::ask(&mut tx, &new, account.user, account.name.as_deref()).await?;
    tx.commit().await?;
    app.publish_changes(&done.changed);
    question(language, &done.loaded, account.name.as_deref().unwrap_or_default(), &answer)
}
