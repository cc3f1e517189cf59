//! `POST /v1/linkings/{id}/skip-max`: the link to the diary is enough for now.

use axum::{
    extract::{Path, State},
    response::Response,
};
use mostik_wire::{Linking, StepName, VersionBody};

use super::{after, for_change_at, must_have_changed, wrong_step};
use crate::{app::App, db::Tx, post::Post, refusal::Refusal};

/// Ends the linking without MAX, where the link to the diary stands; `…/max-link` goes back.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(post, path = "/v1/linkings/{id}/skip-max", tag = "linkings", request_body = VersionBody,
    params(("id" = String, Path, description = "The linking's id"), ("Idempotency-Key" = String, Header, description = "16 to 64 of `A-Z a-z 0-9 _ -`")),
    responses((status = 200, body = Linking)), security(("access_token" = [])))]
pub async fn skip_max(
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
    if !row.is_linked() {
        return Err(wrong_step(app, session, row)?);
    }
    let changed = sqlx::query(
        "UPDATE linkings SET step = 'linked', ticket_hash = NULL, sealed_ticket = NULL, max_user = NULL, opened_at = NULL,
             trouble = NULL, trouble_phone = NULL, version = version + 1, moved_at_version = version + 1, updated_at = $3
         WHERE id = $1 AND version = $2 AND step = 'max'",
    )
    .bind(id)
    .bind(row.version)
    .bind(app.now().0)
    .execute(&mut **tx)
    .await?;
    must_have_changed(app, session, tx, id, changed.rows_affected()).await?;
    after(app, session, tx, id).await
}
