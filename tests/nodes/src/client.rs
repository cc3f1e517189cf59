//! An app without a window: signs in at the diary as a browser does, and asks the service.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use mostik_world::World;
use reqwest::{Response, redirect::Policy};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const VERIFIER: &str = "a-verifier-of-the-tests-0123456789-0123456789-0123";
const REDIRECT: &str = "http://127.0.0.1:49152/callback";
/// As long as the app waits for an answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// Asks the service at one address.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    service: String,
    diary: String,
}

/// Somebody who has signed in.
#[derive(Clone)]
pub struct SignedIn {
    token: String,
    /// The pupils whose diaries that opens.
    pub pupils: Vec<String>,
}

impl SignedIn {
    /// What their requests bear.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }
}

impl Client {
    /// Of the service of a world, or what stands before it.
    ///
    /// # Errors
    /// When the world has not said where it is.
    pub fn of(world: &World) -> Result<Self> {
        let http = reqwest::Client::builder().no_proxy().redirect(Policy::none()).timeout(PATIENCE).build()?;
        Ok(Self { http, service: world.address("service")?, diary: world.address("diary")? })
    }

    /// The same at one node.
    #[must_use]
    pub fn at(&self, listens: &str) -> Self {
        Self { service: format!("http://{listens}"), ..self.clone() }
    }

    /// Signs in as this account of the diary.
    ///
    /// # Errors
    /// When a step of it does not work.
    pub async fn sign_in(&self, login: &str) -> Result<SignedIn> {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let asked = [
            ("response_type", "code"),
            ("client_id", "mostik-desktop"),
            ("redirect_uri", REDIRECT),
            ("state", "state-of-the-app"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let there = self.http.get(format!("{}/oauth/authorize", self.service)).query(&asked).send().await?;
        let page = self.http.get(location(&there)?).send().await?.text().await?;
        let request = page.split_once("name=\"request\" value=\"").and_then(|(_, rest)| rest.split('"').next());
        let form = [("request", request.context("the diary's page has no form")?), ("account", login)];
        let back = self.http.post(format!("{}/sps/oauth/ae", self.diary)).form(&form).send().await?;
        let back = self.http.get(location(&back)?).send().await?;
        let back = location(&back)?;
        let code =
            back.split(['?', '&']).find_map(|pair| pair.strip_prefix("code=")).context("no code has come back")?;
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", "mostik-desktop"),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
        ];
        let tokens = self.http.post(format!("{}/oauth/token", self.service)).form(&form).send().await?;
        let tokens: Value = tokens.error_for_status()?.json().await?;
        let token = tokens["access_token"].as_str().context("no token has come")?.to_owned();
        let me = self.get(&token, "/v1/me").await?;
        let pupils = me["pupils"].as_array().into_iter().flatten().filter_map(|pupil| pupil["id"].as_str());
        let pupils = pupils.map(str::to_owned).collect();
        Ok(SignedIn { token, pupils })
    }

    async fn get(&self, token: &str, path: &str) -> Result<Value> {
        // A question changes nothing: where the node dies that has it, it is asked once more, as the app does.
        let ask = || self.http.get(format!("{}{path}", self.service)).bearer_auth(token).send();
        let answer = match ask().await {
            Ok(answer) if !answer.status().is_server_error() => answer,
            Ok(_) | Err(_) => ask().await?,
        };
        Ok(answer.error_for_status()?.json().await?)
    }

    /// A linking as it stands.
    ///
    /// # Errors
    /// When it is not told.
    pub async fn linking(&self, by: &SignedIn, id: &str) -> Result<Value> {
        self.get(&by.token, &format!("/v1/linkings/{id}")).await
    }

    /// A key that no request has borne.
    #[must_use]
    pub fn new_key() -> String {
        static KEYS: AtomicU64 = AtomicU64::new(0);
        format!("key-of-the-nodes-{:09}", KEYS.fetch_add(1, Ordering::Relaxed))
    }

    /// Sends a POST under a key.
    ///
    /// # Errors
    /// When no answer comes.
    pub async fn post(&self, by: &SignedIn, path: &str, key: &str, body: &Value) -> Result<Response> {
        let request = self.http.post(format!("{}{path}", self.service)).bearer_auth(&by.token);
        Ok(request.header("idempotency-key", key).json(body).send().await?)
    }

    /// Begins a linking.
    ///
    /// # Errors
    /// When that is refused.
    pub async fn begin(&self, by: &SignedIn, pupil: &str) -> Result<Value> {
        let answer = self.post(by, "/v1/linkings", &Self::new_key(), &json!({ "pupil": pupil })).await?;
        ensure!(answer.status().is_success(), "{}", answer.text().await?);
        Ok(answer.json().await?)
    }

    /// Follows a linking's events.
    ///
    /// # Errors
    /// When the stream does not begin.
    pub async fn events(&self, by: &SignedIn, id: &str) -> Result<Events> {
        let request = self.http.get(format!("{}/v1/linkings/{id}/events", self.service)).bearer_auth(&by.token);
        // It lasts.
        let answer = request.timeout(Duration::from_secs(600)).send().await?.error_for_status()?;
        Ok(Events { answer, text: String::new() })
    }
}

fn location(answer: &Response) -> Result<String> {
    let to = answer.headers().get("location").with_context(|| format!("{} leads nowhere", answer.status()))?;
    Ok(to.to_str()?.to_owned())
}

/// The events of a linking.
pub struct Events {
    answer: Response,
    text: String,
}

impl Events {
    /// The version that the next event tells; `None`: the stream has ended.
    ///
    /// # Errors
    /// When an event cannot be read.
    pub async fn next_version(&mut self) -> Result<Option<u64>> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let version = event.lines().find_map(|line| line.strip_prefix("id:")).map(|id| id.trim().parse());
                self.text = rest.to_owned();
                if let Some(version) = version {
                    return Ok(Some(version?));
                }
                continue;
            }
            match self.answer.chunk().await {
                Ok(Some(bytes)) => self.text.push_str(&String::from_utf8_lossy(&bytes)),
                Ok(None) | Err(_) => return Ok(None),
            }
        }
    }
}
