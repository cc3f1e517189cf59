//! POSTs that may be repeated: one `Idempotency-Key`, one effect, one answer.
//!
//! Before the work a short transaction claims the key; the answer is stored in the transaction of the work itself. A
//! request that is refused without having changed anything gives its key back.

use axum::{
    body::{Bytes, to_bytes},
    extract::{FromRequest, Request},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use mostik_store::{
    Tx,
    idempotency::{self, KeyState},
};
use mostik_wire::{Code, Millis, Problem};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    app::App,
    clock::{DAY, SECOND},
    keys,
    refusal::Refusal,
    session::Session,
};

/// No body of the contract comes near this.
pub const LARGEST_BODY: usize = 16 * 1024;

/// How long an unanswered request is believed to be alive.
const CLAIM: i64 = 30 * SECOND;

/// A POST with its session, its body and its claimed key.
pub struct Post<T> {
    /// Who asks.
    pub session: Session,
    /// The body.
    pub body: T,
    key: String,
}

/// Why a POST does not reach its handler.
pub enum Rejection {
    /// It is refused.
    Refused(Refusal),
    /// It was answered before.
    Answered(Box<Response>),
}

impl From<Refusal> for Rejection {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<mostik_store::Error> for Rejection {
    fn from(error: mostik_store::Error) -> Self {
        Self::Refused(error.into())
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        match self {
            Self::Refused(refusal) => refusal.into_response(),
            Self::Answered(response) => *response,
        }
    }
}

#[derive(Serialize, Deserialize)]
struct StoredAnswer {
    problem: bool,
    retry_after: Option<String>,
    body: String,
}

impl<T: DeserializeOwned + Send> FromRequest<App> for Post<T> {
    type Rejection = Rejection;

    async fn from_request(request: Request, app: &App) -> Result<Self, Rejection> {
        let (mut parts, body) = request.into_parts();
        let session = <Session as axum::extract::FromRequestParts<App>>::from_request_parts(&mut parts, app).await?;
        let key = parts
            .headers
            .get("idempotency-key")
            .and_then(|v| v.to_str().ok())
            .filter(|k| (16..=64).contains(&k.len()))
            .filter(|k| k.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-'))
            .ok_or_else(|| Refusal::new(Code::IdempotencyKeyMissing))?
            .to_owned();
        let (body, bytes) = read(&parts.headers, body).await?;
        claim(app, &session.account, &key, parts.uri.path(), &bytes).await?;
        Ok(Self { session, body, key })
    }
}

/// The body of a POST that needs no session.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        Ok(Self(read(&parts.headers, body).await?.0))
    }
}

async fn read<T: DeserializeOwned>(headers: &HeaderMap, body: axum::body::Body) -> Result<(T, Bytes), Refusal> {
    let json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|t| t.split(';').next().is_some_and(|t| t.trim().eq_ignore_ascii_case("application/json")));
    if !json {
        return Err(Refusal::new(Code::MalformedRequest).detail("content-type: application/json is expected"));
    }
    let bytes = to_bytes(body, LARGEST_BODY)
        .await
        .map_err(|_| Refusal::new(Code::MalformedRequest).detail("body: too long, or cut short"))?;
    let body = serde_json::from_slice(&bytes)
        // serde's text may quote what it found: the place is enough.
        .map_err(|e| Refusal::new(Code::MalformedRequest).detail(format!("body: {}", place(&e))))?;
    Ok((body, bytes))
}

fn place(error: &serde_json::Error) -> String {
    use serde_json::error::Category;
    let what = match error.classify() {
        Category::Syntax => "broken JSON",
        Category::Eof => "JSON cut short",
        Category::Data => "a missing or unknown field, or a wrong type",
        Category::Io => "not readable",
    };
    format!("{what}, line {} column {}", error.line(), error.column())
}

async fn claim(app: &App, account: &str, key: &str, path: &str, body: &[u8]) -> Result<(), Rejection> {
    let (now, live) = (app.now(), app.live());
    // Weighed with the key that has made the hash: the request may have come before the key was changed.
    let is_same = |hash: &str| live.keys.of(hash).is_some_and(|key| keys::same(hash, &key.body_hash(path, body)));
    // Read first: a repeated request must not queue behind the very one that it repeats.
    let seen = idempotency::seen(&mut *app.store.reader().await?, account, key).await?;
    judge(app, seen, is_same, now)?;
    let mut tx = app.store.write().await?;
    let seen = idempotency::seen(&mut tx, account, key).await?;
    judge(app, seen, is_same, now)?;
    idempotency::claim(&mut tx, account, key, &live.keys.body_hash(path, body), now.plus(CLAIM), now.plus(DAY)).await?;
    tx.commit().await?;
    Ok(())
}

