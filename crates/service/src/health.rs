//! `GET /health/live`, `GET /health/ready`.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{app::App, refusal::Refusal};

/// The answer of a healthy service.
#[derive(Serialize, ToSchema)]
pub struct Health {
    /// Always `ok`.
    pub status: &'static str,
}

const OK: Json<Health> = Json(Health { status: "ok" });

/// The process answers.
#[utoipa::path(get, path = "/health/live", tag = "health", responses((status = 200, body = Health)))]
pub async fn live() -> Json<Health> {
    OK
}

/// The database can be read and written.
///
/// # Errors
/// `overloaded` or `internal` when it cannot.
#[utoipa::path(get, path = "/health/ready", tag = "health", responses((status = 200, body = Health)))]
pub async fn ready(State(app): State<App>) -> Result<Json<Health>, Refusal> {
    sqlx::query("SELECT 1").execute(app.db.read()).await?;
    app.db.write().await?.rollback().await?;
    Ok(OK)
}
