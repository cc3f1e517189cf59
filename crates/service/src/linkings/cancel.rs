//! `POST /v1/linkings/{id}/cancel`.

use axum::{
    extract::{Path, State},
    response::Response,
};
use mostik_wire::{Linking, StepName, VersionBody};

use super::{after, for_change, must_have_changed, wrong_step};
use crate::{app::App, db::Tx, outbox, post::Post, refusal::Refusal};

/// Ends the linking without a link.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(post, path = "/v1/linkings/{id}/cancel", tag = "linkings", request_body = VersionBody,
    params(("id" = String, Path, description = "The linking's id"), ("Idempotency-Key" = String, Header, description = "16 to 64 of `A-Z a-z 0-9 _ -`")),
    responses((status = 200, body = Linking)), security(("access_token" = [])))]
pub async fn cancel(
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
    let row = for_change(app, session, tx, id, post.body.version).await?;
    match row.step_name()? {
        // The link to the diary stands already: there is nothing left to call off.
        StepName::Max if row.is_linked() => return Err(wrong_step(app, session, row)?),
        StepName::Linked | StepName::Closed => return Err(wrong_step(app, session, row)?),
        _ => {}
    }
    outbox::drop_codes_of(tx, id).await?;
    let changed = sqlx::query(
        "UPDATE linkings SET step = 'closed', closed_reason = 'cancelled', channel = NULL, contact = NULL, password_hash = NULL, ticket_hash = NULL, sealed_ticket = NULL,
             version = version + 1, moved_at_version = version + 1, updated_at = $3
         WHERE id = $1 AND version = $2 AND step NOT IN ('linked', 'closed')",
    )
    .bind(id)
    .bind(row.version)
    .bind(app.now().0)
    .execute(&mut **tx)
    .await?;
    must_have_changed(app, session, tx, id, changed.rows_affected()).await?;
    after(app, session, tx, id).await
}