// Ok: the key is free, or what holds it is over.
fn judge(app: &App, seen: Option<KeyState>, is_same: impl Fn(&str) -> bool, now: Millis) -> Result<(), Rejection> {
    let Some(KeyState { body_hash, claimed_until, expires_at, status, sealed_answer }) = seen else { return Ok(()) };
    if now.0 >= expires_at {
        return Ok(());
    }
    if !is_same(&body_hash) {
        return Err(Refusal::new(Code::IdempotencyKeyReused).into());
    }
    match (status, sealed_answer) {
        (Some(status), Some(sealed)) => {
            let text = app.live().keys.open(&sealed).map_err(Refusal::from)?;
            let stored: StoredAnswer = serde_json::from_str(&text).map_err(|e| Refusal::internal(&e))?;
            Err(Rejection::Answered(Box::new(replay(status, stored))))
        }
        _ if now.0 < claimed_until => Err(Refusal::new(Code::RequestInFlight).into()),
        _ => Ok(()),
    }
}

fn replay(status: i64, stored: StoredAnswer) -> Response {
    let status = u16::try_from(status).ok().and_then(|s| StatusCode::from_u16(s).ok());
    let problem = stored.problem.then(|| serde_json::from_str::<Problem>(&stored.body).ok()).flatten();
    let mut response = (status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), stored.body).into_response();
    let kind = if stored.problem { "application/problem+json" } else { "application/json" };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(value) = stored.retry_after.and_then(|v| HeaderValue::from_str(&v).ok()) {
        headers.insert(header::RETRY_AFTER, value);
    }
    if let Some(problem) = problem {
        response.extensions_mut().insert(problem);
    }
    response
}

impl<T> Post<T> {
    /// The body, and the rest.
    pub fn split(self) -> (T, Post<()>) {
        let Self { session, body, key } = self;
        (body, Post { session, body: (), key })
    }

    /// Begins the transaction of the work.
    ///
    /// # Errors
    /// When the database is busy; the key is given back as far as that is possible.
    pub async fn begin(&self, app: &App) -> Result<Tx, Refusal> {
        match app.store.write().await {
            Ok(tx) => Ok(tx),
            Err(error) => {
                self.give_back(app).await;
                Err(error.into())
            }
        }
    }

    /// Refuses before the work's transaction was begun.
    pub async fn refuse(&self, app: &App, refusal: Refusal) -> Refusal {
        self.give_back(app).await;
        refusal
    }

    /// Ends the transaction: commits what changed together with its answer, or undoes it and gives the key back. Whoever
    /// follows the linkings that have changed is told then.
    ///
    /// # Errors
    /// The refusal itself.
    pub async fn finish<A: Serialize>(
        self,
        app: &App,
        tx: Tx,
        result: Result<(A, Vec<String>), Refusal>,
    ) -> Result<Response, Refusal> {
        match result {
            Ok((done, changed)) => {
                let body = serde_json::to_string(&done).map_err(|e| Refusal::internal(&e))?;
                let answer = StoredAnswer { problem: false, retry_after: None, body };
                self.store(app, tx, 200, &answer).await?;
                app.publish_changes(&changed);
                Ok(replay(200, answer))
            }
            Err(refusal) if refusal.is_kept() => {
                let body = serde_json::to_string(refusal.problem()).map_err(|e| Refusal::internal(&e))?;
                let answer = StoredAnswer { problem: true, retry_after: None, body };
                self.store(app, tx, refusal.problem().status, &answer).await?;
                app.publish_changes(refusal.changed());
                Err(refusal)
            }
            Err(refusal) => {
                drop(tx.rollback().await);
                self.give_back(app).await;
                Err(refusal)
            }
        }
    }

    async fn store(&self, app: &App, mut tx: Tx, status: u16, answer: &StoredAnswer) -> Result<(), Refusal> {
        let text = serde_json::to_string(answer).map_err(|e| Refusal::internal(&e))?;
        let sealed = app.live().keys.seal(&*app.entropy, &text);
        idempotency::store(&mut tx, &self.session.account, &self.key, status, &sealed).await?;
        tx.commit().await?;
        Ok(())
    }

    // A key that cannot be given back comes free by itself after CLAIM.
    async fn give_back(&self, app: &App) {
        let given = async {
            let mut tx = app.store.write().await?;
            idempotency::give_back(&mut tx, &self.session.account, &self.key).await?;
            tx.commit().await?;
            Ok::<_, mostik_store::Error>(())
        };
        if let Err(error) = given.await {
            tracing::warn!(%error, "an idempotency key was not given back");
        }
    }
}
