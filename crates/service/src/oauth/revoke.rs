//! `POST /oauth/revoke` (RFC 7009): sign out. Either token ends the session with all its tokens.

use axum::{extract::State, http::StatusCode};
use mostik_store::{presented::Presented, sessions};
use utoipa::ToSchema;

use super::token::Form;
use crate::{
    app::App,
    audit::{self, Actor},
    presented::is_known,
    refusal::Refusal,
};

/// What is posted (RFC 7009, 2.1).
#[derive(ToSchema)]
#[expect(dead_code, reason = "the document alone reads it: a form's fields are taken one by one")]
pub struct Revocation {
    /// An access or a refresh token.
    token: String,
    /// The app.
    client_id: Option<String>,
}

/// Ends the session that a token belongs to; unknown tokens are answered alike.
#[utoipa::path(post, path = "/oauth/revoke", tag = "oauth",
    request_body(content = Revocation, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The token is worth nothing now")))]
pub async fn revoke(State(app): State<App>, form: Form) -> Result<StatusCode, Refusal> {
    let token = form.one("token").unwrap_or_default();
    if !is_known(&app, Presented::RefreshToken, token).await? && !is_known(&app, Presented::AccessToken, token).await? {
        return Ok(StatusCode::OK);
    }
    let mut tx = app.store.write().await?;
    let (mut session, live) = (None, app.live());
    for hash in live.keys.token_hashes("refresh", token) {
        if session.is_none() {
            session = sessions::of_refresh_token(&mut tx, &hash).await?.map(|refresh| refresh.session);
        }
    }
    for hash in live.keys.token_hashes("access", token) {
        if session.is_none() {
            session = sessions::of_access_token(&mut tx, &hash).await?.map(|access| access.session);
        }
    }
    let ended = match session {
        Some(session) => {
            let account = &session.account;
            let ended = sessions::end(&mut tx, account, Some(&session.id), app.now()).await?;
            audit::sessions_ended(&app, &mut tx, Actor::Account(account), account, &ended).await?;
            ended
        }
        None => Vec::new(),
    };
    tx.commit().await?;
    app.publish_changes(&ended);
    Ok(StatusCode::OK)
}
