//! `POST /v1/hand-offs/look`: whose diary a link leads to. No session: the person may have to sign in first.

use axum::{Json, extract::State};
use mostik_wire::{Code, HandOffOffer, HandOffTokenBody};

use super::{SIGN_IN_LIFE, by_token};
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
    let row = by_token(&app, app.db.read(), token).await?.ok_or_else(|| Refusal::new(Code::HandOffUnknown))?;
    row.refuse_over(now)?;
    let mut expires_at = row.until();
    if row.seen_until.is_none() {
        expires_at = now.plus(SIGN_IN_LIFE);
        let mut tx = app.db.write().await?;
        // Once alone, and not where it has ended meanwhile: looking again and again keeps nothing alive.
        let seen = sqlx::query(
            "UPDATE hand_offs SET seen_until = $2
             WHERE id = $1 AND seen_until IS NULL AND taken_at IS NULL AND expires_at > $3",
        )
        .bind(&row.id)
        .bind(expires_at.0)
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        if seen.rows_affected() == 0 {
            let row = by_token(&app, app.db.read(), token).await?.ok_or_else(|| Refusal::new(Code::HandOffUnknown))?;
            row.refuse_over(now)?;
            expires_at = row.until();
        }
        app.announce(&row.id);
    }
    Ok(Json(HandOffOffer { pupil_name: row.pupil_name(), expires_at, server_time: now }))
}
