//! `POST /v1/linkings/{id}/former`: the profile that the pupil was linked to before.

use axum::{
    extract::{Path, State},
    response::Response,
};
use mostik_wire::{Linking, StepName, VersionBody};

use super::{
    after, for_change_at,
    send_code::{Awaited, send_code},
    wrong_step,
};
use crate::{app::App, db::Tx, post::Post, refusal::Refusal};

/// Sends a code to the contact of the pupil's former profile: who reads it there signs in to that profile again.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(post, path = "/v1/linkings/{id}/former", tag = "linkings", request_body = VersionBody,
    params(("id" = String, Path, description = "The linking's id"), ("Idempotency-Key" = String, Header, description = "16 to 64 of `A-Z a-z 0-9 _ -`")),
    responses((status = 200, body = Linking)), security(("access_token" = [])))]
pub async fn former(
    State(app): State<App>,
    Path(id): Path<String>,
    post: Post<VersionBody>,
) -> Result<Response, Refusal> {
    let mut tx = post.begin(&app).await?;
    let result = work(&app, &mut tx, &id, &post).await;
    post.finish(&app, tx, result).await
}

async fn work(app: &App, tx: &mut Tx, id: &str, post: &Post<VersionBody>) -> Result<Linking, Refusal> {
    let session = &post.session;
    let row = for_change_at(app, session, tx, id, post.body.version, StepName::Contact).await?;
    let Some(contact) = row.former_contact()? else {
        return Err(wrong_step(app, session, row)?);
    };
    send_code(app, session, tx, &row, &contact, Awaited::Former).await?;
    after(app, session, tx, id).await
}
