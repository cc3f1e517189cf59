//! `GET /v1/hand-offs/{id}`: how far a hand-off is, for the session that has made it.

use std::time::Duration;

use axum::{
    Json,
    extract::{Path, RawQuery, State},
};
use mostik_store::{
    blocks::{self, Blockable},
    hand_offs::{self, HandOffKey},
};
use mostik_wire::{Code, HandOffStage, HandOffStatus};
use tokio::time::Instant;

use super::status;
use crate::{app::App, changes, refusal::Refusal, session::Session};

/// How long an answer may wait for news: shorter than the app, or anybody between, waits for an answer.
const LONGEST: Duration = Duration::from_secs(8);

/// The hand-off's status: at once, or as soon as its stage is another than the known one; after some seconds all the same.
///
/// # Errors
/// `hand_off_unknown`, also for another session's: nobody learns which ids exist.
#[utoipa::path(get, path = "/v1/hand-offs/{id}", tag = "hand-offs",
    params(("id" = String, Path, description = "The hand-off's id"),
        ("known" = Option<HandOffStage>, Query, description = "The stage that is known; the answer waits for another")),
    responses((status = 200, body = HandOffStatus)), security(("access_token" = [])))]
pub async fn follow(
    State(app): State<App>,
    session: Session,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<HandOffStatus>, Refusal> {
    let query = query.unwrap_or_default();
    let known = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "known");
    // A stage of a release to come is none that is known here.
    let known: Option<HandOffStage> = known.and_then(|(_, stage)| serde_json::from_value(stage.into()).ok());
    // Listening begins before the first look, so that no change falls between the two.
    let mut changes = app.changes.subscribe();
    let mut stopping = app.stopping.clone();
    let end = Instant::now() + LONGEST;
    let look = changes::look_every(app.store.is_shared());
    loop {
        let found = hand_offs::find(&mut *app.store.reader().await?, HandOffKey::Id(&id)).await?;
        let found = found.filter(|found| found.session == session.id);
        let found = found.ok_or_else(|| Refusal::new(Code::HandOffUnknown))?;
        if found.session_ended_at.is_some() {
            let account = Blockable::Account(&session.account);
            let blocked = blocks::is_set(&mut *app.store.reader().await?, account).await?;
            return Err(Refusal::new(if blocked { Code::AccountBlocked } else { Code::SessionEnded }));
        }
        let status = status(&found, app.now());
        if Some(status.stage) != known || Instant::now() >= end || *stopping.borrow() {
            return Ok(Json(status));
        }
        tokio::select! {
            () = changes::next(&mut changes, |changed| changed == id || changed == session.id) => {}
            _ = stopping.changed() => {}
            () = tokio::time::sleep_until(end.min(Instant::now() + look)) => {}
        }
    }
}
