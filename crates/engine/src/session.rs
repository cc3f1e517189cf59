//! The session: its tokens, the vault that keeps them, and their renewal. Tokens never leave this file but in a header.

use std::sync::{Arc, Mutex, PoisonError};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
use mostik_flow::{KeyringProblem, News};
use mostik_wire::{Code, Problem, Secret};
use reqwest::header::HeaderValue;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::{
    MemoryVault, Random, Timeouts, Vault,
    failure::{Failure, OAuthError},
    http::{Http, Request},
    input_sender::InputSender,
    retry::{RequestError, RetryPolicy},
    vault::VaultThread,
};

/// This app, as the service knows it.
pub const CLIENT_ID: &str = "mostik-desktop";
const FORM: &str = "application/x-www-form-urlencoded";

/// The answer of the token endpoint (RFC 6749, 5.1).
#[derive(Deserialize)]
pub struct Grant {
    access_token: Secret,
    refresh_token: Secret,
}

/// What proves to the service who asks.
pub struct Bearer {
    /// The `Authorization` header, marked as sensitive.
    pub header: HeaderValue,
    generation: u64,
}

/// Who is signed in, if anybody is.
pub struct Session {
    http: Arc<Http>,
    inputs: InputSender,
    timeouts: Timeouts,
    random: Arc<dyn Random>,
    vault: Mutex<Arc<VaultThread>>,
    state: tokio::sync::Mutex<SessionState>,
}

#[derive(Default)]
struct SessionState {
    tokens: Option<Grant>,
    // Grows with every change of the tokens: whoever was refused with older ones need not renew them again.
    generation: u64,
}

impl Session {
    pub fn new(
        http: Arc<Http>,
        inputs: InputSender,
        timeouts: Timeouts,
        random: Arc<dyn Random>,
        vault: Arc<dyn Vault>,
    ) -> Self {
        let vault = Mutex::new(Arc::new(VaultThread::start(vault, timeouts.keyring)));
        Self { http, inputs, timeouts, random, vault, state: tokio::sync::Mutex::default() }
    }

    /// Looks into the vault; says whether a session was in it.
    pub async fn load(&self) -> Result<bool, KeyringProblem> {
        let mut state = self.state.lock().await;
        let stored = self.vault().read().await?;
        state.tokens = stored.and_then(|secret| self.unpack(&secret));
        state.generation += 1;
        Ok(state.tokens.is_some())
    }

    /// Keeps the session in memory from now on.
    pub fn keep_in_memory(&self) {
        let vault = Arc::new(VaultThread::start(Arc::new(MemoryVault::default()), self.timeouts.keyring));
        *self.vault.lock().unwrap_or_else(PoisonError::into_inner) = vault;
    }

    /// Takes a new session on. It holds in any case; says why it could not be kept.
    pub async fn establish(&self, grant: Grant) -> Option<KeyringProblem> {
        let mut state = self.state.lock().await;
        let packed = self.pack(&grant);
        state.tokens = Some(grant);
        state.generation += 1;
        self.vault().write(packed).await.err()
    }

    /// Whether anybody is signed in.
    pub async fn is_held(&self) -> bool {
        self.state.lock().await.tokens.is_some()
    }

    /// Forgets the session here. Returns the request that ends it at the service.
    pub async fn forget(&self) -> Option<Request> {
        let mut state = self.state.lock().await;
        self.drop_tokens(&mut state).await.map(|grant| {
            let fields = [("token", grant.refresh_token.expose()), ("client_id", CLIENT_ID)];
            self.form("revoke", &fields, key_from(&grant.refresh_token, "revoke"))
        })
    }

    /// The service has ended the session: forgets it and tells the machine, once.
    pub async fn ended(&self, bearer: &Bearer, problem: &Problem) {
        let mut state = self.state.lock().await;
        if state.generation == bearer.generation && self.drop_tokens(&mut state).await.is_some() {
            self.inputs.news(News::SessionEnded(Box::new(problem.clone())));
        }
    }

    /// What proves who asks; waits while the tokens are being read or renewed.
    pub async fn bearer(&self) -> Result<Bearer, Failure> {
        Self::bearer_of(&*self.state.lock().await)
    }

    /// Renews the tokens, unless somebody else has done so since `refused` was handed out.
    pub async fn renew(self: &Arc<Self>, refused: Bearer) -> Result<Bearer, Failure> {
        let this = Arc::clone(self);
        // A task of its own: the refresh token is spent when the request arrives, so whoever asked for it and goes away
        // must not take the answer along.
        let renewal = tokio::spawn(async move { this.renew_now(&refused).await });
        renewal.await.unwrap_or(Err(Failure::Unreadable))
    }

