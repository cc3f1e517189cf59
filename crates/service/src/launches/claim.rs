//! `POST /v1/launches/claim`: a handle becomes a launch in the hands of one app. No session: the person may have to sign in
//! first, and the handle lives for a minute.

use axum::{Json, extract::State};
use mostik_wire::{ClaimLaunchBody, Code, Launch};

use super::{GRANT_LIFE, Row};
use crate::{app::App, clock::is_token, post::Body, refusal::Refusal};

/// Spends the handle. The same claim once more, its answer having been lost, gets the same answer. A phone that opens the
/// page's own address in the app claims with what that address bears.
///
/// # Errors
/// `launch_unknown`, `launch_expired`, `launch_used`; `malformed_request`.
#[utoipa::path(post, path = "/v1/launches/claim", tag = "launches", request_body = ClaimLaunchBody,
    responses((status = 200, body = Launch)))]
pub async fn claim(State(app): State<App>, Body(body): Body<ClaimLaunchBody>) -> Result<Json<Launch>, Refusal> {
    if !is_token(body.grant.expose()) {
        return Err(Refusal::new(Code::MalformedRequest).detail("grant: 22 characters of base64url are expected"));
    }
    if !is_token(body.handle.expose()) {
        return Err(Refusal::new(Code::LaunchUnknown));
    }
    let now = app.now();
    let grant = app.keys.token_hash("grant", body.grant.expose());
    let handle = app.keys.token_hash("handle", body.handle.expose());
    let door = app.keys.token_hash("door", body.handle.expose());
    // Read first: who guesses must not make the others wait for the one writer.
    let known: Option<i64> = sqlx::query_scalar("SELECT 1 FROM launches WHERE handle_hash = $1 OR door_hash = $2")
        .bind(&handle)
        .bind(&door)
        .fetch_optional(app.db.read())
        .await?;
    known.ok_or_else(|| Refusal::new(Code::LaunchUnknown))?;
    let mut tx = app.db.write().await?;
    let row: Option<Row> = sqlx::query_as("SELECT * FROM launches WHERE handle_hash = $1 OR door_hash = $2")
        .bind(&handle)
        .bind(&door)
        .fetch_optional(&mut *tx)
        .await?;
    let row = row.ok_or_else(|| Refusal::new(Code::LaunchUnknown))?;
    match &row.grant_hash {
        Some(known) if *known == grant && row.accepted_at.is_none() => return Ok(Json(row.launch(&app)?)),
        Some(_) => return Err(Refusal::new(Code::LaunchUsed)),
        None => {}
    }
    let by_handle = row.handle_hash.as_ref() == Some(&handle);
    if now.0 >= row.handle_expires_at.filter(|_| by_handle).unwrap_or(row.door_expires_at) {
        return Err(Refusal::new(Code::LaunchExpired));
    }
    let expires_at = now.plus(GRANT_LIFE);
    sqlx::query("UPDATE launches SET grant_hash = $2, grant_expires_at = $3 WHERE door_hash = $1")
        .bind(&row.door_hash)
        .bind(grant)
        .bind(expires_at.0)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(Json(Row { grant_expires_at: Some(expires_at.0), ..row }.launch(&app)?))
}
