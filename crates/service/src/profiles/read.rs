//! `GET /v1/pupils/{id}/profile`: the profile that the pupil is linked to.

use axum::{
    Json,
    extract::{Path, State},
};
use mostik_wire::Profile;

use super::held::LinkedProfile;
use crate::{app::App, refusal::Refusal, session::Session};

/// The linked profile: whose it is, how it was linked, what proves the person, whether it is about to be deleted.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(get, path = "/v1/pupils/{id}/profile", tag = "profiles",
    params(("id" = String, Path, description = "The pupil's id")),
    responses((status = 200, body = Profile)), security(("access_token" = [])))]
pub async fn profile(
    State(app): State<App>,
    session: Session,
    Path(id): Path<String>,
) -> Result<Json<Profile>, Refusal> {
    let mut tx = app.store.snapshot().await?;
    Ok(Json(LinkedProfile::of(&session, &mut tx, &id).await?.profile(&app)?))
}
