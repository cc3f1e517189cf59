//! `GET /updates`: long polling.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::errors::Refused;
use crate::shared::Shared;

#[derive(Deserialize)]
pub(super) struct Poll {
    limit: Option<usize>,
    timeout: Option<u64>,
    marker: Option<i64>,
    types: Option<String>,
}

/// Waits up to `timeout` seconds for something newer than `marker`.
pub(super) async fn poll(State(shared): State<Arc<Shared>>, Query(poll): Query<Poll>) -> Result<Json<Value>, Refused> {
    let limit = poll.limit.unwrap_or(100);
    if !(1..=1000).contains(&limit) {
        return Err(Refused::bad("limit: must be between 1 and 1000"));
    }
    let timeout = poll.timeout.unwrap_or(30);
    if timeout > 90 {
        return Err(Refused::bad("timeout: must be between 0 and 90"));
    }
    admit(&shared)?;
    let types: Vec<_> = poll.types.as_deref().unwrap_or_default().split(',').filter(|kind| !kind.is_empty()).collect();
    let look = |shared: &Shared| {
        let now = shared.clock.now();
        shared.messenger().updates(now, poll.marker, limit, &types)
    };
    let patience = Duration::from_secs(timeout);
    let found = shared.wait_for(patience, |shared| Some(look(shared)).filter(|(updates, _)| !updates.is_empty())).await;
    let (updates, marker) = found.unwrap_or_else(|| look(&shared));
    Ok(Json(json!({ "updates": updates, "marker": marker })))
}

fn admit(shared: &Shared) -> Result<(), Refused> {
    let now = shared.clock.now();
    let mut messenger = shared.messenger();
    messenger.limits.admit_poll(now)?;
    if messenger.subscriptions.is_empty() {
        Ok(())
    } else {
        Err(Refused::bad("Long polling is off while a webhook is subscribed"))
    }
}
