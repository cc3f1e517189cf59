//! `POST /v1/linkings/{id}/max-number`: the number that MAX has proven, in place of the one that it should have been.

use axum::{
    extract::{Path, State},
    response::Response,
};
use mostik_wire::{Linking, StepName, VersionBody};

use super::{after, for_change_at, in_max::number_proven, wrong_step};
use crate::{app::App, db::Tx, post::Post, refusal::Refusal};

/// Takes the number of the MAX account that answered (`number_differs` with `usable`): MAX has proven it, so no code is sent.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(post, path = "/v1/linkings/{id}/max-number", tag = "linkings", request_body = VersionBody,
    params(("id" = String, Path, description = "The linking's id"), ("Idempotency-Key" = String, Header, description = "16 to 64 of `A-Z a-z 0-9 _ -`")),
    responses((status = 200, body = Linking)), security(("access_token" = [])))]
pub async fn max_number(
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
    let row = for_change_at(app, session, tx, id, post.body.version, StepName::Max).await?;
    let (Some(user), Some(phone)) = (row.max_user, row.usable_phone(app)?) else {
        return Err(wrong_step(app, session, row)?);
    };
    number_proven(app, tx, user, &row, &phone).await?;
    after(app, session, tx, id).await
}
