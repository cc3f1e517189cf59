//! `GET /v1/pupils/{id}/security`: what happened to a pupil's link; and writing that down, in the transaction of what happens.

use axum::{
    Json,
    extract::{Path, State},
};
use mostik_wire::{Code, FullName, LogEvent, LogKind, Millis, SecurityLog};
use sqlx::FromRow;

use crate::{
    app::App,
    db::{Inconsistent, Tx},
    refusal::Refusal,
    session::Session,
    sessions,
};

/// The most that is told of; a person looks for what is new.
const MOST: i64 = 50;

const NAMES: [(&str, LogKind); 11] = [
    ("signed_in", LogKind::SignedIn),
    ("linked", LogKind::Linked),
    ("in_max", LogKind::InMax),
    ("in_vk", LogKind::InVk),
    ("left_max", LogKind::LeftMax),
    ("left_vk", LogKind::LeftVk),
    ("unlinked", LogKind::Unlinked),
    ("password_changed", LogKind::PasswordChanged),
    ("exported", LogKind::Exported),
    ("deletion_asked", LogKind::DeletionAsked),
    ("deletion_called_off", LogKind::DeletionCalledOff),
];

/// Writes down what happens to a pupil's link; without a session it is the bot's doing.
///
/// # Errors
/// When the database does not answer.
pub async fn note(
    app: &App,
    tx: &mut Tx,
    pupil: &str,
    session: Option<&Session>,
    kind: LogKind,
) -> Result<(), Refusal> {
    let name = NAMES.iter().find(|(_, known)| *known == kind).map_or("", |(name, _)| *name);
    sqlx::query(
        "INSERT INTO history (id, pupil_id, account_id, kind, device, happened_at) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(app.new_id())
    .bind(pupil)
    .bind(session.map(|session| &session.account))
    .bind(name)
    .bind(session.and_then(|session| session.device.as_ref()))
    .bind(app.now().0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

#[derive(FromRow)]
struct Row {
    id: String,
    kind: String,
    happened_at: i64,
    device: Option<String>,
    account_id: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
}

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
    let mut tx = app.db.read().begin().await?;
    if !session.sees(&mut tx, &id).await? {
        return Err(Refusal::new(Code::PupilNotYours));
    }
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT h.id, h.kind, h.happened_at, h.device, h.account_id, a.first_name, a.last_name
         FROM history h LEFT JOIN accounts a ON a.id = h.account_id WHERE h.pupil_id = $1
         UNION ALL
         SELECT s.id, 'signed_in', s.created_at, s.device, s.account_id, a.first_name, a.last_name
         FROM account_pupils p JOIN accounts a ON a.id = p.account_id JOIN sessions s ON s.account_id = a.id
         WHERE p.pupil_id = $1 AND s.generation > 0
         ORDER BY 3 DESC, 1 LIMIT $2",
    )
    .bind(&id)
    .bind(MOST)
    .fetch_all(&mut *tx)
    .await?;
    let mut events = Vec::with_capacity(rows.len());
    for row in rows {
        let kind = NAMES.iter().find(|(name, _)| *name == row.kind).map(|(_, kind)| *kind);
        let kind = kind.ok_or(Inconsistent { table: "history", id: row.id, what: "unknown kind" })?;
        let by = row.first_name.zip(row.last_name).filter(|_| row.account_id.as_ref() != Some(&session.account));
        let by = by.map(|(first, last)| FullName::new(&first, &last).called());
        events.push(LogEvent { kind, at: Millis(row.happened_at), device: row.device, by });
    }
    let sessions = sessions::of_account(&mut tx, &session).await?;
    Ok(Json(SecurityLog { events, sessions, server_time: app.now() }))
}
