//! `POST /v1/hand-offs`: a code for another device.

use axum::{extract::State, response::Response};
use mostik_store::{
    Tx,
    hand_offs::{self, HandOffKey, NewHandOff},
};
use mostik_wire::{Code, HandOff, HandOffBody, HandOffId};

use super::{LIFE, PURPOSE, pupil_name, status};
use crate::{
    app::App,
    clock::{self, MINUTE},
    post::Post,
    refusal::Refusal,
};

/// Hand-offs that an account may make in an hour: more than anyone shows, and no way to fill the database.
const MOST: usize = 30;
const HOUR: i64 = 60 * MINUTE;

/// Makes a hand-off and puts an end to an earlier one of this session.
///
/// # Errors
/// `pupil_not_yours`; `too_many_requests` with the moment from which another may be made.
#[utoipa::path(post, path = "/v1/hand-offs", tag = "hand-offs", request_body = HandOffBody,
    params(("Idempotency-Key" = String, Header, description = "16 to 64 of `A-Z a-z 0-9 _ -`")),
    responses((status = 200, body = HandOff)), security(("access_token" = [])))]
pub async fn make(State(app): State<App>, post: Post<HandOffBody>) -> Result<Response, Refusal> {
    let mut tx = post.begin(&app).await?;
    let result = work(&app, &mut tx, &post).await;
    let ended = result.as_ref().map(|(ended, _)| ended.clone()).unwrap_or_default();
    let response = post.finish(&app, tx, result.map(|(_, made)| (made, Vec::new()))).await?;
    // Who follows an older one looks anew.
    ended.iter().for_each(|older| app.announce(older));
    Ok(response)
}

// The older ones that have ended by it, and the new one.
async fn work(app: &App, tx: &mut Tx, post: &Post<HandOffBody>) -> Result<(Vec<String>, HandOff), Refusal> {
    let (session, now) = (&post.session, app.now());
    if !session.sees(tx, &post.body.pupil.0).await? {
        return Err(Refusal::new(Code::PupilNotYours));
    }
    let recent = hand_offs::made_since(tx, &session.account, now.plus(-HOUR)).await?;
    if let Some(oldest) = recent.get(MOST - 1) {
        return Err(Refusal::new(Code::TooManyRequests).retry_at(oldest.plus(HOUR), now));
    }
    let ended = hand_offs::end_of_session(tx, &session.id, now).await?;
    let (id, token) = (app.new_id(), clock::token::<16>(&*app.entropy));
    let new = NewHandOff {
        id: &id,
        token_hash: &app.live().keys.token_hash(PURPOSE, &token),
        session: &session.id,
        pupil: &post.body.pupil.0,
        place: post.body.place,
        now,
        expires_at: now.plus(LIFE),
    };
    hand_offs::make(tx, &new).await?;
    let found = hand_offs::find(tx, HandOffKey::Id(&id)).await?.ok_or_else(|| Refusal::new(Code::HandOffUnknown))?;
    let made = HandOff {
        id: HandOffId(id),
        url: format!("{}/continue/{token}", app.public_url),
        name_masked: pupil_name(&found),
        status: status(&found, now),
    };
    Ok((ended, made))
}
