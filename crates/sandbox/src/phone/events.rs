//! `GET /api/events`: a stream that says what changed; the page then reads it.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::stream::{self, Stream};
use tokio::sync::broadcast::error::RecvError;

use crate::shared::{Shared, Topic};

/// One event per change, named after what changed.
pub(super) async fn stream(State(shared): State<Arc<Shared>>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let changes = shared.changes();
    let events = stream::unfold((changes, shared), |(mut changes, shared)| async move {
        loop {
            let change = tokio::select! {
                change = changes.recv() => change,
                // Otherwise an open page would keep the sandbox from ending.
                () = shared.stopped() => return None,
            };
            let name = match change {
                Ok(Topic::Sms) => "sms",
                Ok(Topic::Mail) => "mail",
                Ok(Topic::Chat) => "chat",
                Ok(Topic::Log) => "log",
                Ok(Topic::Faults) => "faults",
                Ok(Topic::Updates) => continue,
                // Too much happened: everything is worth reading again.
                Err(RecvError::Lagged(_)) => "all",
                Err(RecvError::Closed) => return None,
            };
            return Some((Ok(Event::default().event(name).data("{}")), (changes, shared)));
        }
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}
