//! One request, one answer: what came is named here, whether to ask again is decided elsewhere.

use std::{
    error::Error,
    io,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use mostik_flow::{Language, News};
use mostik_wire::Millis;
use reqwest::{
    Method, RequestBuilder, Response,
    header::{ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER, SERVER},
    redirect,
};
use serde::de::DeserializeOwned;
use tokio::sync::watch;
use url::Url;

use crate::{Clock, Timeouts, failure::Failure, input_sender::InputSender, retry::RequestError, settings::is_loopback};

/// The most bytes of an answer that are read; the largest answer of the contract is far smaller.
const LARGEST_ANSWER: usize = 1024 * 1024;
/// A clock that is off by less than this is right: `Date` has whole seconds.
const CLOCK_TOLERANCE_MS: i64 = 2000;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A request, as often as it is sent.
pub struct Request {
    method: Method,
    url: Url,
    key: Option<String>,
    body: Option<(&'static str, Vec<u8>)>,
}

impl Request {
    /// A GET.
    pub const fn get(url: Url) -> Self {
        Self { method: Method::GET, url, key: None, body: None }
    }

    /// A POST with the key under which it may be repeated.
    pub const fn post(url: Url, key: String, media_type: &'static str, body: Vec<u8>) -> Self {
        Self { method: Method::POST, url, key: Some(key), body: Some((media_type, body)) }
    }
}

/// The way to the service.
pub struct Http {
    client: reqwest::Client,
    service: Url,
    clock: Arc<dyn Clock>,
    inputs: InputSender,
    out_of_reach: watch::Sender<bool>,
    /// The language of what the service writes to people.
    english: AtomicBool,
    /// The offset that the machine counts by.
    offset_ms: Mutex<i64>,
    /// The service's version, as the machine knows it.
    version: Mutex<Option<String>>,
}

impl Http {
    pub fn new(
        service: Url,
        timeouts: &Timeouts,
        clock: Arc<dyn Clock>,
        inputs: InputSender,
    ) -> Result<Self, reqwest::Error> {
        let mut client = reqwest::Client::builder()
            .connect_timeout(timeouts.connect)
            .redirect(redirect::Policy::none())
            .https_only(service.scheme() == "https")
            .user_agent(format!("mostik/{} ({})", env!("CARGO_PKG_VERSION"), std::env::consts::OS));
        if is_loopback(&service) {
            client = client.no_proxy();
        }
        #[cfg(target_os = "android")]
        {
            let authorities = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
            client = client.tls_certs_only(authorities.flat_map(|authority| reqwest::Certificate::from_der(authority)));
        }
        Ok(Self {
            client: client.build()?,
            service,
            clock,
            inputs,
            out_of_reach: watch::Sender::new(false),
            english: AtomicBool::new(false),
            offset_ms: Mutex::default(),
            version: Mutex::default(),
        })
    }

    /// Letters and messages come in this language from now on.
    pub fn use_language(&self, language: Language) {
        self.english.store(language == Language::En, Ordering::Relaxed);
    }

    /// The service's address.
    pub const fn service(&self) -> &Url {
        &self.service
    }

    /// Whether the service is out of reach, and when that changes.
    pub fn out_of_reach(&self) -> watch::Receiver<bool> {
        self.out_of_reach.subscribe()
    }

    /// An address of the service's; each part is one segment, whatever characters it holds.
    pub fn url<'a>(&self, parts: impl IntoIterator<Item = &'a str>) -> Url {
        let mut url = self.service.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(parts);
        }
        url
    }

    /// Sends once and reads the answer as `T`.
    pub async fn json<T: DeserializeOwned>(
        &self,
        request: &Request,
        bearer: Option<&HeaderValue>,
        limit: Duration,
    ) -> Result<T, RequestError> {
        let bytes = self.bytes(request, bearer, limit).await?;
        serde_json::from_slice(&bytes).map_err(|_| Failure::Unreadable.into())
    }

    /// Sends once and reads the body of a good answer.
    pub async fn bytes(
        &self,
        request: &Request,
        bearer: Option<&HeaderValue>,
        limit: Duration,
    ) -> Result<Vec<u8>, RequestError> {
        let exchange = async {
            let response = self.send(request, bearer, HeaderMap::new()).await?;
            read(response).await.map_err(RequestError::from)
        };
        let result = match tokio::time::timeout(limit, exchange).await {
            Ok(result) => result,
            Err(_) => Err(Failure::TimedOut.into()),
        };
        self.note_reach(result.as_ref().err().map(|failed| &failed.failure));
        result
    }

    /// Sends once; the answer's head was good, its body is still to be read.
    pub async fn open(
        &self,
        request: &Request,
        bearer: Option<&HeaderValue>,
        headers: HeaderMap,
        limit: Duration,
    ) -> Result<Response, RequestError> {
        let result = match tokio::time::timeout(limit, self.send(request, bearer, headers)).await {
            Ok(result) => result,
            Err(_) => Err(Failure::TimedOut.into()),
        };
        self.note_reach(result.as_ref().err().map(|failed| &failed.failure));
        result
    }

    async fn send(
        &self,
        request: &Request,
        bearer: Option<&HeaderValue>,
        headers: HeaderMap,
    ) -> Result<Response, RequestError> {
        let mut builder: RequestBuilder = self.client.request(request.method.clone(), request.url.clone());
        let language = if self.english.load(Ordering::Relaxed) { "en" } else { "ru" };
        builder = builder.header(ACCEPT, "application/json, application/problem+json");
        builder = builder.header(ACCEPT_LANGUAGE, language).headers(headers);
        if let Some(key) = &request.key {
            builder = builder.header(IDEMPOTENCY_KEY, key);
        }
        if let Some(bearer) = bearer {
            builder = builder.header(reqwest::header::AUTHORIZATION, bearer);
        }
        if let Some((media_type, body)) = &request.body {
            builder = builder.header(CONTENT_TYPE, *media_type).body(body.clone());
        }
        let sent = self.clock.now();
        let response = builder.send().await.map_err(|error| of_sending(&error))?;
        let received = self.clock.now();
        let status = response.status();
        if status.is_success() && !is_html(&response) {
            self.note_clock(response.headers(), sent, received);
            self.note_version(response.headers());
            return Ok(response);
        }
        let date = date(response.headers());
        let retry_after = retry_after(response.headers(), date.unwrap_or(received.0));
        let headers = response.headers().clone();
        let html = is_html(&response);
        let body = read(response).await.unwrap_or_default();
        let mut failure = Failure::of_answer(status, html, &body, retry_after.map(|wait| received.plus(millis(wait))));
        if let Failure::Refused(problem) = &mut failure {
            self.note_clock(&headers, sent, received);
            self.note_version(&headers);
            if problem.retry_at.is_none() {
                // In a problem it is a moment of the service's clock.
                problem.retry_at = retry_after.map(|wait| Millis(date.unwrap_or(received.0)).plus(millis(wait)));
            }
        }
        Err(RequestError { failure, retry_after })
    }

    /// Tells the machine when the service goes out of reach or comes back.
    fn note_reach(&self, failure: Option<&Failure>) {
        let out_of_reach = match failure {
            Some(failure) if failure.is_of_the_network() => true,
            None | Some(Failure::Refused(_)) => false,
            // Somebody answered, but not the service: nothing is known.
            Some(_) => return,
        };
        self.out_of_reach.send_if_modified(|known| {
            let changed = std::mem::replace(known, out_of_reach) != out_of_reach;
            if changed {
                self.inputs.news(News::Reach(!out_of_reach));
            }
            changed
        });
    }

    /// Tells the machine which release of the service answers.
    fn note_version(&self, headers: &HeaderMap) {
        let server = headers.get(SERVER).and_then(|value| value.to_str().ok());
        let Some(version) = server.and_then(mostik_flow::service_version) else { return };
        let mut told = self.version.lock().unwrap_or_else(PoisonError::into_inner);
        if told.as_ref() != Some(&version) {
            *told = Some(version.clone());
            self.inputs.news(News::Service(version));
        }
    }

    fn note_clock(&self, headers: &HeaderMap, sent: Millis, received: Millis) {
        let Some(date) = date(headers) else { return };
        // Written somewhere in its second, somewhere between sending and receiving.
        let offset_ms = date.saturating_add(500).saturating_sub(sent.0 / 2 + received.0 / 2);
        let mut told = self.offset_ms.lock().unwrap_or_else(PoisonError::into_inner);
        if told.abs_diff(offset_ms) > CLOCK_TOLERANCE_MS.unsigned_abs() {
            *told = offset_ms;
            self.inputs.news(News::ClockOffset(offset_ms));
        }
    }
}

