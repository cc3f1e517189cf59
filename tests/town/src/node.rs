//! Nodes of the service: the real router over the real store, with a clock and randomness of their own.

use std::{net::SocketAddr, path::Path, sync::Arc};

use anyhow::{Result, anyhow};
use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use mostik_service::{Config, app::App, client::Peer};
use mostik_store::Store;

use crate::time::NodeClock;

/// What MAX proves its calls of the webhook with.
pub const WEBHOOK_SECRET: &str = "a-secret-of-the-hook";
/// The bot's token, by which MAX signs contacts.
pub const BOT_TOKEN: &str = "a-token-of-the-towns-bot";
/// Where the app gets its answer from the browser.
pub const REDIRECT: &str = "http://127.0.0.1:49152/callback";
/// Where all of this is reached from outside, by name alone.
pub const PUBLIC: &str = "https://mostik.town.test";

/// A node.
pub struct Node {
    /// The clock that it reads.
    pub clock: Arc<NodeClock>,
    /// What it is made of, while it runs.
    pub running: Option<(App, Router)>,
    /// How often it has been started.
    pub starts: u64,
}

/// What came back.
#[derive(Clone)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Vec<u8>,
}

impl Answer {
    /// Where a browser is sent.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.headers.get(header::LOCATION).and_then(|value| value.to_str().ok())
    }
}

/// A request as it goes over the network.
#[derive(Clone)]
pub struct Asked {
    /// GET or POST.
    pub method: Method,
    /// Path with its query.
    pub path: String,
    /// The key under which it may be repeated.
    pub key: Option<String>,
    /// The access token.
    pub bearer: Option<String>,
    /// Media type and body.
    pub body: Option<(&'static str, Vec<u8>)>,
    /// From where.
    pub from: SocketAddr,
    /// A header besides.
    pub besides: Option<(&'static str, &'static str)>,
}

impl Asked {
    /// A GET.
    #[must_use]
    pub fn get(path: impl Into<String>, from: SocketAddr) -> Self {
        Self { method: Method::GET, path: path.into(), key: None, bearer: None, body: None, from, besides: None }
    }

    /// A POST.
    #[must_use]
    pub fn post(path: impl Into<String>, media_type: &'static str, body: Vec<u8>, from: SocketAddr) -> Self {
        Self { method: Method::POST, body: Some((media_type, body)), ..Self::get(path, from) }
    }

    pub(crate) fn request(&self) -> Result<Request<Body>> {
        let mut request = Request::builder().method(self.method.clone()).uri(&self.path);
        if let Some(key) = &self.key {
            request = request.header("idempotency-key", key);
        }
        if let Some(bearer) = &self.bearer {
            request = request.header(header::AUTHORIZATION, format!("Bearer {bearer}"));
        }
        if let Some((name, value)) = self.besides {
            request = request.header(name, value);
        }
        let body = match &self.body {
            None => Body::empty(),
            Some((media_type, body)) => {
                request = request.header(header::CONTENT_TYPE, *media_type);
                Body::from(body.clone())
            }
        };
        let mut request = request.body(body)?;
        request.extensions_mut().insert(ConnectInfo(Peer::of(self.from)));
        Ok(request)
    }
}

/// The settings of every node.
///
/// # Errors
/// Says which setting is wrong.
pub fn config(database: &Path, parties: &str) -> Result<Config> {
    let text = format!(
        "listen = \"127.0.0.1:0\"\npublic_url = \"{PUBLIC}\"\ndatabase = {database:?}\n\
         secret_key = \"a-secret-of-the-town-0123456789abcdef\"\nmessengers = \"max vk\"\n\
         [diary]\nauthorize_url = \"{parties}/diary/authorize\"\ntoken_url = \"{parties}/diary/token\"\n\
         api_url = \"{parties}/diary\"\ncalendar_url = \"{parties}/calendar\"\nclient_id = \"mostik\"\nclient_secret = \"town\"\n\
         [[sms.centre]]\nname = \"town\"\nsmpp = \"smpp://127.0.0.1:9\"\nsystem_id = \"mostik\"\npassword = \"town\"\n\
         [mail]\nserver = \"127.0.0.1\"\nport = \"9\"\nsecurity = \"none\"\nfrom = \"no-reply@school.test\"\n\
         [max]\napi_url = \"{parties}/max\"\ntoken = \"{BOT_TOKEN}\"\nbot = \"mostik_bot\"\nlink_base = \"https://max.test\"\n\
         mode = \"webhook\"\nwebhook_secret = \"{WEBHOOK_SECRET}\"\n\
         [vk]\nauthorize_url = \"{parties}/vk/authorize\"\ntoken_url = \"{parties}/vk/token\"\n\
         user_info_url = \"{parties}/vk/user_info\"\nrevoke_url = \"{parties}/vk/revoke\"\nclient_id = \"51000001\"\n",
    );
    Config::from_parts(&text, &|_| None).map_err(|faults| anyhow!("{faults:?}"))
}

/// Opens the database of a town.
///
/// # Errors
/// When there is no place for it.
pub async fn open(database: &Path) -> Result<Store> {
    Ok(Store::open(&database.into()).await?)
}
