//! `POST /v1/hand-offs/take`: the other device goes on.

use axum::{extract::State, response::Response};
use mostik_store::{Tx, hand_offs, linkings as stored, profiles};
use mostik_wire::{Code, HandOffPlace, HandOffTokenBody, HandedOff, Linking, PupilId};

use super::open_by_token;
use crate::{app::App, linkings, post::Post, refusal::Refusal};

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
    let found = open_by_token(app, tx, post.body.token.expose()).await?;
    if found.session == session.id {
        return Err(Refusal::new(Code::HandOffHere));
    }
    if !session.sees(tx, &found.pupil).await? {
        return Err(Refusal::new(Code::PupilNotYours));
    }
    if !hand_offs::take(tx, &found.id, session.device.as_deref(), app.now()).await? {
        return Err(Refusal::new(Code::HandOffUsed));
    }
    let linking = match found.place {
        HandOffPlace::Linking => present(app, tx, post, &found.pupil).await?,
        HandOffPlace::Diary | HandOffPlace::Security => None,
    };
    Ok((found.id, HandedOff { pupil: PupilId(found.pupil), place: found.place, linking }))
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
