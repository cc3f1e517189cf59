//! A bad network between the app and the service: what stands in the middle can break each answer in a way of its own.

use std::{
    io::ErrorKind,
    net::SocketAddr,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use anyhow::{Context, Result, anyhow};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::AbortHandle,
};

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It goes through.
    Pass,
    /// The connection is refused.
    Refuse,
    /// The answer breaks off.
    Truncate,
    /// A page of something else answers: the hotel's network wants a sign-in.
    Html,
    /// The service is broken.
    Broken,
    /// Too many requests.
    Busy,
    /// Nobody ever answers.
    Hang,
    /// What is sent goes through; nobody answers what only asks.
    NoNews,
}

/// The thing in the middle. It ends when it is dropped.
pub struct Proxy {
    address: SocketAddr,
    target: Arc<OnceLock<SocketAddr>>,
    mode: watch::Sender<Mode>,
    met: Arc<AtomicUsize>,
    task: AbortHandle,
}

impl Proxy {
    /// Listens; until [`Proxy::lead_to`] nothing gets through.
    ///
    /// # Errors
    /// When there is no port for it.
    pub async fn new() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let (mode, watched) = watch::channel(Mode::Pass);
        let met = Arc::new(AtomicUsize::new(0));
        let target = Arc::new(OnceLock::new());
        let counted = Arc::clone(&met);
        let known = Arc::clone(&target);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(serve(client, known.get().copied(), watched.clone(), Arc::clone(&counted)));
            }
        });
        Ok(Self { address, target, mode, met, task: task.abort_handle() })
    }

    /// Passes everything on to `service`, `host:port`, from now on.
    ///
    /// # Errors
    /// When this is no address.
    pub fn lead_to(&self, service: &str) -> Result<()> {
        self.target.set(service.parse()?).map_err(|_| anyhow!("the proxy leads somewhere already"))
    }

    /// What the app is told to be the service.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on; connections that stand are cut.
    pub fn set(&self, mode: Mode) {
        self.met.store(0, Ordering::SeqCst);
        self.mode.send_replace(mode);
    }

    /// Waits until a request has met the present mode.
    ///
    /// # Errors
    /// When none comes.
    pub async fn is_met(&self) -> Result<()> {
        let met = crate::until("a request on the bad network", || async {
            (self.met.load(Ordering::SeqCst) > 0).then_some(())
        });
        met.await.context("the app asked nothing")
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    mut client: TcpStream,
    target: Option<SocketAddr>,
    mut mode: watch::Receiver<Mode>,
    met: Arc<AtomicUsize>,
) {
    let now = *mode.borrow_and_update();
    met.fetch_add(1, Ordering::SeqCst);
    let talk = async {
        match now {
            Mode::Pass => pass(&mut client, target).await?,
            Mode::NoNews => {
                let mut method = [0; 4];
                client.peek(&mut method).await?;
                if &method != b"POST" {
                    std::future::pending::<()>().await;
                }
                pass(&mut client, target).await?;
            }
            Mode::Refuse => (),
            Mode::Hang => std::future::pending().await,
            Mode::Truncate => {
                answer(&mut client, "200 OK", "application/json", "Content-Length: 4000\r\n", "{\"id\":\"L").await?
            }
            Mode::Html => {
                let page = "<!doctype html><title>Wi-Fi</title><h1>Sign in to the network</h1>";
                answer(&mut client, "200 OK", "text/html", "", page).await?;
            }
            Mode::Broken => answer(&mut client, "502 Bad Gateway", "text/html", "", "<h1>Bad gateway</h1>").await?,
            Mode::Busy => {
                answer(&mut client, "429 Too Many Requests", "text/plain", "Retry-After: 1\r\n", "later").await?;
            }
        }
        std::io::Result::Ok(())
    };
    // A broken talk is what this is for, and a change of the mode cuts it short.
    tokio::select! {
        _ = talk => (),
        _ = mode.changed() => (),
    }
}

async fn pass(client: &mut TcpStream, target: Option<SocketAddr>) -> std::io::Result<()> {
    let mut service = TcpStream::connect(target.ok_or(ErrorKind::NotConnected)?).await?;
    copy_bidirectional(client, &mut service).await.map(|_| ())
}

async fn answer(client: &mut TcpStream, status: &str, kind: &str, more: &str, body: &str) -> std::io::Result<()> {
    // The whole head has come when its first part has: requests of the app are small.
    let mut head = [0; 16 * 1024];
    if client.read(&mut head).await? == 0 {
        return Ok(());
    }
    let text = format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{more}Connection: close\r\n\r\n{body}");
    client.write_all(text.as_bytes()).await?;
    client.shutdown().await
}
