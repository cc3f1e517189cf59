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
    let OfPupil { id, is_linked, mut changed } = of_pupil(app, tx, pupil, &session.account).await?;
    let linking = show(app, session.language, &by_id(tx, &id).await?)?;
    if is_linked {
        Err(Refusal::new(Code::AlreadyLinked).linking(linking))
    } else {
        changed.extend([id, pupil.clone()]);
        Ok((linking, changed))
    }
}

/// The linking that counts for a pupil.
pub struct OfPupil {
    /// Its id.
    pub id: String,
    /// It has linked the pupil.
    pub is_linked: bool,
    /// What listeners have to hear of: one that had lain still for too long was closed.
    pub changed: Vec<String>,
}

/// The linking that has linked the pupil, else the open one, begun now for the account if there is none.
pub async fn of_pupil(app: &App, tx: &mut Tx, pupil: &str, account: &str) -> Result<OfPupil, Refusal> {
    if let Some(id) = profiles::linking_of(tx, pupil).await? {
        return Ok(OfPupil { id, is_linked: true, changed: Vec::new() });
    }
    // The sweep may not have come yet.
    let idle = Selection::Idle { since: app.now().plus(-IDLE), of: Some(pupil) };
    let idle = linkings::find(tx, &idle).await?;
    let changed = act_on_all(app, tx, idle, || Action::Expire).await?;
    linkings::begin(tx, &app.new_id(), pupil, account, app.now()).await?;
    let open = linkings::open_of(tx, pupil).await?;
    let id = open.ok_or_else(|| Refusal::internal(&"a linking was begun that is not there"))?;
    Ok(OfPupil { id, is_linked: false, changed })
}
