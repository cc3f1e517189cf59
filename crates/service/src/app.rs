//! What every handler and every sender shares.

use std::{ops::Deref, sync::Arc, time::Duration};

use mostik_store::Store;
use mostik_wire::{Code, Millis};
use tokio::sync::{Mutex, Notify, watch};

use crate::{
    changes::Changes,
    clock::{Clock, Entropy},
    coalesced::Coalesced,
    config::{self, Config},
    live::{Live, Present},
    metrics::Metrics,
    passwords::Hasher,
    sms::Centres,
    tls::Certificates,
    work,
};

/// The shared state; cloning shares it.
#[derive(Clone)]
pub struct App(Arc<Shared>);

/// See [`App`].
pub struct Shared {
    /// Settings, keys and clients, which may change.
    pub present: Present,
    /// Where browsers reach the service, without a slash at the end.
    pub public_url: String,
    /// The database.
    pub store: Store,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// For the diary and VK ID.
    pub http: reqwest::Client,
    /// What changes, here and on other nodes.
    pub changes: Changes,
    /// What this node is called among the others; another one at each start.
    pub node: String,
    /// For SMS.
    pub sms: Centres,
    /// For those who ask over TLS; `None`: a proxy speaks it, or nobody.
    pub tls: Option<Arc<Certificates>>,
    /// For passwords.
    pub hasher: Hasher,
    /// What happens, counted.
    pub metrics: Metrics,
    /// There may be a letter to send.
    pub mail_wake: Notify,
    /// There may be a message in MAX to send.
    pub max_wake: Notify,
    /// Turns true when the service is going to end, and serves all the same.
    pub draining: watch::Receiver<bool>,
    /// The leases that this node holds.
    pub leases: work::Held,
    /// Turns true when the service ends.
    pub stopping: watch::Receiver<bool>,
    /// Whether the database can be read and written: strangers may ask, and it takes the one writer.
    pub(crate) database: Coalesced<Result<(), Code>>,
    /// One renewal of diary tokens at a time: the diary accepts a refresh token once.
    pub diary_renewal: Mutex<()>,
}

impl App {
    /// Wraps the state.
    #[must_use]
    pub fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }

    /// Settings, keys and clients as they are now; they may be others a moment later.
    #[must_use]
    pub fn live(&self) -> Arc<Live> {
        self.present.get()
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    /// A new opaque id of 16 random bytes.
    #[must_use]
    pub fn new_id(&self) -> String {
        crate::clock::token::<16>(&*self.entropy)
    }

    /// Tells listeners that this linking, or hand-off, has changed, and senders that there may be work.
    pub fn announce(&self, id: &str) {
        self.publish_changes(&[id.to_owned()]);
    }

    /// Tells listeners that these have changed, and senders that there may be work.
    pub fn publish_changes(&self, ids: &[String]) {
        for id in ids {
            self.changes.publish(id);
        }
        self.sms.wake();
        self.mail_wake.notify_one();
        self.max_wake.notify_one();
    }
}

impl Deref for App {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// The HTTP client for the diary and VK ID: bounded in time, follows no redirects, and keeps loopback away from proxies.
///
/// # Errors
/// When TLS cannot be set up.
pub fn http_client(config: &Config) -> Result<reqwest::Client, reqwest::Error> {
    let mut builder = reqwest::Client::builder()
        .timeout(Duration::from_secs(10))
        .connect_timeout(Duration::from_secs(5))
        .redirect(reqwest::redirect::Policy::none());
    if config::is_loopback(&config.diary.api_url) || config::is_loopback(&config.vk.token_url) {
        builder = builder.no_proxy();
    }
    builder.build()
}
