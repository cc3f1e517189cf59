//! `GET /v1/linkings/{id}`.

use axum::{
    Json,
    extract::{Path, State},
};
use mostik_wire::Linking;

use super::{load::of_session, show::show};
use crate::{app::App, refusal::Refusal, session::Session};

/// The linking as it is now.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(get, path = "/v1/linkings/{id}", tag = "linkings", params(("id" = String, Path, description = "The linking's id")),
    responses((status = 200, body = Linking)), security(("access_token" = [])))]
pub async fn read(State(app): State<App>, session: Session, Path(id): Path<String>) -> Result<Json<Linking>, Refusal> {
    let loaded = of_session(&mut *app.store.reader().await?, &session, &id).await?;
    Ok(Json(show(&app, session.language, &loaded)?))
}
