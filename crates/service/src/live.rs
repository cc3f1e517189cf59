//! What may change while the service runs: settings with what is made of them. Whoever needs it takes the present state and keeps it for
//! one piece of work; the next piece takes it anew.

use std::{sync::Arc, time::Duration};

use mostik_store::{
    OpenError, Store,
    secret_keys::{Holder, NodeKeys},
};
use mostik_wire::Millis;
use tokio::sync::watch;

use crate::{
    clock::MINUTE,
    config::{self, Config},
    keys::{self, Keys},
    mail::{self, Mailer},
};

/// The settings, and what is made of them.
pub struct Live {
    /// The settings.
    pub config: Config,
    /// Keyed hashes and sealing.
    pub keys: Arc<Keys>,
    /// For MAX; `None`: MAX is not offered.
    pub bot: Option<maxoxide::Bot>,
    /// For letters.
    pub mailer: Mailer,
    /// What MAX may still use for a moment after it was changed.
    former_max: Option<FormerMax>,
}

/// What was changed, and until when it still counts: MAX's word may have been on its way.
struct FormerMax {
    token: String,
    webhook_secret: Option<String>,
    until: Millis,
}

/// For how long MAX may still bring what it has made with the former token or secret.
const ON_ITS_WAY: i64 = 10 * MINUTE;

/// Why settings that are right for themselves cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// TLS for the mail server.
    #[error("mail: the client cannot be made: {0}")]
    Mail(#[from] lettre::transport::smtp::Error),
    /// The MAX client.
    #[error("max: the client cannot be made: {0}")]
    Max(#[from] maxoxide::MaxError),
}

impl Live {
    /// Makes what the settings describe.
    ///
    /// # Errors
    /// When a client cannot be made.
    pub fn new(config: Config, keys: Arc<Keys>) -> Result<Self, Unusable> {
        Ok(Self { bot: max_bot(&config)?, mailer: mail::mailer(&config.mail)?, keys, former_max: None, config })
    }

    /// Makes what the settings describe, in the place of what is there.
    ///
    /// # Errors
    /// When a client cannot be made.
    pub fn after(&self, config: Config, keys: Arc<Keys>, now: Millis) -> Result<Self, Unusable> {
        let was = &self.config.max;
        let former = FormerMax {
            token: was.token.clone(),
            webhook_secret: was.webhook_secret.clone(),
            until: now.plus(ON_ITS_WAY),
        };
        Ok(Self { former_max: Some(former), ..Self::new(config, keys)? })
    }

    /// The bot's tokens with which MAX may have made what comes now: the present one, and for a moment the one before.
    pub fn max_tokens(&self, now: Millis) -> impl Iterator<Item = &str> {
        std::iter::once(self.config.max.token.as_str()).chain(self.former(now).map(|former| former.token.as_str()))
    }

    /// Whether a webhook's call bears the secret: the present one, or for a moment the one before.
    #[must_use]
    pub fn is_webhook_secret(&self, given: &str, now: Millis) -> bool {
        let former = self.former(now).and_then(|former| former.webhook_secret.as_deref());
        self.config.max.webhook_secret.as_deref().into_iter().chain(former).any(|secret| keys::same(secret, given))
    }

    fn former(&self, now: Millis) -> Option<&FormerMax> {
        self.former_max.as_ref().filter(|former| now < former.until)
    }
}

/// The present state, and news of the next.
pub struct Present(watch::Sender<Arc<Live>>);

impl Present {
    /// Begins with this.
    #[must_use]
    pub fn new(live: Live) -> Self {
        Self(watch::Sender::new(Arc::new(live)))
    }

    /// The present state.
    #[must_use]
    pub fn get(&self) -> Arc<Live> {
        Arc::clone(&self.0.borrow())
    }

    /// Puts another one in its place.
    pub fn set(&self, live: Live) {
        self.0.send_replace(Arc::new(live));
    }

    /// News of the next ones.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<Arc<Live>> {
        self.0.subscribe()
    }
}

/// The keys of these settings, as the database counts them: it is told who has them.
///
/// # Errors
/// Why the database does not agree with them; then nothing was written.
pub async fn bound_keys(store: &Store, config: &Config, holder: Holder<'_>, now: Millis) -> Result<Keys, OpenError> {
    let numbers = store.bind_to_keys(Fingerprints::of(config).keys(), holder, now).await?;
    Ok(Keys::numbered(&config.secret_key, config.previous_secret_key.as_deref(), numbers))
}

/// The fingerprints of the keys in the settings: as the store takes them.
pub struct Fingerprints {
    writes: String,
    reads: Option<String>,
}

impl Fingerprints {
    /// Those of these settings.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let reads = config.previous_secret_key.as_deref().map(keys::fingerprint);
        Self { writes: keys::fingerprint(&config.secret_key), reads }
    }

    /// As the store takes them.
    #[must_use]
    pub fn keys(&self) -> NodeKeys<'_> {
        NodeKeys { writes: &self.writes, reads: self.reads.as_deref() }
    }

    /// Whether a key is one of them.
    #[must_use]
    pub fn hold(&self, fingerprint: &str) -> bool {
        self.writes == fingerprint || self.reads.as_deref() == Some(fingerprint)
    }
}

/// The MAX client, where MAX is offered; what failed is repeated by the outbox, not by the client.
///
/// # Errors
/// When the address or the token cannot be used.
pub fn max_bot(config: &Config) -> Result<Option<maxoxide::Bot>, maxoxide::MaxError> {
    if !config.messengers.max {
        return Ok(None);
    }
    let mut builder = maxoxide::Bot::builder(config.max.token.as_str())
        .base_url(config.max.api_url.as_str())
        .request_timeout(Duration::from_secs(40))
        .connect_timeout(Duration::from_secs(5))
        // What MAX documents: 30 requests a second in all, two messages a second to one person.
        .rate_limits(maxoxide::RateLimitConfig {
            global_requests_per_second: Some(30),
            message_operations_per_second: Some(2),
        })
        .retry_policy(maxoxide::RetryPolicy::disabled());
    if url::Url::parse(&config.max.api_url).is_ok_and(|u| config::is_loopback(&u)) {
        builder = builder.no_proxy();
    }
    builder.build().map(Some)
}
