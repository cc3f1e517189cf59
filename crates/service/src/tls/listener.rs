//! Connections over TLS, for axum. A connection comes out once its handshake is done; a slow one keeps nobody waiting.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::serve::Listener;
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tokio_rustls::{TlsAcceptor, rustls::ServerConfig, server::TlsStream};

/// How long a handshake may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Handshakes at once; further connections wait in the system's queue.
const MOST: usize = 1024;

type Connection = (TlsStream<TcpStream>, SocketAddr);

/// Listens with TLS.
pub struct TlsListener {
    tcp: TcpListener,
    acceptor: TlsAcceptor,
    handshakes: JoinSet<Option<Connection>>,
}

impl TlsListener {
    /// TLS over what a TCP listener accepts.
    #[must_use]
    pub fn new(tcp: TcpListener, server: ServerConfig) -> Self {
        Self { tcp, acceptor: TlsAcceptor::from(Arc::new(server)), handshakes: JoinSet::new() }
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> Connection {
        loop {
            tokio::select! {
                (stream, peer) = Listener::accept(&mut self.tcp), if self.handshakes.len() < MOST => {
                    let handshake = self.acceptor.accept(stream);
                    self.handshakes.spawn(async move {
                        // Who does not finish one is a scanner, or gone: there is nobody to tell.
                        let stream = tokio::time::timeout(PATIENCE, handshake).await.ok()?.ok()?;
                        Some((stream, peer))
                    });
                }
                Some(done) = self.handshakes.join_next() => {
                    if let Ok(Some(connection)) = done {
                        return connection;
                    }
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.tcp.local_addr()
    }
}
