//! `POST /v1/sessions/end`: signing out elsewhere, or everywhere; and where an account is signed in.

use axum::{extract::State, response::Response};
use mostik_wire::{EndSessionsBody, Millis, SessionsEnded, SignedIn};

use crate::{app::App, db::Tx, post::Post, refusal::Refusal, session::Session};

/// Ends one session of the account, or all; their tokens are worth nothing from the next request on.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(post, path = "/v1/sessions/end", tag = "oauth", request_body = EndSessionsBody,
    params(("Idempotency-Key" = String, Header, description = "16 to 64 of `A-Z a-z 0-9 _ -`")),
    responses((status = 200, body = SessionsEnded)), security(("access_token" = [])))]
pub async fn end(State(app): State<App>, post: Post<EndSessionsBody>) -> Result<Response, Refusal> {
    let mut tx = post.begin(&app).await?;
    let result = work(&app, &mut tx, &post).await;
    post.finish(&app, tx, result.map(|ended| (ended, Vec::new()))).await
}

async fn work(app: &App, tx: &mut Tx, post: &Post<EndSessionsBody>) -> Result<SessionsEnded, Refusal> {
    // Another account's session is none of this one's: ending it ends nothing, and tells nothing.
    let ended = sqlx::query(
        "UPDATE sessions SET ended_at = $3 WHERE account_id = $1 AND ended_at IS NULL AND (id = $2 OR $2 IS NULL)",
    )
    .bind(&post.session.account)
    .bind(&post.body.session)
    .bind(app.now().0)
    .execute(&mut **tx)
    .await?;
    Ok(SessionsEnded { ended: u32::try_from(ended.rows_affected()).unwrap_or(u32::MAX) })
}

/// Where the session's account is signed in: this session first, the others by their last use.
///
/// # Errors
/// When the database does not answer.
pub async fn of_account(tx: &mut Tx, session: &Session) -> Result<Vec<SignedIn>, Refusal> {
    type Row = (String, Option<String>, i64, Option<i64>);
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT s.id, s.device, s.created_at, s.seen_at FROM sessions s
         WHERE s.account_id = $1 AND s.ended_at IS NULL AND s.generation > 0
           AND EXISTS (SELECT 1 FROM refresh_tokens t WHERE t.session_id = s.id AND t.rotated_at IS NULL)
         ORDER BY CASE WHEN s.id = $2 THEN 0 ELSE 1 END, s.seen_at DESC, s.id",
    )
    .bind(&session.account)
    .bind(&session.id)
    .fetch_all(&mut **tx)
    .await?;
    let signed_in = rows.into_iter().map(|(id, device, signed_in_at, seen_at)| SignedIn {
        present: id == session.id,
        id,
        device,
        signed_in_at: Millis(signed_in_at),
        seen_at: Millis(seen_at.unwrap_or(signed_in_at)),
    });
    Ok(signed_in.collect())
}
