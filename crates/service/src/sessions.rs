//! `POST /v1/sessions/end`: signing out elsewhere, or everywhere; and where an account is signed in.

use axum::{extract::State, response::Response};
use mostik_store::{Conn, Tx, sessions};
use mostik_wire::{EndSessionsBody, SessionsEnded, SignedIn};

use crate::{
    app::App,
    audit::{self, Actor},
    post::Post,
    refusal::Refusal,
    session::Session,
};

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
    post.finish(&app, tx, result).await
}

async fn work(app: &App, tx: &mut Tx, post: &Post<EndSessionsBody>) -> Result<(SessionsEnded, Vec<String>), Refusal> {
    // Another account's session is none of this one's: ending it ends nothing, and tells nothing.
    let account = &post.session.account;
    let ended = sessions::end(tx, account, post.body.session.as_deref(), app.now()).await?;
    audit::sessions_ended(app, tx, Actor::Account(account), account, &ended).await?;
    Ok((SessionsEnded { ended: u32::try_from(ended.len()).unwrap_or(u32::MAX) }, ended))
}

/// Where the session's account is signed in: this session first, the others by their last use.
pub async fn of_account(conn: &mut Conn, session: &Session) -> Result<Vec<SignedIn>, Refusal> {
    let open = sessions::of_account(conn, &session.account, &session.id).await?;
    let signed_in = open.into_iter().map(|open| SignedIn {
        present: open.id == session.id,
        id: open.id,
        device: open.device,
        signed_in_at: open.began_at,
        seen_at: open.seen_at,
    });
    Ok(signed_in.collect())
}
