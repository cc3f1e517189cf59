//! `POST /v1/hand-offs/take`: the other device goes on.

use axum::{extract::State, response::Response};
use mostik_wire::{Code, HandOffPlace, HandOffTokenBody, HandedOff, Linking};

use super::by_token;
use crate::{
    app::App,
    db::Tx,
    linkings,
    post::Post,
    refusal::Refusal,
    store::{linkings as stored, profiles},
};

/// Spends the hand-off and says where to go on, if the account may see that pupil. Who may not spends nothing: a stranger with a
/// photograph cannot keep those whose code it is from using it.
///
/// # Errors
/// `hand_off_unknown`, `hand_off_expired`, `hand_off_used`, `hand_off_here`, `pupil_not_yours`.
#[utoipa::path(post, path = "/v1/hand-offs/take", tag = "hand-offs", request_body = HandOffTokenBody,
    params(("Idempotency-Key" = String, Header, description = "16 to 64 of `A-Z a-z 0-9 _ -`")),
    responses((status = 200, body = HandedOff)), security(("access_token" = [])))]
pub async fn take(State(app): State<App>, post: Post<HandOffTokenBody>) -> Result<Response, Refusal> {
    let mut tx = post.begin(&app).await?;
    let result = work(&app, &mut tx, &post).await;
    let taken = result.as_ref().map(|(id, _)| id.clone()).unwrap_or_default();
    let response = post.finish(&app, tx, result.map(|(_, answer)| (answer, Vec::new()))).await?;
    app.announce(&taken);
    Ok(response)
}

// The hand-off's id, and the answer.
async fn work(app: &App, tx: &mut Tx, post: &Post<HandOffTokenBody>) -> Result<(String, HandedOff), Refusal> {
    let session = &post.session;
    let row = by_token(app, &mut **tx, post.body.token.expose()).await?;
    let row = row.ok_or_else(|| Refusal::new(Code::HandOffUnknown))?;
    row.refuse_over(app.now())?;
    if row.session_id == session.id {
        return Err(Refusal::new(Code::HandOffHere));
    }
    if !session.sees(tx, &row.pupil_id).await? {
        return Err(Refusal::new(Code::PupilNotYours));
    }
    // No other writer is inside, and the row is as it was read.
    sqlx::query("UPDATE hand_offs SET taken_at = $2, taken_by_device = $3 WHERE id = $1")
        .bind(&row.id)
        .bind(app.now().0)
        .bind(&session.device)
        .execute(&mut **tx)
        .await?;
    let place = row.place()?;
    let linking = match place {
        HandOffPlace::Linking => present(app, tx, post, &row.pupil_id).await?,
        HandOffPlace::Diary | HandOffPlace::Security => None,
    };
    Ok((row.id, HandedOff { pupil: mostik_wire::PupilId(row.pupil_id), place, linking }))
}

// The linking that is open, else the one that has linked the pupil.
async fn present(
    app: &App,
    tx: &mut Tx,
    post: &Post<HandOffTokenBody>,
    pupil: &str,
) -> Result<Option<Linking>, Refusal> {
    let id = match stored::open_of(tx, pupil).await? {
        Some(id) => Some(id),
        None => profiles::linking_of(tx, pupil).await?,
    };
    let Some(id) = id else { return Ok(None) };
    let loaded = stored::load(tx, &id).await?;
    loaded.map(|loaded| linkings::show(app, post.session.language, &loaded)).transpose()
}
