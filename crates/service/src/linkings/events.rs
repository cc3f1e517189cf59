//! `GET /v1/linkings/{id}/events`: changes as they happen (server-sent events).

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::{Path, State},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream;
use tokio::sync::broadcast::error::RecvError;

use super::by_id;
use crate::{app::App, refusal::Refusal, session::Session};

/// How often the database is asked whether another node changed the linking, or the session ended.
const POLL: Duration = Duration::from_secs(1);

/// The present linking, then each change; ends with the session.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(get, path = "/v1/linkings/{id}/events", tag = "linkings", params(("id" = String, Path, description = "The linking's id")),
    responses((status = 200, description = "`event: linking`, `id: <version>`, `data: <Linking>`; comments every 15 s", content_type = "text/event-stream")),
    security(("access_token" = [])))]
pub async fn events(State(app): State<App>, session: Session, Path(id): Path<String>) -> Result<Response, Refusal> {
    // Listening begins before the first look, so that no change falls between the two.
    let changes = app.changes.subscribe();
    super::of_session(&app, &session, &id).await?;
    let stopping = app.stopping.clone();
    let start = Watch { app, session, id, changes, stopping, shown: 0 };
    let events = stream::unfold(start, |mut watch| async move {
        let event = watch.next().await?;
        Some((Ok::<_, Infallible>(event), watch))
    });
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(15));
    let mut response = Sse::new(events).keep_alive(keep_alive).into_response();
    response.headers_mut().insert("cache-control", "no-store".parse().map_err(|_| Refusal::internal(&"a header"))?);
    // Proxies that gather answers before passing them on would hold the changes back.
    response.headers_mut().insert("x-accel-buffering", "no".parse().map_err(|_| Refusal::internal(&"a header"))?);
    Ok(response)
}

struct Watch {
    app: App,
    session: Session,
    id: String,
    changes: tokio::sync::broadcast::Receiver<String>,
    stopping: tokio::sync::watch::Receiver<bool>,
    shown: i64,
}

impl Watch {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if *self.stopping.borrow() {
                return None;
            }
            match by_id(self.app.db.read(), &self.id).await {
                Ok(Some(row)) if row.version > self.shown => {
                    if !self.session.stands(&self.app).await.ok()? {
                        return None;
                    }
                    self.shown = row.version;
                    let linking = row.linking(&self.app, &self.session).ok()?;
                    return Event::default().event("linking").id(linking.version.to_string()).json_data(&linking).ok();
                }
                Ok(Some(_)) => {
                    if !self.session.stands(&self.app).await.ok()? {
                        return None;
                    }
                }
                // The client comes again and gets a proper refusal.
                Ok(None) | Err(_) => return None,
            }
            self.wait().await;
        }
    }

    async fn wait(&mut self) {
        let Self { id, changes, stopping, .. } = self;
        let changed = async {
            loop {
                match changes.recv().await {
                    Ok(changed) if changed != *id => {}
                    Ok(_) | Err(RecvError::Lagged(_)) => return,
                    Err(RecvError::Closed) => std::future::pending().await,
                }
            }
        };
        tokio::select! {
            () = changed => {}
            _ = stopping.changed() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}