    async fn renew_now(&self, refused: &Bearer) -> Result<Bearer, Failure> {
        let mut state = self.state.lock().await;
        let Some(grant) = state.tokens.as_ref().filter(|_| state.generation == refused.generation) else {
            return Self::bearer_of(&state);
        };
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", grant.refresh_token.expose()),
            ("client_id", CLIENT_ID),
        ];
        let request = self.form("token", &fields, key_from(&grant.refresh_token, "refresh"));
        let mut retry = RetryPolicy::begin(&self.timeouts, &*self.random);
        loop {
            match self.http.json::<Grant>(&request, None, retry.limit()).await {
                Ok(grant) => {
                    // Written before it is used: from its first use on the service takes no older token.
                    if let Err(problem) = self.vault().write(self.pack(&grant)).await {
                        tracing::warn!(?problem, "the renewed session is in memory only");
                        self.inputs.news(News::NotKept);
                    }
                    state.tokens = Some(grant);
                    state.generation += 1;
                    return Self::bearer_of(&state);
                }
                Err(failed) => {
                    if let Some(problem) = ended_by(&failed.failure) {
                        self.drop_tokens(&mut state).await;
                        self.inputs.news(News::SessionEnded(problem.clone()));
                        return Err(Failure::Refused(problem));
                    }
                    match retry.after(&failed) {
                        Some(wait) => tokio::time::sleep(wait).await,
                        None => return Err(failed.failure),
                    }
                }
            }
        }
    }

    /// Exchanges the code of a sign-in. A code is good for one use: the request is repeated only if it was never sent.
    pub async fn exchange(&self, code: &Secret, redirect: &str, verifier: &Secret) -> Result<Grant, Failure> {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code.expose()),
            ("redirect_uri", redirect),
            ("client_id", CLIENT_ID),
            ("code_verifier", verifier.expose()),
        ];
        let request = self.form("token", &fields, key_from(verifier, "code"));
        let mut retry = RetryPolicy::begin(&self.timeouts, &*self.random);
        loop {
            let failed: RequestError = match self.http.json(&request, None, retry.limit()).await {
                Ok(grant) => return Ok(grant),
                Err(failed) => failed,
            };
            let wait = retry.after(&failed).filter(|_| matches!(failed.failure, Failure::NotConnected));
            match wait {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(failed.failure),
            }
        }
    }

    fn bearer_of(state: &SessionState) -> Result<Bearer, Failure> {
        let grant = state.tokens.as_ref().ok_or(Failure::NoSession)?;
        let text = format!("Bearer {}", grant.access_token.expose());
        let mut header = HeaderValue::from_str(&text).map_err(|_| Failure::Unreadable)?;
        header.set_sensitive(true);
        Ok(Bearer { header, generation: state.generation })
    }

    async fn drop_tokens(&self, state: &mut SessionState) -> Option<Grant> {
        let tokens = state.tokens.take();
        state.generation += 1;
        if let Err(problem) = self.vault().forget().await {
            tracing::warn!(?problem, "the session was not forgotten in the keyring");
        }
        tokens
    }

    fn vault(&self) -> Arc<VaultThread> {
        Arc::clone(&self.vault.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn form(&self, endpoint: &str, fields: &[(&str, &str)], key: String) -> Request {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        Request::post(self.http.url(["oauth", endpoint]), key, FORM, body.into_bytes())
    }

    // The service's address lies beside the tokens: they are never sent to another one.
    fn pack(&self, grant: &Grant) -> Secret {
        let (access, refresh) = (grant.access_token.expose(), grant.refresh_token.expose());
        let json = serde_json::json!({ "v": 1, "service": self.http.service(), "access": access, "refresh": refresh });
        Secret::new(json.to_string())
    }

    fn unpack(&self, secret: &Secret) -> Option<Grant> {
        let stored: StoredTokens = serde_json::from_str(secret.expose()).ok()?;
        (stored.v == 1 && stored.service == self.http.service().as_str())
            .then_some(Grant { access_token: stored.access, refresh_token: stored.refresh })
    }
}

#[derive(Deserialize)]
struct StoredTokens {
    v: u8,
    service: String,
    access: Secret,
    refresh: Secret,
}

/// What the token endpoint said, where there is no session any more.
fn ended_by(failure: &Failure) -> Option<Box<Problem>> {
    match failure {
        Failure::Refused(problem) => {
            let ends = matches!(problem.code, Code::SessionEnded | Code::AccountBlocked | Code::Unauthorized);
            ends.then(|| problem.clone())
        }
        Failure::OAuth(OAuthError::InvalidGrant) => Some(Box::new(Problem::new(Code::SessionEnded))),
        _ => None,
    }
}

// The key of a token request comes from the token it spends: the same request bears the same key, after a restart too.
fn key_from(token: &Secret, purpose: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(b"mostik idempotency ");
    hash.update(purpose);
    hash.update(b" ");
    hash.update(token.expose());
    BASE64URL.encode(hash.finalize())
}
