//! What a request of `/oauth2/…` brings: VK's own clients put some of it into the address and the rest into the form.

use std::collections::HashMap;

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header;

use super::refusal::Refusal;
use crate::secrets::accepts;
use crate::shared::Shared;

/// The most bytes of a request that are read.
const MOST_BYTES: usize = 64 * 1024;

/// These never stand in an address, which ends up in logs.
const SECRETS: [&str; 4] = ["access_token", "code", "id_token", "refresh_token"];

/// The fields of a request, or why it could not be read.
pub(super) struct Fields {
    values: HashMap<String, String>,
    wrong: Option<String>,
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = std::convert::Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        let mut fields = Self { values: HashMap::new(), wrong: None };
        let query = request.uri().query().unwrap_or_default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            if SECRETS.contains(&&*name) {
                fields.wrong = Some(format!("{name} belongs into the body"));
            }
            fields.put(&name, value.into_owned());
        }
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let is_form = kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
        match to_bytes(request.into_body(), MOST_BYTES).await {
            Ok(body) if body.is_empty() => {}
            Ok(body) if is_form => {
                for (name, value) in url::form_urlencoded::parse(&body) {
                    fields.put(&name, value.into_owned());
                }
            }
            Ok(_) => fields.wrong = Some("Content-Type must be application/x-www-form-urlencoded".into()),
            Err(_) => fields.wrong = Some("the body is too large or broke off".into()),
        }
        Ok(fields)
    }
}

impl Fields {
    fn put(&mut self, name: &str, value: String) {
        if self.values.insert(name.to_owned(), value).is_some() {
            self.wrong = Some(format!("{name} is there twice"));
        }
    }

    /// A field that is there and not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A field that has to be there.
    pub(super) fn need(&self, name: &str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| Refusal::missing(name))
    }

    /// Lets pass what can be read and comes from the application.
    pub(super) fn check(&self, shared: &Shared) -> Result<(), Refusal> {
        if let Some(wrong) = &self.wrong {
            return Err(Refusal::new("invalid_request", wrong));
        }
        if !accepts(&shared.secrets().vk_client, self.need("client_id")?) {
            return Err(Refusal::new("invalid_client", "client_id is missing or invalid"));
        }
        Ok(())
    }
}
