//! `POST /v1/hand-offs`: a code for another device.

use axum::{extract::State, response::Response};
use mostik_wire::{Code, FullName, HandOff, HandOffBody, HandOffId, HandOffStage, HandOffStatus, Millis};

use super::{LIFE, PURPOSE, place_name};
use crate::{
    app::App,
    clock::{self, MINUTE},
    db::Tx,
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
    let recent: Vec<i64> = sqlx::query_scalar(
        "SELECT h.created_at FROM hand_offs h JOIN sessions s ON s.id = h.session_id
         WHERE s.account_id = $1 AND h.created_at > $2 ORDER BY h.created_at DESC",
    )
    .bind(&session.account)
    .bind(now.plus(-HOUR).0)
    .fetch_all(&mut **tx)
    .await?;
    if let Some(oldest) = recent.get(MOST - 1) {
        return Err(Refusal::new(Code::TooManyRequests).retry_at(Millis(oldest + HOUR), now));
    }
    let ended: Vec<String> = sqlx::query_scalar(
        "UPDATE hand_offs SET expires_at = $2, seen_until = CASE WHEN seen_until IS NULL THEN NULL ELSE $2 END
         WHERE session_id = $1 AND taken_at IS NULL AND COALESCE(seen_until, expires_at) > $2 RETURNING id",
    )
    .bind(&session.id)
    .bind(now.0)
    .fetch_all(&mut **tx)
    .await?;
    let (id, token) = (app.new_id(), clock::token::<16>(&*app.entropy));
    let expires_at = now.plus(LIFE);
    sqlx::query(
        "INSERT INTO hand_offs (id, token_hash, session_id, pupil_id, place, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&id)
    .bind(app.keys.token_hash(PURPOSE, &token))
    .bind(&session.id)
    .bind(&post.body.pupil.0)
    .bind(place_name(post.body.place))
    .bind(now.0)
    .bind(expires_at.0)
    .execute(&mut **tx)
    .await?;
    let (first_name, last_name): (String, String) =
        sqlx::query_as("SELECT first_name, last_name FROM pupils WHERE id = $1")
            .bind(&post.body.pupil.0)
            .fetch_one(&mut **tx)
            .await?;
    let status = HandOffStatus { stage: HandOffStage::Waiting, expires_at, device: None, server_time: now };
    let made = HandOff {
        id: HandOffId(id),
        url: format!("{}/continue/{token}", app.public_url),
        name_masked: FullName::new(&first_name, &last_name).masked(),
        status,
    };
    Ok((ended, made))
}
