//! What the service answered, and whether it was announced.

use mostik_service::contract::{ENDPOINTS, name};
use mostik_wire::{Code, Linking, Problem};
use reqwest::{StatusCode, header::HeaderMap};
use serde_json::Value;

/// An answer, whole.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub async fn of(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        Self { status, headers, text: response.text().await.unwrap() }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    /// The body without the id of its request, which no two answers share.
    pub fn without_request_id(&self) -> Value {
        let mut body = self.json();
        if let Some(fields) = body.as_object_mut() {
            fields.remove("request_id");
        }
        body
    }

    #[track_caller]
    pub fn linking(&self) -> Linking {
        assert_eq!(self.status, 200, "{self:?}");
        serde_json::from_str(&self.text).unwrap()
    }

    /// The refusal. The id of the request, which no two answers share, is held against the header and set aside.
    #[track_caller]
    pub fn problem(&self, code: Code) -> Problem {
        let mut problem: Problem = serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {self:?}"));
        assert_eq!(problem.code, code, "{self:?}");
        assert_eq!(self.status, code.status());
        assert_eq!(problem.status, code.status());
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert_eq!(problem.request_id.take().as_deref(), self.headers["x-request-id"].to_str().ok());
        problem
    }

    pub fn location(&self) -> url::Url {
        url::Url::parse(self.headers["location"].to_str().unwrap()).unwrap()
    }

    pub fn parameter(&self, name: &str) -> Option<String> {
        self.location().query_pairs().find(|(n, _)| n == name).map(|(_, v)| v.into_owned())
    }
}

pub struct Events {
    pub response: reqwest::Response,
    pub text: String,
}

impl Events {
    pub async fn next(&mut self) -> Option<Linking> {
        loop {
            if let Some((event, rest)) = self.text.clone().split_once("\n\n") {
                self.text = rest.to_owned();
                let field = |name: &str| event.lines().find_map(|l| l.strip_prefix(name)).map(str::trim);
                let Some(data) = field("data:") else { continue };
                assert_eq!(field("event:"), Some("linking"));
                let linking: Linking = serde_json::from_str(data).unwrap();
                assert_eq!(field("id:"), Some(linking.version.to_string().as_str()));
                return Some(linking);
            }
            let chunk = self.response.chunk().await.ok()??;
            self.text += std::str::from_utf8(&chunk).unwrap();
        }
    }
}

/// Nothing is refused in a way that `docs/errors.md` does not announce.
pub fn hold_to_contract(method: &str, path: &str, answer: &Answer) {
    if answer.status.is_success() || answer.status.is_redirection() {
        return;
    }
    let Ok(problem) = serde_json::from_str::<Problem>(&answer.text) else { return };
    let path = path.split('?').next().unwrap_or_default();
    let fits = |pattern: &str| {
        let (a, b): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
        a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a.starts_with('{') || a == b)
    };
    if let Some(endpoint) = ENDPOINTS.iter().find(|e| e.method == method && fits(e.path)) {
        let announced = endpoint.codes().contains(&problem.code);
        assert!(announced, "{method} {path} answered {}, which docs/errors.md does not announce", name(problem.code));
    }
}
