//! A bad network between the app and the service: what stands in the middle can break each answer in a way of its own.

use std::{
    io::ErrorKind,
    net::SocketAddr,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result, anyhow};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy, copy_bidirectional, split},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::AbortHandle,
};

use crate::certificates::{Certificate, Certificates};

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It goes through.
    Pass,
    /// The connection is reset before anything was sent.
    Refuse,
    /// What is sent goes through, and the connection is reset when the answer comes.
    Lose,
    /// Each piece of an answer is so late.
    Late(Duration),
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
    /// Whoever answers shows this certificate. In the clear it is as `Pass`.
    Shows(Certificate),
    /// A page answers in the clear, whatever was begun.
    NoTls,
}

/// The thing in the middle. It ends when it is dropped.
pub struct Proxy {
    address: SocketAddr,
    is_tls: bool,
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
        Self::listen(None).await
    }

    /// The same where the service is spoken to by TLS.
    ///
    /// # Errors
    /// When there is no port for it.
    pub async fn with_tls(certificates: Certificates) -> Result<Self> {
        Self::listen(Some(Arc::new(certificates))).await
    }

    async fn listen(tls: Option<Arc<Certificates>>) -> Result<Self> {
        let is_tls = tls.is_some();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let (mode, watched) = watch::channel(Mode::Pass);
        let met = Arc::new(AtomicUsize::new(0));
        let target = Arc::new(OnceLock::new());
        let counted = Arc::clone(&met);
        let known = Arc::clone(&target);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(client, tls.clone(), known.get().copied(), watched.clone()));
            }
        });
        Ok(Self { address, is_tls, target, mode, met, task: task.abort_handle() })
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
        format!("{}://{}", if self.is_tls { "https" } else { "http" }, self.address)
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
    client: TcpStream,
    tls: Option<Arc<Certificates>>,
    target: Option<SocketAddr>,
    mut mode: watch::Receiver<Mode>,
) {
    let now = *mode.borrow_and_update();
    // A broken talk is what this is for, and a change of the mode cuts it short.
    tokio::select! {
        _ = talk(client, tls, target, now) => (),
        _ = mode.changed() => (),
    }
}

async fn talk(client: TcpStream, tls: Option<Arc<Certificates>>, target: Option<SocketAddr>, mode: Mode) -> Result<()> {
    if matches!(mode, Mode::Refuse | Mode::Lose) {
        client.set_zero_linger()?;
    }
    let Some(certificates) = tls.filter(|_| mode != Mode::NoTls) else { return talk_on(client, target, mode).await };
    let shown = if let Mode::Shows(certificate) = mode { certificate } else { Certificate::Right };
    let client = certificates.acceptor(shown)?.accept(client).await?;
    talk_on(client, target, mode).await
}

async fn talk_on<C: AsyncRead + AsyncWrite + Unpin>(
    mut client: C,
    target: Option<SocketAddr>,
    mode: Mode,
) -> Result<()> {
    let service = || async { TcpStream::connect(target.ok_or(ErrorKind::NotConnected)?).await };
    match mode {
        Mode::Pass | Mode::Shows(_) => {
            copy_bidirectional(&mut client, &mut service().await?).await?;
        }
        Mode::NoNews => {
            let mut method = [0; 4];
            client.read_exact(&mut method).await?;
            if &method != b"POST" {
                std::future::pending::<()>().await;
            }
            let mut service = service().await?;
            service.write_all(&method).await?;
            copy_bidirectional(&mut client, &mut service).await?;
        }
        Mode::Refuse => (),
        Mode::Lose => {
            let (mut answers, mut requests) = service().await?.into_split();
            let (mut client, _) = split(client);
            tokio::select! {
                _ = copy(&mut client, &mut requests) => (),
                _ = answers.read_u8() => (),
            }
        }
        Mode::Late(by) => {
            let (mut answers, mut requests) = service().await?.into_split();
            let (mut from, mut to) = split(client);
            tokio::select! {
                _ = copy(&mut from, &mut requests) => (),
                _ = late(&mut answers, &mut to, by) => (),
            }
        }
        Mode::Hang => std::future::pending().await,
        Mode::Truncate => {
            answer(&mut client, "200 OK", "application/json", "Content-Length: 4000\r\n", "{\"id\":\"L").await?;
        }
        Mode::Html | Mode::NoTls => {
            let page = "<!doctype html><title>Wi-Fi</title><h1>Sign in to the network</h1>";
            answer(&mut client, "200 OK", "text/html", "", page).await?;
        }
        Mode::Broken => answer(&mut client, "502 Bad Gateway", "text/html", "", "<h1>Bad gateway</h1>").await?,
        Mode::Busy => {
            answer(&mut client, "429 Too Many Requests", "text/plain", "Retry-After: 1\r\n", "later").await?;
        }
    }
    Ok(())
}

async fn late(
    answers: &mut (impl AsyncRead + Unpin),
    client: &mut (impl AsyncWrite + Unpin),
    by: Duration,
) -> std::io::Result<()> {
    let mut piece = [0; 16 * 1024];
    loop {
        let length = answers.read(&mut piece).await?;
        if length == 0 {
            return client.shutdown().await;
        }
        // The latency of a line is time that passes: there is no event to wait for.
        tokio::time::sleep(by).await;
        client.write_all(&piece[..length]).await?;
        client.flush().await?;
    }
}

async fn answer(
    client: &mut (impl AsyncRead + AsyncWrite + Unpin),
    status: &str,
    kind: &str,
    more: &str,
    body: &str,
) -> std::io::Result<()> {
    // The whole head has come when its first part has: requests of the app are small.
    let mut head = [0; 16 * 1024];
    if client.read(&mut head).await? == 0 {
        return Ok(());
    }
    let text = format!("HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{more}Connection: close\r\n\r\n{body}");
    client.write_all(text.as_bytes()).await?;
    client.shutdown().await
}
