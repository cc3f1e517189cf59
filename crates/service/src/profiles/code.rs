//! `POST /v1/pupils/{id}/profile/code`: a code that proves that the linked profile is the person's.

use axum::{
    extract::{Path, State},
    response::Response,
};
use mostik_wire::{Profile, ProfileBody};

use super::held::Held;
use crate::{
    app::App,
    db::Tx,
    linkings::{Purpose, make_code},
    post::Post,
    refusal::Refusal,
};

/// Sends a code to the contact that the profile was linked by. Counted apart from the codes of linkings.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(post, path = "/v1/pupils/{id}/profile/code", tag = "profiles", request_body = ProfileBody,
    params(("id" = String, Path, description = "The pupil's id"), ("Idempotency-Key" = String, Header, description = "16 to 64 of `A-Z a-z 0-9 _ -`")),
    responses((status = 200, body = Profile)), security(("access_token" = [])))]
pub async fn code(
    State(app): State<App>,
    Path(id): Path<String>,
    post: Post<ProfileBody>,
) -> Result<Response, Refusal> {
    let mut tx = post.begin(&app).await?;
    let result = work(&app, &mut tx, &id, &post).await;
    post.finish(&app, tx, result).await
}

async fn work(app: &App, tx: &mut Tx, pupil: &str, post: &Post<ProfileBody>) -> Result<Profile, Refusal> {
    let session = &post.session;
    let held = Held::meant(session, tx, pupil, &post.body.profile).await?;
    let row = &held.linking;
    let made = make_code(app, session, tx, row, &row.contact()?, Purpose::Owner).await?;
    sqlx::query(
        "UPDATE linkings SET nth = $2, resend_at = $3, delivery = 'queued', version = version + 1, updated_at = $4 WHERE id = $1",
    )
    .bind(&row.id)
    .bind(made.nth)
    .bind(made.resend_at.0)
    .bind(app.now().0)
    .execute(&mut **tx)
    .await?;
    Held::of(session, tx, pupil).await?.profile(app)
}
