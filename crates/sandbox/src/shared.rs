//! What every listener sees: the world, the clock, the stores, and one channel that says what changed.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::{broadcast, watch};

use crate::ambient::{Clock, RandomSource};
use crate::faults::Faults;
use crate::journal::{Direction, Journal, Protocol};
use crate::mail::Postbox;
use crate::max::Messenger;
use crate::oauth::Authorizations;
use crate::secrets::{Secrets, SecretsChange};
use crate::smsc::Inbox;
use crate::world::World;

/// What changed. Readers look at the store; the topic only says that it is worth looking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    Sms,
    Mail,
    Chat,
    Updates,
    Log,
    Faults,
}

/// Where each party listens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Addresses {
    pub(crate) diary: SocketAddr,
    pub(crate) max: SocketAddr,
    pub(crate) phone: SocketAddr,
    pub(crate) smpp: SocketAddr,
    pub(crate) smtp: SocketAddr,
    pub(crate) vk: SocketAddr,
}

/// Longer than any run of the sandbox.
pub(crate) const FOREVER: Duration = Duration::from_secs(u32::MAX as u64);

/// The state behind all listeners.
pub(crate) struct Shared {
    pub(crate) world: World,
    pub(crate) clock: Clock,
    pub(crate) random: RandomSource,
    pub(crate) addresses: OnceLock<Addresses>,
    pub(crate) stopping: watch::Sender<bool>,
    pub(crate) webhook_pause: Duration,
    changed: broadcast::Sender<Topic>,
    faults: RwLock<Faults>,
    secrets: RwLock<Secrets>,
    journal: Mutex<Journal>,
    inbox: Mutex<Inbox>,
    postbox: Mutex<Postbox>,
    diary_authorizations: Mutex<Authorizations>,
    vk_authorizations: Mutex<Authorizations>,
    vk_key: OnceLock<String>,
    messenger: Mutex<Messenger>,
}

impl Shared {
    pub(crate) fn new(world: World, clock: Clock, seed: Option<u64>, webhook_pause: Duration) -> Arc<Self> {
        let (messenger, secrets) = (Messenger::new(&world), Secrets::of(&world));
        Arc::new(Self {
            world,
            clock,
            random: RandomSource::new(seed),
            addresses: OnceLock::new(),
            stopping: watch::channel(false).0,
            webhook_pause,
            changed: broadcast::channel(256).0,
            faults: RwLock::default(),
            secrets: RwLock::new(secrets),
            journal: Mutex::default(),
            inbox: Mutex::default(),
            postbox: Mutex::default(),
            diary_authorizations: Mutex::default(),
            vk_authorizations: Mutex::default(),
            vk_key: OnceLock::new(),
            messenger: Mutex::new(messenger),
        })
    }

    pub(crate) fn inbox(&self) -> MutexGuard<'_, Inbox> {
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn postbox(&self) -> MutexGuard<'_, Postbox> {
        self.postbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn diary_authorizations(&self) -> MutexGuard<'_, Authorizations> {
        self.diary_authorizations.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn vk_authorizations(&self) -> MutexGuard<'_, Authorizations> {
        self.vk_authorizations.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What VK ID signs with. Nobody else has it, so an ID token is worth nothing but to VK ID itself.
    pub(crate) fn vk_key(&self) -> &str {
        self.vk_key.get_or_init(|| self.random.token())
    }

    pub(crate) fn messenger(&self) -> MutexGuard<'_, Messenger> {
        self.messenger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn journal(&self) -> MutexGuard<'_, Journal> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn faults(&self) -> Faults {
        self.faults.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes the faults and wakes who waits on them.
    pub(crate) fn change_faults<T>(&self, change: impl FnOnce(&mut Faults) -> T) -> T {
        let answer = change(&mut self.faults.write().unwrap_or_else(PoisonError::into_inner));
        self.announce(Topic::Faults);
        answer
    }

    pub(crate) fn secrets(&self) -> Secrets {
        self.secrets.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes what is accepted from now on.
    pub(crate) fn change_secrets(&self, change: SecretsChange) -> Result<(), String> {
        self.secrets.write().unwrap_or_else(PoisonError::into_inner).change(change)
    }

    pub(crate) fn log(&self, protocol: Protocol, direction: Direction, line: impl Into<String>) {
        let line = line.into();
        tracing::info!(?protocol, ?direction, "{line}");
        self.journal().push(self.clock.now(), protocol, direction, line);
        self.announce(Topic::Log);
    }

    pub(crate) fn announce(&self, topic: Topic) {
        // An error only says that nobody listens at the moment.
        self.changed.send(topic).ok();
    }

    pub(crate) fn changes(&self) -> broadcast::Receiver<Topic> {
        self.changed.subscribe()
    }

    /// Comes back once the sandbox stops.
    pub(crate) async fn stopped(&self) {
        // The sender lives in `self`, so the channel cannot close before.
        self.stopping.subscribe().wait_for(|stopping| *stopping).await.ok();
    }

    /// Waits until `look` finds something, for at most `patience`.
    pub(crate) async fn wait_for<T>(&self, patience: Duration, mut look: impl FnMut(&Self) -> Option<T>) -> Option<T> {
        // Subscribed before the first look, so that nothing slips between the look and the wait.
        let mut changes = self.changes();
        let search = async {
            loop {
                if let Some(found) = look(self) {
                    return Some(found);
                }
                tokio::select! {
                    change = changes.recv() => if let Err(broadcast::error::RecvError::Closed) = change { return None },
                    () = self.stopped() => return None,
                }
            }
        };
        tokio::time::timeout(patience, search).await.ok().flatten()
    }

    /// The address under which the page «Телефон» is served.
    pub(crate) fn phone_base(&self) -> String {
        self.addresses.get().map_or_else(String::new, |at| format!("http://{}", at.phone))
    }

    /// The address of the diary.
    pub(crate) fn diary_base(&self) -> String {
        self.addresses.get().map_or_else(String::new, |at| format!("http://{}", at.diary))
    }

    /// The address of VK ID.
    pub(crate) fn vk_base(&self) -> String {
        self.addresses.get().map_or_else(String::new, |at| format!("http://{}", at.vk))
    }
}
