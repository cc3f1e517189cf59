//! Connections: accepted up to a number, each with its time for a handshake, a request's head, its body, and for reading the answer.
//! HTTP/1.1, in the clear or over TLS.

mod in_time;
mod places;
mod timer;
mod turn;

use std::{convert::Infallible, io, net::SocketAddr, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    serve::Listener,
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpSocket, TcpStream},
    sync::watch,
    task::JoinSet,
    time::timeout,
};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

pub use self::places::Limits;
use self::{
    in_time::{Answer, InTime, Question},
    places::{Place, Places},
    turn::Turn,
};
use crate::{client::Peer, config::ConnectionsConfig};

/// How many connections may wait to be accepted; the system may hold it to less (`net.core.somaxconn`). tokio's own listeners let 128
/// wait: of hundreds that come at the same moment the rest would be served half a minute later, by what TCP repeats.
const BACKLOG: u32 = 4096;

/// Listens at an address.
///
/// # Errors
/// What the system says: the address is taken, or not of this machine.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A restart does not wait for what the connections of before leave behind. On Windows this would share the address.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves until `stopping` turns true, and then until what is under way is answered.
pub async fn serve(
    mut listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    limits: Limits,
    mut stopping: watch::Receiver<bool>,
) {
    let places = Arc::new(Places::new(&limits));
    let serving = Serving { tls, router, times: Arc::new(limits.connections), stopping: stopping.clone() };
    let mut open = JoinSet::new();
    loop {
        tokio::select! {
            // axum's waits a moment where the system has no more sockets to give.
            (stream, peer) = Listener::accept(&mut listener) => {
                let peer = Peer::of(peer);
                // Who gets no place is hung up on at once: an answer would hold the connection for as long as it is not read.
                if let Some(place) = places.take(peer.address()) {
                    open.spawn(serving.clone().connection(stream, peer, place));
                }
            }
            Some(_) = open.join_next() => {}
            () = end(&mut stopping) => break,
        }
    }
    drop(listener);
    while open.join_next().await.is_some() {}
}

#[derive(Clone)]
struct Serving {
    tls: Option<TlsAcceptor>,
    router: Router,
    times: Arc<ConnectionsConfig>,
    stopping: watch::Receiver<bool>,
}

impl Serving {
    // Its place is free again when it ends, however it does.
    async fn connection(mut self, stream: TcpStream, peer: Peer, _place: Place) {
        let Some(tls) = self.tls.take() else { return self.speak(stream, peer).await };
        let handshake = timeout(self.times.head_within, tls.accept(stream));
        let shaken = tokio::select! {
            shaken = handshake => shaken,
            () = end(&mut self.stopping) => return,
        };
        // Who does not finish one is a scanner, or gone: there is nobody to tell.
        if let Ok(Ok(stream)) = shaken {
            self.speak(stream, peer).await;
        }
    }

    async fn speak<T: AsyncRead + AsyncWrite + Unpin + Send + 'static>(mut self, stream: T, peer: Peer) {
        let turn = Turn::default();
        let stream = TokioIo::new(InTime::new(stream, turn.clone(), Arc::clone(&self.times)));
        let (router, body_within) = (self.router, self.times.body_within);
        let answering = service_fn(move |request: hyper::Request<Incoming>| {
            let answer = turn.answer();
            let mut request: Request = request.map(|body| Body::new(Question::new(body, body_within)));
            request.extensions_mut().insert(ConnectInfo(peer));
            let answered = router.clone().oneshot(request);
            async move { Ok::<_, Infallible>(answered.await?.map(|body| Answer::new(body, answer))) }
        });
        let mut connection = std::pin::pin!(http1::Builder::new().serve_connection(stream, answering));
        tokio::select! {
            // How it ends is told by the requests themselves.
            _ = connection.as_mut() => return,
            () = end(&mut self.stopping) => connection.as_mut().graceful_shutdown(),
        }
        drop(connection.await);
    }
}

// An error means that the sender is gone: the end as well.
async fn end(stopping: &mut watch::Receiver<bool>) {
    drop(stopping.wait_for(|stop| *stop).await);
}
