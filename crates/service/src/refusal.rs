//! What a request is refused with: few and stable outside, rich in the log.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use mostik_store::Inconsistent;
use mostik_wire::{Code, Linking, Millis, Problem};

use crate::{clock::SystemEntropy, keys::Unsealable, request_id};

/// A refusal on its way to the client.
#[derive(Debug)]
pub struct Refusal {
    problem: Box<Problem>,
    retry_after: Option<i64>,
    kept: bool,
    changed: Vec<String>,
}

impl Refusal {
    /// The plain refusal.
    #[must_use]
    pub fn new(code: Code) -> Self {
        let retry_after = matches!(code, Code::Overloaded | Code::RequestInFlight).then_some(1);
        Self { problem: Box::new(Problem::new(code)), retry_after, kept: false, changed: Vec::new() }
    }

    /// Names the field or header that was wrong; never its value.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.problem.detail = Some(detail.into());
        self
    }

    /// Shows the linking as it is now.
    #[must_use]
    pub fn linking(mut self, linking: Linking) -> Self {
        self.problem.linking = Some(Box::new(linking));
        self
    }

    /// Names the account that moved the linking meanwhile.
    #[must_use]
    pub fn moved_by(mut self, called: Option<String>) -> Self {
        self.problem.moved_by = called;
        self
    }

    /// Says how many tries remain.
    #[must_use]
    pub fn tries_left(mut self, tries: u32) -> Self {
        self.problem.tries_left = Some(tries);
        self
    }

    /// Says when the same request can succeed.
    #[must_use]
    pub fn retry_at(mut self, at: Millis, now: Millis) -> Self {
        self.problem.retry_at = Some(at);
        // Rounded up: a client that waits as told is never too early.
        self.retry_after = Some((at.since(now).max(0) + 999) / 1000);
        self
    }

    /// Marks a refusal that has changed something (a try was counted): it is stored as the request's answer.
    #[must_use]
    pub fn kept(mut self) -> Self {
        self.kept = true;
        self
    }

    /// Names the linkings that a kept refusal has changed.
    #[must_use]
    pub fn and_changed(mut self, changed: Vec<String>) -> Self {
        self.changed = changed;
        self
    }

    /// The linkings that a kept refusal has changed.
    #[must_use]
    pub fn changed(&self) -> &[String] {
        &self.changed
    }

    /// Whether the refusal has changed something.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.kept
    }

    /// The stable name.
    #[must_use]
    pub fn code(&self) -> Code {
        self.problem.code
    }

    /// The body.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// Something broke inside: logged under an id, told by the id alone.
    #[must_use]
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        let event = event_id();
        tracing::error!(%event, %cause, "a request failed");
        let mut refusal = Self::new(Code::Internal);
        refusal.problem.event = Some(event);
        refusal
    }
}

// `M-7F3K-21`: short enough to read out on the telephone, without letters that look alike.
fn event_id() -> String {
    use crate::clock::Entropy;
    let letters: String = request_id::letters::<4>(&SystemEntropy).iter().collect();
    let mut bytes = [0; 2];
    SystemEntropy.fill(&mut bytes);
    format!("M-{letters}-{:02}", u16::from_le_bytes(bytes) % 100)
}

impl From<mostik_store::Error> for Refusal {
    fn from(error: mostik_store::Error) -> Self {
        match error {
            mostik_store::Error::Busy(error) => {
                tracing::warn!(%error, "the database is busy");
                Self::new(Code::Overloaded)
            }
            mostik_store::Error::Inconsistent(_) | mostik_store::Error::Failed(_) => Self::internal(&error),
        }
    }
}

impl From<Inconsistent> for Refusal {
    fn from(error: Inconsistent) -> Self {
        Self::internal(&error)
    }
}

impl From<Unsealable> for Refusal {
    fn from(error: Unsealable) -> Self {
        Self::internal(&error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(&*self.problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(r#"Bearer error="invalid_token""#));
        }
        // For the router, which counts it and names the request in it.
        response.extensions_mut().insert(*self.problem);
        response
    }
}
