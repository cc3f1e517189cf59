//! `GET /v1/linkings`: how each pupil of the account stands.

use axum::{Json, extract::State};
use mostik_wire::Linking;

use super::by_id;
use crate::{app::App, refusal::Refusal, session::Session};

/// The newest linking of each pupil that has one; a link that was removed is a `closed` linking.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(get, path = "/v1/linkings", tag = "linkings",
    responses((status = 200, body = Vec<Linking>)), security(("access_token" = [])))]
pub async fn all(State(app): State<App>, session: Session) -> Result<Json<Vec<Linking>>, Refusal> {
    let mut linkings = Vec::new();
    for (id, _) in newest(&app, &session).await? {
        if let Some(row) = by_id(app.db.read(), &id).await? {
            linkings.push(row.linking(&app, &session)?);
        }
    }
    Ok(Json(linkings))
}

/// The newest linking of each pupil of the account, with its version.
pub(super) async fn newest(app: &App, session: &Session) -> Result<Vec<(String, i64)>, Refusal> {
    Ok(sqlx::query_as(
        "SELECT l.id, l.version FROM account_pupils a JOIN linkings l ON l.pupil_id = a.pupil_id
         WHERE a.account_id = $1 AND NOT EXISTS (SELECT 1 FROM linkings n WHERE n.pupil_id = l.pupil_id
             AND (n.created_at > l.created_at OR (n.created_at = l.created_at AND n.id > l.id)))
         ORDER BY a.place",
    )
    .bind(&session.account)
    .fetch_all(app.db.read())
    .await?)
}
