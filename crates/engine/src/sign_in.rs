//! Signing in at the diary in the system's browser (RFC 8252): we listen on loopback, the service sends the browser back.

mod callback;
mod page;

use std::{
    net::Ipv4Addr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL};
use mostik_flow::{Attempt, CauseKind, Reply};
use mostik_wire::Secret;
use sha2::{Digest, Sha256};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    task::JoinSet,
};
use url::Url;

use crate::{
    Random,
    context::EffectContext,
    failure::failure_reply,
    http::{Http, Request},
    ports::random_bytes,
    session::CLIENT_ID,
};
use callback::{Callback, Expected, Outcome};
use page::Page;

/// A browser has sent its request by then, or it has only opened a connection in advance.
const REQUEST: Duration = Duration::from_secs(5);
/// The most bytes of a request that are read; what a browser sends is far smaller.
const LARGEST_REQUEST: usize = 16 * 1024;
/// So many connections are served at a time; a browser opens fewer.
const MOST_CONNECTIONS: usize = 16;

/// One sign-in, from the opened browser to the kept session.
pub async fn run(context: Arc<EffectContext>, attempt: Attempt, address: Arc<OnceLock<String>>) -> Reply {
    let api = &context.api;
    // Without a network the browser would show its own error page, and the person would wait for nothing.
    let probe = Request::get(api.http.url(["health", "live"]));
    if let Err(error) = api.http.bytes(&probe, None, api.timeouts.connect).await
        && error.failure.is_of_the_network()
    {
        return error.failure.into_reply();
    }
    let listener = match TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await {
        Ok(listener) => listener,
        Err(error) => {
            tracing::error!(%error, "no port to listen on for the browser");
            return failure_reply(CauseKind::BrowserNotOpened);
        }
    };
    let Ok(port) = listener.local_addr().map(|at| at.port()) else { return failure_reply(CauseKind::BrowserNotOpened) };
    let request = AuthorizationRequest::new(&api.http, &*api.random, port);
    let url = request.address.to_string();
    // `set` fails only if it was set: each sign-in has its own.
    drop(address.set(url.clone()));
    // Some openers return only when the browser is closed: its answer comes before that.
    let opening = async {
        context.inputs.reply(attempt, context.open_browser(url).await);
        std::future::pending().await
    };
    let answer = tokio::select! {
        answer = tokio::time::timeout(api.timeouts.sign_in, wait(&listener, request.expected)) => answer,
        answer = opening => answer,
    };
    match answer {
        Err(_) => failure_reply(CauseKind::SignInAbandoned),
        Ok((Outcome::Refused(kind), stream)) => {
            show(stream, Page::of(kind)).await;
            failure_reply(kind)
        }
        Ok((Outcome::Code(code), stream)) => {
            // Nothing else can come: the port is free again before the person is back.
            drop(listener);
            match api.session.exchange(&code, &request.redirect, &request.verifier).await {
                Ok(grant) => {
                    let not_kept = api.session.establish(grant).await;
                    show(stream, Page::Done).await;
                    Reply::SignedIn { not_kept }
                }
                Err(failure) => {
                    show(stream, Page::Failed).await;
                    failure.into_reply()
                }
            }
        }
    }
}

/// What the browser is sent off with, and what must come back.
struct AuthorizationRequest {
    address: Url,
    redirect: String,
    verifier: Secret,
    expected: Expected,
}

impl AuthorizationRequest {
    fn new(http: &Http, random: &dyn Random, port: u16) -> Self {
        // 256 bits each: 43 characters, the least that RFC 7636 allows for a verifier.
        let state = BASE64URL.encode(random_bytes::<32>(random));
        let verifier = BASE64URL.encode(random_bytes::<32>(random));
        let challenge = BASE64URL.encode(Sha256::digest(&verifier));
        let redirect = format!("http://127.0.0.1:{port}{}", callback::PATH);
        let mut address = http.url(["oauth", "authorize"]);
        address.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", CLIENT_ID),
            ("redirect_uri", &redirect),
            ("state", &state),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        let expected = Expected::new(port, state, http.service());
        Self { address, redirect, verifier: Secret::new(verifier), expected }
    }
}

/// Waits for the one true answer of the browser; everything else gets a page and changes nothing.
async fn wait(listener: &TcpListener, expected: Expected) -> (Outcome, TcpStream) {
    let expected = Arc::new(expected);
    let (found, mut outcomes) = mpsc::channel(1);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Some(outcome) = outcomes.recv() => return outcome,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept(), if connections.len() < MOST_CONNECTIONS => {
                // An error is that one connection's.
                let Ok((stream, _)) = accepted else { continue };
                connections.spawn(serve(stream, Arc::clone(&expected), found.clone()));
            }
        }
    }
}

async fn serve(mut stream: TcpStream, expected: Arc<Expected>, found: mpsc::Sender<(Outcome, TcpStream)>) {
    let Ok(Some(head)) = tokio::time::timeout(REQUEST, read_head(&mut stream)).await else { return };
    match callback::read(&head, &expected) {
        Callback::Outcome(outcome) => {
            // Full or closed: another answer was first, and this one is of no use any more.
            if let Err(refused) = found.try_send((outcome, stream)) {
                let (_, stream) = refused.into_inner();
                show(stream, Page::Forged).await;
            }
        }
        Callback::Forged => show(stream, Page::Forged).await,
        Callback::NotFound => show(stream, Page::NotFound).await,
    }
}

/// The head of a request; `None` for what is none.
async fn read_head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut buffer = [0; 2048];
    loop {
        let read = stream.read(&mut buffer).await.ok().filter(|&read| read > 0)?;
        head.extend_from_slice(&buffer[..read]);
        if let Some(end) = head.windows(4).position(|four| four == b"\r\n\r\n") {
            head.truncate(end);
            return String::from_utf8(head).ok();
        }
        if head.len() > LARGEST_REQUEST {
            return None;
        }
    }
}

/// Shows a page; a browser that went away misses nothing that the app does not show.
async fn show(mut stream: TcpStream, page: Page) {
    let answer = page.answer();
    let write = async {
        stream.write_all(answer.as_bytes()).await?;
        stream.shutdown().await?;
        // Until the browser has closed its side: a reset could overtake the page.
        let mut rest = [0; 256];
        while stream.read(&mut rest).await? > 0 {}
        std::io::Result::Ok(())
    };
    if !matches!(tokio::time::timeout(Duration::from_secs(1), write).await, Ok(Ok(()))) {
        tracing::debug!("the browser did not wait for its page");
    }
}
