//! Starting and ending.

use std::{future::Future, sync::Arc, time::Duration};

use mostik_store::{Store, secret_keys::Holder};
use tokio::{
    sync::{Mutex, Notify, watch},
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

use crate::{
    app::{self, App, Shared},
    audit,
    changes::Changes,
    clock::{self, Clock, Entropy},
    coalesced::Coalesced,
    config::{Config, Fault, MaxMode},
    exchange,
    keys::Keys,
    lease,
    live::{Live, Present, Unusable, bound_keys},
    mail, max, metrics,
    passwords::Hasher,
    reload::{self, NotReloaded, Taken},
    rotation, router,
    serving::{self, Limits, serve},
    sms, sweep,
    tls::{self, Certificates},
    work::{self, Work},
};

/// How long requests under way are waited for at the end.
const FAREWELL: Duration = Duration::from_secs(10);

/// Why the service did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error(transparent)]
    Database(#[from] mostik_store::OpenError),
    /// The address.
    #[error("listen: the address cannot be taken: {0}")]
    Listen(#[source] std::io::Error),
    /// The address of the metrics.
    #[error("metrics.listen: the address cannot be taken: {0}")]
    Metrics(#[source] std::io::Error),
    /// TLS for the diary.
    #[error("the client for the diary cannot be made: {0}")]
    Diary(#[from] reqwest::Error),
    /// A client of an outside party.
    #[error(transparent)]
    Party(#[from] Unusable),
    /// The service's own certificate.
    #[error("{0}")]
    Certificate(Fault),
    /// TLS of the service itself.
    #[error("tls: it cannot be set up: {0}")]
    Tls(#[from] tokio_rustls::rustls::Error),
}

impl From<Fault> for StartError {
    fn from(fault: Fault) -> Self {
        Self::Certificate(fault)
    }
}

/// A running service.
pub struct Service {
    /// Where it is reached.
    pub url: String,
    /// Where its metrics are read, if anywhere.
    pub metrics_url: Option<String>,
    /// How its own certificate is, now and as it changes; `None`: it does not speak TLS by itself.
    pub certificate: Option<watch::Receiver<tls::State>>,
    drain: watch::Sender<bool>,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
    metrics: Option<JoinHandle<()>>,
    workers: Vec<JoinHandle<()>>,
    app: App,
}

impl Service {
    /// Opens the database, listens, and starts the senders.
    ///
    /// # Errors
    /// Says which of these failed.
    pub async fn start(config: Config, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Result<Self, StartError> {
        let store = Store::open(&config.database).await?;
        let node = clock::token::<8>(&*entropy);
        let keys = Arc::new(bound_keys(&store, &config, Holder::Node(&node), clock.now()).await?);
        let listener = serving::listen(config.listen).map_err(StartError::Listen)?;
        let bound = listener.local_addr().map_err(StartError::Listen)?;
        let metrics_listener = match config.metrics_listen {
            Some(address) => Some(serving::listen(address).map_err(StartError::Metrics)?),
            None => None,
        };
        let tls = config.tls.clone().map(Certificates::read).transpose()?.map(Arc::new);
        let scheme = if tls.is_some() { "https" } else { "http" };
        let url = config.public_url.clone().unwrap_or_else(|| format!("{scheme}://{bound}"));
        let (stop, stopping) = watch::channel(false);
        let (drain, draining) = watch::channel(false);
        let (changes, untold) = Changes::new();
        let base =
            Base { url: url.clone(), store: store.clone(), node, keys, clock, entropy, changes, tls: tls.clone() };
        let app = assemble(config, base, stopping.clone(), draining)?;
        let mut workers = vec![
            tokio::spawn(sms::run(app.clone())),
            tokio::spawn(mail::run(app.clone())),
            tokio::spawn(lease::while_held(app.clone(), Work::Sweep, sweep::run)),
            tokio::spawn(lease::while_held(app.clone(), Work::AuditChain, audit::chain::run)),
        ];
        if app.store.is_shared() {
            workers.push(tokio::spawn(exchange::tell(app.clone(), untold)));
            workers.push(tokio::spawn(exchange::hear(app.clone())));
            workers.push(tokio::spawn(rotation::keep_held(app.clone())));
        }
        let live = app.live();
        if live.bot.is_some() {
            workers.push(tokio::spawn(max::send::run(app.clone())));
            workers.push(tokio::spawn(max::menu::show(app.clone())));
            workers.push(match live.config.max.mode {
                MaxMode::Polling => {
                    let (app, bot) = (app.clone(), live.config.max.bot.clone());
                    tokio::spawn(async move {
                        lease::while_held(app.clone(), Work::Polling(&bot), max::poll::run).await;
                    })
                }
                MaxMode::Webhook => tokio::spawn(max::webhook::keep_subscribed(app.clone())),
            });
        }
        drop(live);
        let limits = Limits::of(&app.live().config);
        let (mut metrics, mut metrics_url) = (None, None);
        if let Some(listener) = metrics_listener {
            metrics_url = Some(format!("http://{}/metrics", listener.local_addr().map_err(StartError::Metrics)?));
            let router = metrics::router(app.clone());
            metrics = Some(tokio::spawn(serve(listener, None, router, limits.clone(), stopping.clone())));
        }
        let running = app.clone();
        let acceptor = match &tls {
            None => None,
            Some(certificates) => {
                workers.push(tokio::spawn(tls::run(app.clone(), Arc::clone(certificates))));
                Some(TlsAcceptor::from(Arc::new(certificates.server()?)))
            }
        };
        let server = tokio::spawn(serve(listener, acceptor, router::router(app), limits, stopping));
        let certificate = tls.map(|certificates| certificates.state());
        Ok(Self { url, metrics_url, certificate, drain, stop, server, metrics, workers, app: running })
    }

    /// Says from now on that it is not ready, so that a balancer leads nobody here any more, and serves all the same for `pause`, or until
    /// `enough`.
    pub async fn drain(&self, pause: Duration, enough: impl Future<Output = ()>) {
        self.drain.send_replace(true);
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = enough => {}
        }
    }

    /// Takes up what may change of these settings: keys, and the secrets of the outside parties. What is under way goes on.
    ///
    /// # Errors
    /// Says why it cannot; then everything stays as it is.
    pub async fn reload(&self, config: Config) -> Result<Taken, NotReloaded> {
        reload::reload(&self.app, config).await
    }

    /// Ends it: no new requests, those under way are answered, senders finish their message.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        if tokio::time::timeout(FAREWELL, &mut self.server).await.is_err() {
            tracing::warn!("requests under way were cut off");
            self.server.abort();
        }
        for mut worker in std::mem::take(&mut self.workers).into_iter().chain(self.metrics.take()) {
            if tokio::time::timeout(FAREWELL, &mut worker).await.is_err() {
                worker.abort();
            }
        }
        rotation::let_go(&self.app).await;
        self.app.store.close().await;
    }
}

/// Without [`Service::stop`] it ends at once, as if killed: nothing of it goes on by itself.
impl Drop for Service {
    fn drop(&mut self) {
        self.server.abort();
        for worker in self.workers.iter().chain(&self.metrics) {
            worker.abort();
        }
    }
}

/// What differs between a node that serves and one that does not.
struct Base {
    url: String,
    store: Store,
    node: String,
    keys: Arc<Keys>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    changes: Changes,
    tls: Option<Arc<Certificates>>,
}

fn assemble(
    config: Config,
    base: Base,
    stopping: watch::Receiver<bool>,
    draining: watch::Receiver<bool>,
) -> Result<App, StartError> {
    let Base { url, store, node, keys, clock, entropy, changes, tls } = base;
    Ok(App::new(Shared {
        public_url: url,
        http: app::http_client(&config)?,
        store,
        clock,
        node,
        entropy,
        changes,
        hasher: Hasher::new(config.passwords.threads),
        metrics: metrics::Metrics::default(),
        tls,
        sms: sms::Centres::new(config.sms.centres.iter().map(|centre| centre.name.as_str())),
        mail_wake: Notify::new(),
        max_wake: Notify::new(),
        stopping,
        draining,
        leases: work::Held::default(),
        database: Coalesced::new(),
        diary_renewal: Mutex::new(()),
        present: Present::new(Live::new(config, keys)?),
    }))
}

/// A node that serves nobody and sends nothing: for commands that act by the same rules. What they queue, nodes that serve send.
///
/// # Errors
/// When a client of an outside party cannot be made.
pub fn idle(
    config: Config,
    keys: Arc<Keys>,
    store: Store,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> Result<App, StartError> {
    let (node, url) = (clock::token::<8>(&*entropy), config.own_url());
    let (changes, _untold) = Changes::new();
    // Nobody asks it to end.
    let never = || watch::channel(false).1;
    assemble(config, Base { url, store, node, keys, clock, entropy, changes, tls: None }, never(), never())
}
