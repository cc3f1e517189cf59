//! `POST /v1/linkings/{id}/max-proof`: MAX proves the number in place of an SMS.

use axum::{
    extract::{Path, State},
    response::Response,
};
use mostik_wire::{Linking, StepName, VersionBody};

use super::{after, for_change, max_link::to_max_proof, wrong_step};
use crate::{app::App, db::Tx, max, outbox, post::Post, refusal::Refusal};

/// Asks MAX which number is the person's: a ticket into MAX, and no message to any number. What was typed or sent before is
/// put aside.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(post, path = "/v1/linkings/{id}/max-proof", tag = "linkings", request_body = VersionBody,
    params(("id" = String, Path, description = "The linking's id"), ("Idempotency-Key" = String, Header, description = "16 to 64 of `A-Z a-z 0-9 _ -`")),
    responses((status = 200, body = Linking)), security(("access_token" = [])))]
pub async fn max_proof(
    State(app): State<App>,
    Path(id): Path<String>,
    post: Post<VersionBody>,
) -> Result<Response, Refusal> {
    // Asked before the database is made to wait: an SMS is the other way.
    if let Err(refusal) = max::answers(&app).await {
        return Err(post.refuse(&app, refusal).await);
    }
    let mut tx = post.begin(&app).await?;
    let result = work(&app, &mut tx, &id, &post).await;
    post.finish(&app, tx, result).await
}

async fn work(app: &App, tx: &mut Tx, id: &str, post: &Post<VersionBody>) -> Result<Linking, Refusal> {
    let session = &post.session;
    let row = for_change(app, session, tx, id, post.body.version).await?;
    match row.step_name()? {
        StepName::Linked | StepName::Closed => return Err(wrong_step(app, session, row)?),
        // The link to the diary stands already.
        StepName::Max if row.is_linked() => return Err(wrong_step(app, session, row)?),
        _ => {}
    }
    outbox::drop_codes_of(tx, id).await?;
    to_max_proof(app, session, tx, &row).await?;
    after(app, session, tx, id).await
}
