//! `POST /v1/linkings`: begin, or get the open one back.

use axum::{extract::State, response::Response};
use mostik_wire::{Code, CreateLinkingBody, Linking, Problem};

use super::after;
use crate::{app::App, db::Tx, post::Post, refusal::Refusal};

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

async fn work(app: &App, tx: &mut Tx, post: &Post<CreateLinkingBody>) -> Result<Linking, Refusal> {
    let session = &post.session;
    let pupil = &post.body.pupil.0;
    if !session.sees(tx, pupil).await? {
        return Err(Refusal::new(Code::PupilNotYours));
    }
    let (id, linked) = of_pupil(app, tx, pupil).await?;
    let linking = after(app, session, tx, &id).await?;
    if linked { Err(Refusal::new(Code::AlreadyLinked).linking(linking)) } else { Ok(linking) }
}

/// The linking that has linked the pupil (`true`), else the open one, begun now if there is none.
///
/// # Errors
/// When the database does not answer.
pub async fn of_pupil(app: &App, tx: &mut Tx, pupil: &str) -> Result<(String, bool), Refusal> {
    let linked: Option<String> = sqlx::query_scalar("SELECT linking_id FROM links WHERE pupil_id = $1")
        .bind(pupil)
        .fetch_optional(&mut **tx)
        .await?;
    if let Some(id) = linked {
        return Ok((id, true));
    }
    crate::sweep::close_idle(app, tx).await?;
    sqlx::query(
        "INSERT INTO linkings (id, pupil_id, version, moved_at_version, step, created_at, updated_at)
         VALUES ($1, $2, 1, 1, 'contact', $3, $3)
         ON CONFLICT (pupil_id) WHERE step NOT IN ('linked', 'closed') DO NOTHING",
    )
    .bind(app.new_id())
    .bind(pupil)
    .bind(app.now().0)
    .execute(&mut **tx)
    .await?;
    let id = sqlx::query_scalar("SELECT id FROM linkings WHERE pupil_id = $1 AND step NOT IN ('linked', 'closed')")
        .bind(pupil)
        .fetch_one(&mut **tx)
        .await?;
    Ok((id, false))
}
