//! `POST /v1/linkings/{id}/vk`: a new sign-in at VK ID; the one before it dies.

use axum::{
    extract::{Path, State},
    response::Response,
};
use mostik_wire::{Linking, VersionBody};

use super::{SIGN_IN_LIFE, may_be_bound};
use crate::{
    app::App,
    clock,
    db::Tx,
    linkings::{after, for_change, must_have_changed, wrong_step},
    post::Post,
    refusal::Refusal,
};

/// Makes the address at VK ID; it stands in the linking's step, for the system's browser.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(post, path = "/v1/linkings/{id}/vk", tag = "linkings", request_body = VersionBody,
    params(("id" = String, Path, description = "The linking's id"), ("Idempotency-Key" = String, Header, description = "16 to 64 of `A-Z a-z 0-9 _ -`")),
    responses((status = 200, body = Linking)), security(("access_token" = [])))]
pub async fn begin(
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
    if !app.config.messengers.vk || !may_be_bound(&row) {
        return Err(wrong_step(app, session, row)?);
    }
    let state = clock::token::<32>(&*app.entropy);
    let handle = clock::token::<16>(&*app.entropy);
    let now = app.now();
    sqlx::query(
        "INSERT INTO vk_sign_ins (linking_id, profile_id, session_id, language, state_hash, sealed_state, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (linking_id) DO UPDATE SET profile_id = $2, session_id = $3, language = $4, state_hash = $5,
             sealed_state = $6, answer_hash = NULL, vk_user = NULL, vk_name = NULL, expires_at = $7",
    )
    .bind(id)
    .bind(&row.profile_id)
    .bind(&session.id)
    .bind(session.language.tag())
    .bind(app.keys.token_hash("vk_state", &state))
    .bind(app.keys.seal(&*app.entropy, &state))
    .bind(now.plus(SIGN_IN_LIFE).0)
    .execute(&mut **tx)
    .await?;
    let changed = sqlx::query(
        "UPDATE linkings SET sealed_return_handle = $3, vk_trouble = NULL, version = version + 1, updated_at = $4
         WHERE id = $1 AND version = $2",
    )
    .bind(id)
    .bind(row.version)
    .bind(app.keys.seal(&*app.entropy, &handle))
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    must_have_changed(app, session, tx, id, changed.rows_affected()).await?;
    after(app, session, tx, id).await
}
