//! `GET /app/latest`: the release of the app that the operator offers, as the operator has signed it. Apps believe the signature and
//! not this service.

use axum::{Json, extract::State};
use mostik_wire::{Code, SignedRelease};

use crate::{app::App, config::read_release, refusal::Refusal};

/// The manifest and its signature, as they lie on the disk at this moment: a new release needs no restart.
///
/// # Errors
/// `not_found` where the operator offers none.
#[utoipa::path(get, path = "/app/latest", tag = "app", responses((status = 200, body = SignedRelease)))]
pub async fn latest(State(app): State<App>) -> Result<Json<SignedRelease>, Refusal> {
    let file = app.live().config.latest_release.clone().ok_or_else(|| Refusal::new(Code::NotFound))?;
    let read = tokio::task::spawn_blocking(move || read_release(&file)).await;
    match read {
        Ok(Ok(signed)) => Ok(Json(signed)),
        Ok(Err(error)) => Err(Refusal::internal(&error)),
        Err(error) => Err(Refusal::internal(&error)),
    }
}
