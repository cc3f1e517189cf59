//! `POST /vk/answer`: the person has said whether the account that VK ID named is to be bound.

use axum::{extract::State, http::HeaderMap, response::Response};
use mostik_linking::{Action, Step};
use mostik_store::{
    linkings,
    presented::Presented,
    vk_sign_ins::{self, SignInKey},
};
use mostik_wire::VkTrouble;
use utoipa::ToSchema;

use super::{
    outcome::Outcome,
    sign_in::{SignIn, back},
};
use crate::{
    app::App, language::Language, linkings::Completed, oauth::token::Form, presented::is_known, refusal::Refusal,
};

/// What the page posts.
#[derive(ToSchema)]
#[expect(dead_code, reason = "the document alone reads it: a form's fields are taken one by one")]
pub struct Answer {
    /// What the page was given, for one use.
    question: String,
    /// `yes`; everything else is a no.
    answer: String,
}

/// Binds the account after a yes, tells the profile's people, and says how it ended; the app sees it by its events.
#[utoipa::path(post, path = "/vk/answer", tag = "pages",
    request_body(content = Answer, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "A page: bound, or not as the person wished", content_type = "text/html"),
        (status = 400, description = "A page: no such question, or it was answered before", content_type = "text/html"),
        (status = 409, description = "A page: account or profile were taken meanwhile, or the linking has moved on", content_type = "text/html")))]
pub async fn answer(State(app): State<App>, headers: HeaderMap, said: Form) -> Result<Response, Refusal> {
    let question = said.one("question").unwrap_or_default();
    if !is_known(&app, Presented::VkQuestion, question).await? {
        return Ok(Outcome::Stale.page(Language::of(&headers), None));
    }
    let mut tx = app.store.write().await?;
    let mut taken = None;
    for hash in app.live().keys.token_hashes("vk_answer", question) {
        if taken.is_none() {
            taken = vk_sign_ins::take(&mut tx, SignInKey::Answer(&hash), app.now()).await?;
        }
    }
    let Some((user, taken)) = taken.and_then(|taken| Some((taken.vk_user?, taken))) else {
        return Ok(Outcome::Stale.page(Language::of(&headers), None));
    };
    let name = taken.vk_name.clone();
    let Some(begun) = SignIn::of(&mut tx, taken).await? else {
        tx.commit().await?;
        return Ok(Outcome::MovedOn.page(Language::of(&headers), None));
    };
    let yes = said.one("answer") == Some("yes");
    let action = if yes { Action::BindVk { user, name } } else { Action::FailVk { trouble: VkTrouble::Refused } };
    let done = match begun.linking(&mut tx).await? {
        Some(loaded) => begun.act(&app, &mut tx, loaded, action).await?,
        None => Err(Outcome::MovedOn),
    };
    let outcome = match &done {
        _ if !yes => Outcome::Refused,
        Err(outcome) => *outcome,
        Ok(done) => match &done.loaded.linking.step {
            Step::Linked(_) if is_bound(done) => Outcome::Bound,
            Step::Taken { .. } => Outcome::ProfileTaken,
            step => step.vk_trouble().map_or(Outcome::MovedOn, Outcome::of),
        },
    };
    let loaded = match done {
        Ok(done) => {
            tx.commit().await?;
            app.publish_changes(&done.changed);
            Some(done.loaded)
        }
        Err(_) => {
            let loaded = linkings::load(&mut tx, &begun.linking).await?;
            tx.commit().await?;
            loaded
        }
    };
    Ok(outcome.page(begun.session.language, back(&app, loaded.as_ref())?.as_deref()))
}

fn is_bound(done: &Completed) -> bool {
    done.loaded.profile.as_ref().is_some_and(|profile| profile.facts.in_vk)
}
