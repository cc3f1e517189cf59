//! `GET /v1/linkings/{id}/events` and `GET /v1/events`: changes as they happen (server-sent events).

use std::{
    collections::{HashMap, VecDeque},
    convert::Infallible,
    time::Duration,
};

use axum::{
    extract::{Path, State},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{StreamExt, stream};
use mostik_store::{accounts, linkings};

use super::{load::of_session, show::show};
use crate::{
    app::App,
    changes::{self, Change},
    refusal::Refusal,
    session::Session,
};

/// The present linking, then each change; ends with the session.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(get, path = "/v1/linkings/{id}/events", tag = "linkings", params(("id" = String, Path, description = "The linking's id")),
    responses((status = 200, description = "`event: linking`, `id: <version>`, `data: <Linking>`; comments every 15 s", content_type = "text/event-stream")),
    security(("access_token" = [])))]
pub async fn events(State(app): State<App>, session: Session, Path(id): Path<String>) -> Result<Response, Refusal> {
    of_session(&mut *app.store.reader().await?, &session, &id).await?;
    stream_of(app, session, Scope::Linking(id))
}

/// The newest linking of each pupil of the account, then each change of one, and each new one; ends with the session.
///
/// # Errors
/// See `docs/errors.md`.
#[utoipa::path(get, path = "/v1/events", tag = "linkings",
    responses((status = 200, description = "`event: linking`, `id: <version>`, `data: <Linking>`; comments every 15 s", content_type = "text/event-stream")),
    security(("access_token" = [])))]
pub async fn all(State(app): State<App>, session: Session) -> Result<Response, Refusal> {
    stream_of(app, session, Scope::Account)
}

fn stream_of(app: App, session: Session, scope: Scope) -> Result<Response, Refusal> {
    // Listening begins before the first look, so that no change falls between the two.
    let changes = app.changes.subscribe();
    let stopping = app.stopping.clone();
    let start = Watch {
        app,
        session,
        scope,
        changes,
        stopping,
        shown: HashMap::new(),
        waiting: VecDeque::new(),
        pupils: Vec::new(),
    };
    let events = stream::unfold(start, |mut watch| async move {
        let event = watch.next().await?;
        Some((Ok::<_, Infallible>(event), watch))
    });
    // Said at once, so that who listens knows that the stream stands, even where there is nothing to tell yet.
    let here = stream::once(async { Ok(Event::default().comment("here")) });
    let events = here.chain(events);
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(15));
    let mut response = Sse::new(events).keep_alive(keep_alive).into_response();
    response.headers_mut().insert("cache-control", "no-store".parse().map_err(|_| Refusal::internal(&"a header"))?);
    // Proxies that gather answers before passing them on would hold the changes back.
    response.headers_mut().insert("x-accel-buffering", "no".parse().map_err(|_| Refusal::internal(&"a header"))?);
    Ok(response)
}

enum Scope {
    Linking(String),
    Account,
}

struct Watch {
    app: App,
    session: Session,
    scope: Scope,
    changes: tokio::sync::broadcast::Receiver<Change>,
    stopping: tokio::sync::watch::Receiver<bool>,
    /// The newest version told of each linking.
    shown: HashMap<String, u64>,
    waiting: VecDeque<String>,
    /// Of the account, as far as its linkings are followed.
    pupils: Vec<String>,
}

impl Watch {
    // `None` ends the stream; the client comes again and gets a proper refusal.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if *self.stopping.borrow() {
                return None;
            }
            while let Some(id) = self.waiting.pop_front() {
                if let Some(event) = self.event(&id).await? {
                    return Some(event);
                }
            }
            if !self.session.stands(&self.app).await.ok()? {
                return None;
            }
            let mut conn = self.app.store.reader().await.ok()?;
            match &self.scope {
                Scope::Linking(id) => {
                    let version = linkings::version(&mut conn, id).await.ok()??;
                    if self.is_news(id, version) {
                        self.waiting.push_back(id.clone());
                    }
                }
                Scope::Account => {
                    self.pupils = accounts::pupils(&mut conn, &self.session.account).await.ok()?;
                    for (id, version) in linkings::newest_of_account(&mut conn, &self.session.account).await.ok()? {
                        if self.is_news(&id, version) {
                            self.waiting.push_back(id);
                        }
                    }
                }
            }
            drop(conn);
            if self.waiting.is_empty() {
                self.wait().await;
            }
        }
    }

    fn is_news(&self, id: &str, version: u64) -> bool {
        self.shown.get(id).is_none_or(|shown| version > *shown)
    }

    // `Some(None)`: it is gone, or was told meanwhile.
    async fn event(&mut self, id: &str) -> Option<Option<Event>> {
        let loaded = linkings::load(&mut *self.app.store.reader().await.ok()?, id).await.ok()?;
        let Some(loaded) = loaded else { return Some(None) };
        if !self.is_news(id, loaded.linking.version) {
            return Some(None);
        }
        self.shown.insert(id.to_owned(), loaded.linking.version);
        let linking = show(&self.app, self.session.language, &loaded).ok()?;
        let event = Event::default().event("linking").id(linking.version.to_string()).json_data(&linking).ok()?;
        Some(Some(event))
    }

    async fn wait(&mut self) {
        let Self { app, session, scope, changes, stopping, shown, pupils, .. } = self;
        let (scope, shown, pupils, session) = (&*scope, &*shown, &*pupils, &*session);
        let concerns = |id: &str| {
            id == session.id
                || match scope {
                    Scope::Linking(own) => id == own,
                    // A new linking is in no list yet: it is told of by its pupil.
                    Scope::Account => shown.contains_key(id) || pupils.iter().any(|pupil| pupil == id),
                }
        };
        tokio::select! {
            () = changes::next(changes, concerns) => {}
            _ = stopping.changed() => {}
            () = tokio::time::sleep(changes::look_every(app.store.is_shared())) => {}
        }
    }
}
