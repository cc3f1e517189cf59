//! `POST /v1/hand-offs/look`: whose diary a link leads to. No session: the person may have to sign in first.

use axum::{Json, extract::State};
use mostik_store::hand_offs;
use mostik_wire::{HandOffOffer, HandOffTokenBody};

use super::{SIGN_IN_LIFE, open_by_token, pupil_name, until};
use crate::{app::App, post::Body, refusal::Refusal};

/// Says whose diary it is, masked, and gives time to sign in. Spends nothing: who only looks, or photographs, leaves the code
/// as good as it was.
///
/// # Errors
/// `hand_off_unknown`, `hand_off_expired`, `hand_off_used`; `malformed_request`.
#[utoipa::path(post, path = "/v1/hand-offs/look", tag = "hand-offs", request_body = HandOffTokenBody,
    responses((status = 200, body = HandOffOffer)))]
pub async fn look(State(app): State<App>, Body(body): Body<HandOffTokenBody>) -> Result<Json<HandOffOffer>, Refusal> {
    let now = app.now();
    let token = body.token.expose();
    // Read first: who guesses must not make the others wait for the one writer.
    let found = open_by_token(&app, &mut *app.store.reader().await?, token).await?;
    let mut expires_at = until(&found);
    if found.seen_until.is_none() {
        expires_at = now.plus(SIGN_IN_LIFE);
        let mut tx = app.store.write().await?;
        // Once alone, and not where it has ended meanwhile: looking again and again keeps nothing alive.
        let seen = hand_offs::see(&mut tx, &found.id, expires_at, now).await?;
        tx.commit().await?;
        if !seen {
            expires_at = until(&open_by_token(&app, &mut *app.store.reader().await?, token).await?);
        }
        app.announce(&found.id);
    }
    Ok(Json(HandOffOffer { pupil_name: pupil_name(&found), expires_at, server_time: now }))
}
