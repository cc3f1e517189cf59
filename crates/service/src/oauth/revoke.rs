//! `POST /oauth/revoke` (RFC 7009): sign out. Either token ends the session with all its tokens.

use axum::{extract::State, http::StatusCode};

use super::token::{Form, end};
use crate::{app::App, refusal::Refusal};

/// Ends the session that a token belongs to; unknown tokens are answered alike.
///
/// # Errors
/// `overloaded` or `internal` when the database does not answer.
#[utoipa::path(post, path = "/oauth/revoke", tag = "oauth",
    request_body(content = String, content_type = "application/x-www-form-urlencoded", description = "`token`, `client_id`"),
    responses((status = 200, description = "The token is worth nothing now")))]
pub async fn revoke(State(app): State<App>, form: Form) -> Result<StatusCode, Refusal> {
    let token = form.one("token").unwrap_or_default();
    let mut tx = app.db.write().await?;
    let session: Option<String> = sqlx::query_scalar(
        "SELECT session_id FROM refresh_tokens WHERE token_hash = $1
         UNION SELECT session_id FROM access_tokens WHERE token_hash = $2",
    )
    .bind(app.keys.token_hash("refresh", token))
    .bind(app.keys.token_hash("access", token))
    .fetch_optional(&mut *tx)
    .await?;
    if let Some(session) = session {
        end(&app, &mut tx, &session).await?;
    }
    tx.commit().await?;
    Ok(StatusCode::OK)
}
