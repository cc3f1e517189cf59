//! `GET /metrics`, on an address of its own.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use mostik_wire::Millis;
use prometheus_client::encoding::prometheus_text;
use tokio::sync::Mutex;

use super::readings::Readings;
use crate::{app::App, clock::SECOND};

/// Prometheus' text format.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// For how long a reading is good: several that ask at once are one question to the database.
const FRESH: i64 = 3 * SECOND;

#[derive(Clone)]
struct Page {
    app: App,
    last: Arc<Mutex<Option<(Millis, Readings)>>>,
}

/// What listens on `metrics.listen`.
pub fn router(app: App) -> Router {
    Router::new().route("/metrics", get(metrics)).with_state(Page { app, last: Arc::default() })
}

async fn metrics(State(page): State<Page>) -> Response {
    let now = page.app.now();
    // Held while it is read: whoever asks meanwhile gets the same.
    let mut last = page.last.lock().await;
    let is_fresh = last.as_ref().is_some_and(|(at, _)| (0..FRESH).contains(&now.since(*at)));
    if !is_fresh {
        *last = Some((now, Readings::take(&page.app).await));
    }
    let mut text = String::new();
    let registries = [Some(page.app.metrics.registry()), last.as_ref().map(|(_, readings)| readings.registry())];
    for registry in registries.into_iter().flatten() {
        if prometheus_text::encode(&mut text, registry).is_err() {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    }
    ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response()
}
