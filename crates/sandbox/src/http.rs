//! What the HTTP listeners have in common: serving with faults, logging, and a clean end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures_util::{StreamExt as _, stream};
use tokio::net::{TcpListener, TcpStream};

use crate::faults::HttpFaults;
use crate::journal::{Direction, Protocol};
use crate::shared::Shared;

/// Browsers get nothing from elsewhere, and nobody frames these pages.
pub(crate) const PAGE_HEADERS: [(HeaderName, &str); 4] = [
    (header::CONTENT_SECURITY_POLICY, "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
];

/// A listener that closes every connection while its party is switched off.
pub(crate) struct PartyListener {
    listener: TcpListener,
    shared: Arc<Shared>,
    is_down: fn(&Shared) -> bool,
}

impl PartyListener {
    pub(crate) fn new(listener: TcpListener, shared: Arc<Shared>, is_down: fn(&Shared) -> bool) -> Self {
        Self { listener, shared, is_down }
    }
}

impl axum::serve::Listener for PartyListener {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        loop {
            match self.listener.accept().await {
                Ok((stream, _)) if (self.is_down)(&self.shared) => drop(stream),
                Ok((stream, peer)) => {
                    // Small answers go out at once; a failure costs only latency.
                    stream.set_nodelay(true).ok();
                    return (stream, peer);
                }
                Err(error) => {
                    tracing::warn!(%error, "accept failed");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// Serves until the sandbox stops.
pub(crate) async fn serve(listener: PartyListener, router: Router) {
    let shared = Arc::clone(&listener.shared);
    let served = axum::serve(listener, router).with_graceful_shutdown(async move { shared.stopped().await });
    if let Err(error) = served.await {
        tracing::error!(%error, "a listener ended");
    }
}

/// Plays the faults of a party around the real answer. `refusal` writes an error in the party's own form.
pub(crate) async fn with_faults(
    faults: HttpFaults,
    refusal: fn(StatusCode) -> Response,
    request: Request,
    next: Next,
) -> Response {
    if faults.delay_ms > 0 {
        tokio::time::sleep(Duration::from_millis(faults.delay_ms)).await;
    }
    let status = faults.status.and_then(|status| StatusCode::from_u16(status).ok());
    let mut response = match status {
        Some(status) if !faults.html => refusal(status),
        Some(status) => status.into_response(),
        // A broken answer does not undo what was asked for: that is what makes it dangerous, so it is done first.
        None => next.run(request).await,
    };
    if faults.html {
        let page = "<!doctype html><title>502 Bad Gateway</title><h1>502 Bad Gateway</h1><hr>nginx";
        let status = status.unwrap_or(StatusCode::OK);
        response = (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response();
    }
    if let (Some(seconds), Some(_)) = (faults.retry_after, status) {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if faults.truncate { cut_short(response).await } else { response }
}

/// Announces the whole body, sends half of it, and breaks the connection.
async fn cut_short(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let whole = axum::body::to_bytes(body, 1 << 20).await.unwrap_or_default();
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len().max(2)));
    let half = whole.slice(..whole.len() / 2);
    // The half must have left before the break, or nothing of the answer would be seen at all.
    let tail = stream::once(async {
        tokio::time::sleep(Duration::from_millis(30)).await;
        Err(broken())
    });
    Response::from_parts(parts, Body::from_stream(stream::once(async { Ok(half) }).chain(tail)))
}

/// Answers nothing and hangs up.
pub(crate) fn hang_up() -> Response {
    let nothing = stream::once(async { Err::<Bytes, _>(broken()) });
    let mut response = Response::new(Body::from_stream(nothing));
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(1024));
    response
}

fn broken() -> std::io::Error {
    std::io::ErrorKind::ConnectionAborted.into()
}

/// Writes one line per request: method, path, status. Queries stay out, because they carry codes.
pub(crate) async fn logged(shared: Arc<Shared>, protocol: Protocol, request: Request, next: Next) -> Response {
    let line = format!("{} {}", request.method(), request.uri().path());
    let response = next.run(request).await;
    shared.log(protocol, Direction::In, format!("{line} → {}", response.status().as_u16()));
    response
}

/// Text for HTML.
pub(crate) fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut safe, sign| {
        match sign {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(sign),
        }
        safe
    })
}

/// The files that both pages use.
pub(crate) fn assets<S: Clone + Send + Sync + 'static>() -> Router<S> {
    use axum::routing::{MethodRouter, get};
    fn file<S: Clone + Send + Sync + 'static>(kind: &'static str, bytes: &'static [u8]) -> MethodRouter<S> {
        get(move || async move {
            // Never stale after an update of the sandbox, and quick all the same: it is the same computer.
            ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], bytes)
        })
    }
    const CSS: &str = "text/css; charset=utf-8";
    const JS: &str = "text/javascript; charset=utf-8";
    Router::new()
        .route("/assets/stand.css", file(CSS, include_bytes!("../assets/stand.css")))
        .route("/assets/diary.css", file(CSS, include_bytes!("../assets/diary.css")))
        .route("/assets/desk.css", file(CSS, include_bytes!("../assets/desk.css")))
        .route("/assets/phone.css", file(CSS, include_bytes!("../assets/phone.css")))
        .route("/assets/chat.css", file(CSS, include_bytes!("../assets/chat.css")))
        .route("/assets/mail.css", file(CSS, include_bytes!("../assets/mail.css")))
        .route("/assets/phone.js", file(JS, include_bytes!("../assets/phone.js")))
        .route("/assets/desk.js", file(JS, include_bytes!("../assets/desk.js")))
        .route("/assets/sms.js", file(JS, include_bytes!("../assets/sms.js")))
        .route("/assets/mail.js", file(JS, include_bytes!("../assets/mail.js")))
        .route("/assets/chat.js", file(JS, include_bytes!("../assets/chat.js")))
        .route("/assets/sheet.js", file(JS, include_bytes!("../assets/sheet.js")))
        .route("/assets/code.js", file(JS, include_bytes!("../assets/code.js")))
        .route("/assets/dom.js", file(JS, include_bytes!("../assets/dom.js")))
        .route("/assets/icon.svg", file("image/svg+xml", include_bytes!("../assets/icon.svg")))
        .route(
            "/assets/golos-latin.woff2",
            file("font/woff2", include_bytes!("../assets/fonts/golos-text-latin-wght-normal.woff2")),
        )
        .route(
            "/assets/golos-cyrillic.woff2",
            file("font/woff2", include_bytes!("../assets/fonts/golos-text-cyrillic-wght-normal.woff2")),
        )
}
