//! `GET /health/live`, `GET /health/ready`.

use axum::{Json, extract::State};
use mostik_wire::{Code, Millis};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{app::App, refusal::Refusal, sms};

/// The answer of a live service.
#[derive(Serialize, ToSchema)]
pub struct Health {
    /// Always `ok`.
    pub status: &'static str,
}

/// The answer of a service that can work.
#[derive(Serialize, ToSchema)]
pub struct Readiness {
    /// Always `ok`.
    pub status: &'static str,
    /// How SMS go out.
    pub sms: SmsHealth,
    /// The service's own certificate, where it speaks TLS by itself.
    pub tls: Option<TlsHealth>,
}

/// The service's own certificate.
#[derive(Serialize, ToSchema)]
pub struct TlsHealth {
    /// `ok`; `expiring`: it runs out within 14 days; `expired`: nobody takes it any more.
    pub state: &'static str,
    /// When it runs out.
    pub valid_until: Millis,
    /// Whether another pair lies in its files and was refused; the log says why.
    pub refused: bool,
}

/// How SMS go out.
#[derive(Serialize, ToSchema)]
pub struct SmsHealth {
    /// The centre that messages go out through at this moment; none: they wait.
    pub speaks: Option<String>,
    /// Every centre, in the order of the settings.
    pub centres: Vec<CentreHealth>,
}

/// An SMS centre.
#[derive(Serialize, ToSchema)]
pub struct CentreHealth {
    /// Its name in the settings.
    pub name: String,
    /// `up`; `untried`: its first connection is being made; `down`: not bound; `resting`: it has too much to do, or refuses the
    /// account; `silent`: it leaves messages without receipts; `elsewhere`: it takes one session, and another node has that.
    pub state: &'static str,
}

/// The process answers.
#[utoipa::path(get, path = "/health/live", tag = "health", responses((status = 200, body = Health)))]
pub async fn live() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// The database can be read and written. What it says of SMS and TLS does not change the status: the rest works without.
///
/// # Errors
/// `overloaded` or `internal` when it cannot, and `overloaded` where the service is going to end.
#[utoipa::path(get, path = "/health/ready", tag = "health", responses((status = 200, body = Readiness)))]
pub async fn ready(State(app): State<App>) -> Result<Json<Readiness>, Refusal> {
    if *app.draining.borrow() {
        return Err(Refusal::new(Code::Overloaded));
    }
    let check = async || app.store.check().await.map_err(|error| Refusal::from(error).code());
    app.database.get(check).await.map_err(Refusal::new)?;
    let order = sms::order(&app).await?.unwrap_or_default();
    let speaks = order.first().map(|at| app.sms.name(*at).to_owned());
    let centres = sms::states(&app).await?.into_iter().map(|(name, state)| CentreHealth { name, state }).collect();
    let tls = app.tls.as_ref().map(|certificates| {
        let state = *certificates.state().borrow();
        TlsHealth { state: state.name(app.now()), valid_until: state.valid_until, refused: state.refused }
    });
    Ok(Json(Readiness { status: "ok", sms: SmsHealth { speaks, centres }, tls }))
}
