//! `GET /v1/pupils/{id}/security`: what happened to a pupil's link.

use axum::{
    Json,
    extract::{Path, State},
};
use mostik_store::{accounts, history};
use mostik_wire::{Code, FullName, LogEvent, SecurityLog};

use crate::{app::App, refusal::Refusal, session::Session, sessions};

/// The most that is told of; a person looks for what is new.
const MOST: i64 = 50;

/// What happened to the pupil's link, who signed in, and where the asking account is signed in.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(get, path = "/v1/pupils/{id}/security", tag = "profiles",
    params(("id" = String, Path, description = "The pupil's id")),
    responses((status = 200, body = SecurityLog)), security(("access_token" = [])))]
pub async fn security(
    State(app): State<App>,
    session: Session,
    Path(id): Path<String>,
) -> Result<Json<SecurityLog>, Refusal> {
    let mut tx = app.store.snapshot().await?;
    if !accounts::sees(&mut tx, &session.account, &id).await? {
        return Err(Refusal::new(Code::PupilNotYours));
    }
    let events = history::newest(&mut tx, &id, MOST).await?.into_iter().map(|event| {
        let by = event.by.filter(|_| event.account.as_ref() != Some(&session.account));
        let by = by.map(|(first, last)| FullName::new(&first, &last).called());
        LogEvent { kind: event.kind, at: event.at, device: event.device, by }
    });
    let sessions = sessions::of_account(&mut tx, &session).await?;
    Ok(Json(SecurityLog { events: events.collect(), sessions, server_time: app.now() }))
}
