//! Stories told to the sandbox by real clients of its protocols: reqwest, rusmppc, lettre, maxoxide.

mod diary;
mod mail;
mod max;
mod phone;
mod program;
mod sms;
mod vk;

use mostik_sandbox::{Options, Sandbox};
use reqwest::Client;
use serde_json::Value;

/// A running sandbox and a client that follows no redirects.
struct Stand {
    sandbox: Sandbox,
    http: Client,
}

impl Stand {
    async fn start() -> Self {
        Self::with(Options::default()).await
    }

    async fn with(options: Options) -> Self {
        let sandbox = Sandbox::start(options).await.expect("free ports on loopback");
        let http = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        Self { sandbox, http }
    }

    fn at(&self, party: &str, path: &str) -> String {
        format!("{}{path}", self.sandbox.get(party).trim_end_matches('/'))
    }

    /// Asks the JSON of the page.
    async fn ask(&self, path: &str) -> Value {
        self.http.get(self.at("phone", path)).send().await.expect("an answer").json().await.expect("JSON")
    }

    /// Does something over the JSON of the page.
    async fn tell(&self, path: &str, body: Value) -> Value {
        let answer = self.http.post(self.at("phone", path)).json(&body).send().await.expect("an answer");
        answer.json().await.expect("JSON")
    }

    async fn faults(&self, wish: Value) {
        let answer = self.http.patch(self.at("phone", "/api/faults")).json(&wish).send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
    }
}
