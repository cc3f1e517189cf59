//! `POST /v1/linkings`: begin, or get the open one back.

use axum::{extract::State, response::Response};
use mostik_linking::Action;
use mostik_store::{Tx, accounts, linkings, linkings::Selection, profiles};
use mostik_wire::{Code, CreateLinkingBody, Linking, Problem};

use super::{act::act_on_all, load::by_id, show::show};
use crate::{app::App, post::Post, refusal::Refusal, sweep::IDLE};

/// Begins a linking for a pupil, or answers with the open one.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(post, path = "/v1/linkings", tag = "linkings", request_body = CreateLinkingBody,
    params(("Idempotency-Key" = String, Header, description = "16 to 64 of `A-Z a-z 0-9 _ -`")),
    responses((status = 200, body = Linking), (status = 409, body = Problem, content_type = "application/problem+json")), security(("access_token" = [])))]
pub async fn create(State(app): State<App>, post: Post<CreateLinkingBody>) -> Result<Response, Refusal> {
    let mut tx = post.begin(&app).await?;
    let result = work(&app, &mut tx, &post).await;
    post.finish(&app, tx, result).await
}

async fn work(app: &App, tx: &mut Tx, post: &Post<CreateLinkingBody>) -> Result<(Linking, Vec<String>), Refusal> {
    let (session, pupil) = (&post.session, &post.body.pupil.0);
    if !accounts::sees(tx, &session.account, pupil).await? {
        return Err(Refusal::new(Code::PupilNotYours));
    }
    let (id, linked) = of_pupil(app, tx, pupil, &session.account).await?;
    let linking = show(app, session.language, &by_id(tx, &id).await?)?;
    if linked {
        Err(Refusal::new(Code::AlreadyLinked).linking(linking))
    } else {
        Ok((linking, vec![id, pupil.clone()]))
    }
}

/// The linking that has linked the pupil (`true`), else the open one, begun now for the account if there is none.
pub async fn of_pupil(app: &App, tx: &mut Tx, pupil: &str, account: &str) -> Result<(String, bool), Refusal> {
    if let Some(id) = profiles::linking_of(tx, pupil).await? {
        return Ok((id, true));
    }
    // The pupil's own may have lain still for too long, and the sweep has not come yet.
    let idle = linkings::find(tx, &Selection::IdleSince(app.now().plus(-IDLE))).await?;
    act_on_all(app, tx, idle, || Action::Expire).await?;
    linkings::begin(tx, &app.new_id(), pupil, account, app.now()).await?;
    let open = linkings::open_of(tx, pupil).await?;
    Ok((open.ok_or_else(|| Refusal::internal(&"a linking was begun that is not there"))?, false))
}