/// Reads a body that is not too large.
async fn read(mut response: Response) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() <= LARGEST_ANSWER => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Ok(Some(_)) => return Err(Failure::Unreadable),
            Err(error) if error.is_timeout() => return Err(Failure::TimedOut),
            Err(_) => return Err(Failure::Unreadable),
        }
    }
}

fn of_sending(error: &reqwest::Error) -> Failure {
    // The error's own text would name the address; its kind is enough.
    if error.is_connect() {
        of_handshake(error).unwrap_or(Failure::NotConnected)
    } else if error.is_timeout() {
        Failure::TimedOut
    } else {
        Failure::BrokenOff
    }
}

/// What TLS had against whoever answered, if it came to that.
fn of_handshake(error: &reqwest::Error) -> Option<Failure> {
    let mut next = error.source();
    while let Some(cause) = next {
        if let Some(tls) = cause.downcast_ref() {
            return Some(of_tls(tls));
        }
        next = match cause.downcast_ref::<io::Error>() {
            // An error of a stream names what the one within it comes of, and not that one itself.
            Some(stream) => stream.get_ref().map(|inner| inner as &(dyn Error + 'static)),
            None => cause.source(),
        };
    }
    None
}

fn of_tls(error: &rustls::Error) -> Failure {
    use rustls::{CertificateError as Certificate, Error as Tls};
    match error {
        Tls::InvalidCertificate(
            Certificate::Expired
            | Certificate::ExpiredContext { .. }
            | Certificate::NotValidYet
            | Certificate::NotValidYetContext { .. },
        ) => Failure::OutOfDate,
        // No TLS at all: the sign-in page of a network answers so.
        Tls::InvalidMessage(_) => Failure::NotTheService,
        _ => Failure::NotTrusted,
    }
}

fn is_html(response: &Response) -> bool {
    let media_type = response.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let media_type = media_type.trim_start().to_ascii_lowercase();
    media_type.starts_with("text/html") || media_type.starts_with("application/xhtml")
}

/// The `Date` header in milliseconds.
fn date(headers: &HeaderMap) -> Option<i64> {
    headers.get(DATE)?.to_str().ok().and_then(http_date)
}

fn http_date(text: &str) -> Option<i64> {
    let at: SystemTime = httpdate::parse_http_date(text).ok()?;
    i64::try_from(at.duration_since(UNIX_EPOCH).ok()?.as_millis()).ok()
}

/// `Retry-After` as a wait: seconds, or a moment on the clock of whoever wrote it.
fn retry_after(headers: &HeaderMap, their_now: i64) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(Duration::from_secs(seconds.into()));
    }
    let wait = http_date(text)?.saturating_sub(their_now);
    Some(Duration::from_millis(u64::try_from(wait).unwrap_or(0)))
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
