//! `POST /v1/linkings/{id}/max-link`: a new ticket into MAX; the old one dies.

use axum::{
    extract::{Path, State},
    response::Response,
};
use mostik_wire::{Linking, StepName, VersionBody};

use super::{TICKET_LIFE, after, for_change, must_have_changed, wrong_step};
use crate::{app::App, db::Tx, post::Post, refusal::Refusal};

/// Renews the link into MAX.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(post, path = "/v1/linkings/{id}/max-link", tag = "linkings", request_body = VersionBody,
    params(("id" = String, Path, description = "The linking's id"), ("Idempotency-Key" = String, Header, description = "16 to 64 of `A-Z a-z 0-9 _ -`")),
    responses((status = 200, body = Linking)), security(("access_token" = [])))]
pub async fn max_link(
    State(app): State<App>,
    Path(id): Path<String>,
    post: Post<VersionBody>,
) -> Result<Response, Refusal> {
    let mut tx = post.begin(&app).await?;
    let result = work(&app, &mut tx, &id, &post).await;
    post.finish(&app, tx, result).await
}

async fn work(app: &App, tx: &mut Tx, id: &str, post: &Post<VersionBody>) -> Result<Linking, Refusal> {
    let row = for_change(app, tx, &post.session, id, post.body.version).await?;
    match row.step_name()? {
        StepName::Max => {}
        _ => return Err(wrong_step(app, row)?),
    }
    issue_ticket(app, tx, id, row.version).await?;
    after(app, tx, id).await
}

/// Puts a fresh ticket in the place of any older one.
pub(super) async fn issue_ticket(app: &App, tx: &mut Tx, id: &str, version: i64) -> Result<(), Refusal> {
    let ticket = crate::clock::token::<16>(&*app.entropy);
    let now = app.now();
    let changed = sqlx::query(
        "UPDATE linkings SET ticket_hash = $3, sealed_ticket = $4, ticket_expires_at = $5, max_user = NULL, opened_at = NULL,
             trouble = NULL, trouble_phone = NULL, version = version + 1, moved_at_version = version + 1, updated_at = $6
         WHERE id = $1 AND version = $2 AND step = 'max'",
    )
    .bind(id)
    .bind(version)
    .bind(app.keys.token_hash("ticket", &ticket))
    .bind(app.keys.seal(&*app.entropy, &ticket))
    .bind(now.plus(TICKET_LIFE).0)
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    must_have_changed(app, tx, id, changed.rows_affected()).await
}
