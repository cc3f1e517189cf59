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
use mostik_wire::{Code, Export, HandOff, HandedOff, Linking, LinkingId, Profile, SessionsEnded, Unlinked};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    app::App,
    clock::{DAY, SECOND},
    db::Tx,
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
pub enum Turned {
    /// It is refused.
    Away(Refusal),
    /// It was answered before.
    Answered(Box<Response>),
}

impl From<Refusal> for Turned {
    fn from(refusal: Refusal) -> Self {
        Self::Away(refusal)
    }
}

impl From<sqlx::Error> for Turned {
    fn from(error: sqlx::Error) -> Self {
        Self::Away(error.into())
    }
}

impl IntoResponse for Turned {
    fn into_response(self) -> Response {
        match self {
            Self::Away(refusal) => refusal.into_response(),
            Self::Answered(response) => *response,
        }
    }
}

/// What a POST is answered with.
pub trait Answer: Serialize {
    /// The linking that the POST moved, if it is one.
    fn linking(&self) -> Option<&LinkingId> {
        None
    }
}

impl Answer for Linking {
    fn linking(&self) -> Option<&LinkingId> {
        Some(&self.id)
    }
}

impl Answer for Profile {}
impl Answer for Export {}
impl Answer for Unlinked {}
impl Answer for SessionsEnded {}
impl Answer for HandOff {}
impl Answer for HandedOff {}

#[derive(Serialize, Deserialize)]
struct StoredAnswer {
    problem: bool,
    retry_after: Option<String>,
    body: String,
}

impl<T: DeserializeOwned + Send> FromRequest<App> for Post<T> {
    type Rejection = Turned;

    async fn from_request(request: Request, app: &App) -> Result<Self, Turned> {
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
        let hash = app.keys.body_hash(parts.uri.path(), &bytes);
        claim(app, &session.account, &key, &hash).await?;
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

type KeyRow = (String, i64, i64, Option<i64>, Option<String>);

async fn claim(app: &App, account: &str, key: &str, hash: &str) -> Result<(), Turned> {
    let now = app.now().0;
    const FIND: &str = "SELECT body_hash, claimed_until, expires_at, status, sealed_answer
                        FROM idempotency WHERE account_id = $1 AND idempotency_key = $2";
    // Read first: a repeated request must not queue behind the very one that it repeats.
    let seen: Option<KeyRow> = sqlx::query_as(FIND).bind(account).bind(key).fetch_optional(app.db.read()).await?;
    judge(app, seen, hash, now)?;
    let mut tx = app.db.write().await?;
    let seen: Option<KeyRow> = sqlx::query_as(FIND).bind(account).bind(key).fetch_optional(&mut *tx).await?;
    judge(app, seen, hash, now)?;
    sqlx::query(
        "INSERT INTO idempotency (account_id, idempotency_key, body_hash, claimed_until, expires_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (account_id, idempotency_key)
         DO UPDATE SET body_hash = $3, claimed_until = $4, expires_at = $5, status = NULL, sealed_answer = NULL",
    )
    .bind(account)
    .bind(key)
    .bind(hash)
    .bind(now + CLAIM)
    .bind(now + DAY)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(())
}

// Ok: the key is free, or what holds it is over.
fn judge(app: &App, seen: Option<KeyRow>, hash: &str, now: i64) -> Result<(), Turned> {
    let Some((stored_hash, claimed_until, expires_at, status, sealed)) = seen else { return Ok(()) };
    if now >= expires_at {
        return Ok(());
    }
    if stored_hash != hash {
        return Err(Refusal::new(Code::IdempotencyKeyReused).into());
    }
    match (status, sealed) {
        (Some(status), Some(sealed)) => {
            let text = app.keys.open(&sealed).map_err(Refusal::from)?;
            let stored: StoredAnswer = serde_json::from_str(&text).map_err(|e| Refusal::internal(&e))?;
            Err(Turned::Answered(Box::new(replay(status, stored))))
        }
        _ if now < claimed_until => Err(Refusal::new(Code::RequestInFlight).into()),
        _ => Ok(()),
    }
}

fn replay(status: i64, stored: StoredAnswer) -> Response {
    let status = u16::try_from(status).ok().and_then(|s| StatusCode::from_u16(s).ok());
    let mut response = (status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), stored.body).into_response();
    let kind = if stored.problem { "application/problem+json" } else { "application/json" };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(value) = stored.retry_after.and_then(|v| HeaderValue::from_str(&v).ok()) {
        headers.insert(header::RETRY_AFTER, value);
    }
    response
}

impl<T> Post<T> {
    /// Begins the transaction of the work.
    ///
    /// # Errors
    /// When the database is busy; the key is given back as far as that is possible.
    pub async fn begin(&self, app: &App) -> Result<Tx, Refusal> {
        match app.db.write().await {
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

    /// Ends the transaction: commits what changed together with its answer, or undoes it and gives the key back.
    ///
    /// # Errors
    /// The refusal itself.
    pub async fn finish<A: Answer>(
        self,
        app: &App,
        mut tx: Tx,
        result: Result<A, Refusal>,
    ) -> Result<Response, Refusal> {
        match result {
            Ok(done) => {
                if let Some(linking) = done.linking() {
                    sqlx::query(
                        "UPDATE linkings SET moved_by = $2 WHERE id = $1 AND (moved_by IS NULL OR moved_by <> $2)",
                    )
                    .bind(&linking.0)
                    .bind(&self.session.account)
                    .execute(&mut *tx)
                    .await?;
                }
                let body = serde_json::to_string(&done).map_err(|e| Refusal::internal(&e))?;
                let answer = StoredAnswer { problem: false, retry_after: None, body };
                self.store(app, tx, 200, &answer).await?;
                app.announce(done.linking().map_or("", |linking| &linking.0));
                Ok(replay(200, answer))
            }
            Err(refusal) if refusal.is_kept() => {
                let status = refusal.problem().status;
                let body = serde_json::to_string(refusal.problem()).map_err(|e| Refusal::internal(&e))?;
                let changed = refusal.problem().linking.as_ref().map(|l| l.id.0.clone());
                let answer = StoredAnswer { problem: true, retry_after: None, body };
                self.store(app, tx, status, &answer).await?;
                if let Some(id) = changed {
                    app.announce(&id);
                }
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
        sqlx::query(
            "UPDATE idempotency SET status = $3, sealed_answer = $4 WHERE account_id = $1 AND idempotency_key = $2",
        )
        .bind(&self.session.account)
        .bind(&self.key)
        .bind(i64::from(status))
        .bind(app.keys.seal(&*app.entropy, &text))
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    // A key that cannot be given back comes free by itself after CLAIM.
    async fn give_back(&self, app: &App) {
        let given = async {
            let mut tx = app.db.write().await?;
            sqlx::query("DELETE FROM idempotency WHERE account_id = $1 AND idempotency_key = $2 AND status IS NULL")
                .bind(&self.session.account)
                .bind(&self.key)
                .execute(&mut *tx)
                .await?;
            tx.commit().await
        };
        if let Err(error) = given.await {
            tracing::warn!(%error, "an idempotency key was not given back");
        }
    }
}
