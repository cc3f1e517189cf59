//! `POST /v1/launches/accept`: the person says whose MAX account goes with whose diary.

use axum::{extract::State, response::Response};
use mostik_linking::Action;
use mostik_store::{
    Tx, accounts,
    launches::{self, LaunchKey},
};
use mostik_wire::{AcceptLaunchBody, Code, FullName, Linking};

use super::person;
use crate::{
    app::App,
    linkings::{self, Completed, OnBehalfOf},
    post::Post,
    refusal::Refusal,
};

/// Goes on with the pupil's linking, or begins one, at the step that the launch leads to: with a proven number at its
/// profile, else where MAX is asked for the number. A linking that waits for this very number in MAX is linked.
///
/// # Errors
/// `launch_unknown`, `launch_expired`, `launch_used`; `already_linked` where another MAX account is linked.
#[utoipa::path(post, path = "/v1/launches/accept", tag = "launches", request_body = AcceptLaunchBody,
    params(("Idempotency-Key" = String, Header, description = "16 to 64 of `A-Z a-z 0-9 _ -`")),
    responses((status = 200, body = Linking)), security(("access_token" = [])))]
pub async fn accept(State(app): State<App>, post: Post<AcceptLaunchBody>) -> Result<Response, Refusal> {
    let mut tx = post.begin(&app).await?;
    let result = work(&app, &mut tx, &post).await;
    post.finish(&app, tx, result).await
}

async fn work(app: &App, tx: &mut Tx, post: &Post<AcceptLaunchBody>) -> Result<(Linking, Vec<String>), Refusal> {
    let session = &post.session;
    let mut launch = None;
    for grant in app.live().keys.token_hashes("grant", post.body.grant.expose()) {
        if launch.is_none() {
            launch = launches::find(tx, LaunchKey::Grant(&grant)).await?;
        }
    }
    let launch = launch.ok_or_else(|| Refusal::new(Code::LaunchUnknown))?;
    if launch.accepted_at.is_some() {
        return Err(Refusal::new(Code::LaunchUsed));
    }
    if launch.grant.as_ref().is_none_or(|grant| app.now() >= grant.expires_at) {
        return Err(Refusal::new(Code::LaunchExpired));
    }
    if !accounts::sees(tx, &session.account, &post.body.pupil.0).await? {
        return Err(Refusal::new(Code::PupilNotYours));
    }
    if !launches::accept(tx, &launch.page.hash, app.now()).await? {
        return Err(Refusal::new(Code::LaunchUsed));
    }
    let person = person(app, &launch.sealed_person)?;
    let found = linkings::of_pupil(app, tx, &post.body.pupil.0, &session.account).await?;
    let loaded = linkings::by_id(tx, &found.id).await?;
    let name = FullName::new(&person.first_name, &person.last_name).masked();
    let action = Action::AcceptLaunch { user: launch.max_user, name, phone: person.phone };
    let Completed { loaded, mut changed, .. } =
        linkings::act(app, tx, OnBehalfOf::Session(session), loaded, action).await?;
    // It may have been begun just now.
    if changed.is_empty() {
        changed.extend([found.id, post.body.pupil.0.clone()]);
    }
    changed.extend(found.changed);
    Ok((linkings::show(app, session.language, &loaded)?, changed))
}
