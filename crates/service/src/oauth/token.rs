//! `POST /oauth/token`: codes and refresh tokens for tokens.
//!
//! A refresh token is spent by its use, and a second use ends the whole session: somebody else may hold it. One exception:
//! an answer can get lost on its way. So the token before the newest may be repeated within [`GRACE`] as long as neither
//! of the newest tokens was ever used; what the lost answer bore is dead from then on.

use axum::{
    Json,
    body::Bytes,
    extract::{FromRequest, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use mostik_store::{
    Tx,
    presented::Presented,
    sessions::{self, NewTokens, RefreshToken},
    sign_ins,
};
use mostik_wire::Code;
use serde::Serialize;
use utoipa::ToSchema;

use super::{ACCESS_LIFE, GRACE, REFRESH_LIFE};
use crate::{
    app::App,
    audit::{self, Actor},
    clock, device, keys,
    presented::is_known,
    refusal::Refusal,
};

/// RFC 6749, 5.1.
#[derive(Serialize, ToSchema)]
pub struct Tokens {
    /// Opaque, 256 bits.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds.
    pub expires_in: i64,
    /// Opaque, 256 bits, for one use.
    pub refresh_token: String,
}

/// RFC 6749, 5.2.
#[derive(Serialize, ToSchema)]
pub struct TokenError {
    /// The standard's name of the fault.
    pub error: &'static str,
    /// For an engineer.
    pub error_description: &'static str,
}

/// Why no tokens are given.
pub enum NoTokens {
    /// The standard's refusal.
    Standard(TokenError),
    /// The service's own trouble.
    Trouble(Refusal),
}

impl<E: Into<Refusal>> From<E> for NoTokens {
    fn from(error: E) -> Self {
        Self::Trouble(error.into())
    }
}

impl IntoResponse for NoTokens {
    fn into_response(self) -> Response {
        match self {
            Self::Standard(error) => no_store((StatusCode::BAD_REQUEST, Json(error)).into_response()),
            Self::Trouble(refusal) => refusal.into_response(),
        }
    }
}

const fn refused(error: &'static str, error_description: &'static str) -> NoTokens {
    NoTokens::Standard(TokenError { error, error_description })
}

fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A form, each field at most once; anything unreadable reads as empty.
pub struct Form(Vec<(String, String)>);

impl Form {
    /// The field, if it is there once.
    #[must_use]
    pub fn one(&self, name: &str) -> Option<&str> {
        let mut all = self.0.iter().filter(|(n, _)| n == name);
        let value = all.next().map(|(_, v)| v.as_str()).filter(|v| !v.is_empty());
        value.filter(|_| all.next().is_none())
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = std::convert::Infallible;
    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let bytes = Bytes::from_request(request, state).await.unwrap_or_default();
        Ok(Self(url::form_urlencoded::parse(&bytes).into_owned().collect()))
    }
}

/// What is posted: for `authorization_code` with `code`, `redirect_uri` and `code_verifier`, for `refresh_token` with `refresh_token`
/// (RFC 6749, 4.1.3 and 6; RFC 7636, 4.5).
#[derive(ToSchema)]
#[expect(dead_code, reason = "the document alone reads it: a form's fields are taken one by one")]
pub struct TokenRequest {
    /// `authorization_code` or `refresh_token`.
    grant_type: String,
    /// The app.
    client_id: String,
    /// From the sign-in.
    code: Option<String>,
    /// As it was given to the sign-in.
    redirect_uri: Option<String>,
    /// Of PKCE.
    code_verifier: Option<String>,
    /// From an earlier answer.
    refresh_token: Option<String>,
}

/// Gives tokens for a one-time code with its PKCE verifier, or for a refresh token.
///
/// # Errors
/// RFC 6749's; `account_blocked`, or `overloaded` and `internal`.
#[utoipa::path(post, path = "/oauth/token", tag = "oauth",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = Tokens), (status = 400, body = TokenError)))]
pub async fn token(State(app): State<App>, headers: HeaderMap, form: Form) -> Result<Response, NoTokens> {
    let client = form.one("client_id").filter(|id| app.live().config.clients.contains_key(*id));
    let client = client.ok_or(refused("invalid_client", "client_id is missing or unknown"))?;
    let tokens = match form.one("grant_type") {
        Some("authorization_code") => by_code(&app, client, &form, device::family(&headers)).await?,
        Some("refresh_token") => by_refresh(&app, client, &form, device::family(&headers)).await?,
        Some(_) => {
            return Err(refused("unsupported_grant_type", "grant_type must be authorization_code or refresh_token"));
        }
        None => return Err(refused("invalid_request", "grant_type is missing")),
    };
    Ok(no_store(Json(tokens).into_response()))
}

const BAD_CODE: NoTokens =
    refused("invalid_grant", "the code is unknown, used, expired, or was made for another request");
const BAD_REFRESH: NoTokens = refused("invalid_grant", "the refresh token is unknown, used or expired");

/// RFC 6749 has no word for it, and the app has to tell the person what it is.
fn blocked() -> NoTokens {
    NoTokens::Trouble(Refusal::new(Code::AccountBlocked))
}

async fn by_code(app: &App, client: &str, form: &Form, device: Option<String>) -> Result<Tokens, NoTokens> {
    let missing = || refused("invalid_request", "code, redirect_uri and code_verifier are needed, each once");
    let code = form.one("code").ok_or_else(missing)?;
    let redirect = form.one("redirect_uri").ok_or_else(missing)?;
    let verifier = form.one("code_verifier").ok_or_else(missing)?;
    let now = app.now();
    if !is_known(app, Presented::OneTimeCode, code).await? {
        return Err(BAD_CODE);
    }
    let mut tx = app.store.write().await?;
    // Spent by the first who presents it, right or wrong: a stolen code allows no second guess at the verifier.
    let mut spent = None;
    for hash in app.live().keys.token_hashes("code", code) {
        if spent.is_none() {
            spent = sign_ins::spend_code(&mut tx, &hash, now).await?;
        }
    }
    let Some(spent) = spent else { return Err(BAD_CODE) };
    let right = !spent.again
        && now < spent.expires_at
        && spent.redirect_uri == redirect
        && spent.client == client
        && (43..=128).contains(&verifier.len())
        && keys::same(&keys::s256(verifier), &spent.challenge);
    if !right || spent.blocked {
        if spent.again {
            tracing::warn!("a one-time code was used twice; its session is ended");
        }
        let ended = sessions::end(&mut tx, &spent.account, Some(&spent.session), now).await?;
        audit::sessions_ended(app, &mut tx, Actor::Service, &spent.account, &ended).await?;
        tx.commit().await?;
        app.publish_changes(&ended);
        return Err(if right { blocked() } else { BAD_CODE });
    }
    let tokens = give(app, &mut tx, &spent.session, device).await?;
    tx.commit().await?;
    Ok(tokens)
}

async fn by_refresh(app: &App, client: &str, form: &Form, device: Option<String>) -> Result<Tokens, NoTokens> {
    let token = form.one("refresh_token").ok_or(refused("invalid_request", "refresh_token is needed, once"))?;
    let now = app.now();
    if !is_known(app, Presented::RefreshToken, token).await? {
        return Err(BAD_REFRESH);
    }
    let mut tx = app.store.write().await?;
    let mut found = None;
    for hash in app.live().keys.token_hashes("refresh", token) {
        if found.is_none() {
            found = sessions::of_refresh_token(&mut tx, &hash).await?.map(|token| (hash, token));
        }
    }
    let Some((hash, RefreshToken { session, generation, expires_at, spent_at })) = found else {
        return Err(BAD_REFRESH);
    };
    if session.client != client {
        return Err(BAD_REFRESH);
    }
    if session.blocked {
        return Err(blocked());
    }
    if session.ended_at.is_some() || now >= expires_at {
        return Err(BAD_REFRESH);
    }
    if let Some(spent_at) = spent_at {
        let answer_was_lost =
            generation + 1 == session.newest && session.confirmed < session.newest && now < spent_at.plus(GRACE);
        if !answer_was_lost {
            tracing::warn!("a refresh token was used twice; its session is ended");
            let ended = sessions::end(&mut tx, &session.account, Some(&session.id), now).await?;
            audit::sessions_ended(app, &mut tx, Actor::Service, &session.account, &ended).await?;
            tx.commit().await?;
            app.publish_changes(&ended);
            return Err(BAD_REFRESH);
        }
        sessions::take_tokens_back(&mut tx, &session.id, session.newest).await?;
    } else {
        // Whoever presents the newest token holds it.
        if !sessions::spend(&mut tx, &hash, now).await? {
            return Err(BAD_REFRESH);
        }
        sessions::confirm(&mut tx, &session.id, generation).await?;
    }
    let tokens = give(app, &mut tx, &session.id, device).await?;
    tx.commit().await?;
    Ok(tokens)
}

async fn give(app: &App, tx: &mut Tx, session: &str, device: Option<String>) -> Result<Tokens, NoTokens> {
    let now = app.now();
    let (access, refresh) = (clock::token::<32>(&*app.entropy), clock::token::<32>(&*app.entropy));
    let new = NewTokens {
        access_hash: &app.live().keys.token_hash("access", &access),
        access_expires_at: now.plus(ACCESS_LIFE),
        refresh_hash: &app.live().keys.token_hash("refresh", &refresh),
        refresh_expires_at: now.plus(REFRESH_LIFE),
        device: device.as_deref(),
        now,
    };
    sessions::give_tokens(tx, session, &new).await?;
    Ok(Tokens { access_token: access, token_type: "Bearer", expires_in: ACCESS_LIFE / 1000, refresh_token: refresh })
}
