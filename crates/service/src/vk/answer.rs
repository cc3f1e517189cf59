//! `POST /vk/answer`: the person has said whether the account that VK ID named is to be bound.

use axum::{Form, extract::State, http::HeaderMap, response::Response};
use mostik_wire::{Messenger, VkTrouble};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Begun, Kept, outcome::Outcome};
use crate::{
    app::App,
    db::Tx,
    language::Language,
    linkings::{self, Account, Joined},
    profiles,
    refusal::Refusal,
};

/// What the page posts.
#[derive(Deserialize, ToSchema)]
pub struct Answer {
    /// What the page was given, for one use.
    question: String,
    /// `yes`; everything else is a no.
    answer: String,
}

/// Binds the account after a yes, tells the profile's people, and says how it ended; the app sees it by its events.
///
/// # Errors
/// `overloaded` or `internal` when the database does not answer.
#[utoipa::path(post, path = "/vk/answer", tag = "pages",
    request_body(content = Answer, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "A page: bound, or not as the person wished", content_type = "text/html"),
        (status = 400, description = "A page: no such question, or it was answered before", content_type = "text/html"),
        (status = 409, description = "A page: account or profile were taken meanwhile, or the linking has moved on", content_type = "text/html")))]
pub async fn answer(State(app): State<App>, headers: HeaderMap, Form(said): Form<Answer>) -> Result<Response, Refusal> {
    let mut tx = app.db.write().await?;
    let kept = Kept::take(&app, &mut tx, "answer_hash", app.keys.token_hash("vk_answer", &said.question)).await?;
    let Some((kept, account)) = kept.and_then(named) else {
        return Ok(Outcome::Stale.page(Language::of(&headers), None));
    };
    let Some(begun) = Begun::of(&mut tx, kept).await? else {
        tx.commit().await?;
        return Ok(Outcome::MovedOn.page(Language::of(&headers), None));
    };
    let outcome = if said.answer == "yes" {
        bind(&app, &mut tx, &begun, &account).await?
    } else {
        begun.fail(&app, &mut tx, VkTrouble::Refused).await?;
        Outcome::Refused
    };
    let row = linkings::by_id(&mut *tx, &begun.linking).await?;
    tx.commit().await?;
    app.announce(&begun.linking);
    Ok(outcome.page(begun.session.language, super::back(&app, row.as_ref())?.as_deref()))
}

async fn bind(app: &App, tx: &mut Tx, begun: &Begun, account: &Account) -> Result<Outcome, Refusal> {
    let Some(row) = begun.linking(tx).await? else { return Ok(Outcome::MovedOn) };
    Ok(match linkings::join(app, tx, Some(&begun.session), account, &row, &begun.profile).await? {
        Joined::Linked => {
            let name = account.name.as_deref().unwrap_or_default();
            profiles::tell_of_vk(app, &begun.session, tx, &begun.profile, name).await?;
            Outcome::Bound
        }
        Joined::AccountTaken => {
            begun.fail(app, tx, VkTrouble::AccountTaken).await?;
            Outcome::AccountTaken
        }
        Joined::ProfileTaken => Outcome::ProfileTaken,
    })
}

/// The account that VK ID has named, which is what an answer is about.
fn named(mut kept: Kept) -> Option<(Kept, Account)> {
    let (user, name) = (kept.vk_user?, kept.vk_name.take());
    Some((kept, Account { messenger: Messenger::Vk, user, name }))
}
