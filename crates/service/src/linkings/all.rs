//! `GET /v1/linkings`: how each pupil of the account stands.

use axum::{Json, extract::State};
use mostik_store::linkings;
use mostik_wire::Linking;

use super::show::show;
use crate::{app::App, refusal::Refusal, session::Session};

/// The newest linking of each pupil that has one; a link that was removed is a `closed` linking.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(get, path = "/v1/linkings", tag = "linkings", responses((status = 200, body = Vec<Linking>)), security(("access_token" = [])))]
pub async fn all(State(app): State<App>, session: Session) -> Result<Json<Vec<Linking>>, Refusal> {
    let mut conn = app.store.reader().await?;
    let mut shown = Vec::new();
    for (id, _) in linkings::newest_of_account(&mut conn, &session.account).await? {
        if let Some(loaded) = linkings::load(&mut conn, &id).await? {
            shown.push(show(&app, session.language, &loaded)?);
        }
    }
    Ok(Json(shown))
}
