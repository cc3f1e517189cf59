//! What the engine needs from outside and does not choose itself.

use std::{
    error::Error,
    path::Path,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use mostik_flow::{Language, Notice};
use mostik_wire::Millis;
use rand::RngCore;

use crate::{OsVault, Settings, Vault};

/// The world outside, as the engine may touch it.
#[derive(Clone)]
pub struct Ports {
    /// Opens addresses in the browser.
    pub opener: Arc<dyn Opener>,
    /// Tells the person what has happened, by the system's own means.
    pub notifier: Arc<dyn Notifier>,
    /// Keeps the session between runs.
    pub vault: Arc<dyn Vault>,
    /// The wall clock. Waiting goes by tokio's clock, which tests can hold.
    pub clock: Arc<dyn Clock>,
    /// Randomness that nobody can guess.
    pub random: Arc<dyn Random>,
}

impl Ports {
    /// The machine's own keyring, clock and randomness.
    #[must_use]
    pub fn system(opener: Arc<dyn Opener>, notifier: Arc<dyn Notifier>, settings: &Settings) -> Self {
        Self {
            opener,
            notifier,
            vault: Arc::new(OsVault::new(&settings.keyring_name)),
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
        }
    }
}

/// Opens addresses in the system's browser, or in the app that has claimed them, and folders in the system's file manager.
pub trait Opener: Send + Sync + 'static {
    /// Opens `url`. May block; it is called where that hurts nobody.
    ///
    /// # Errors
    /// [`OpenError`] when the system says that it was not opened.
    fn open(&self, url: &str) -> Result<(), OpenError>;

    /// Whether something on this device opens links into MAX; `None`: the system does not say. May block as well.
    fn is_max_installed(&self) -> Option<bool>;

    /// Shows a file in its folder. May block as well.
    ///
    /// # Errors
    /// [`OpenError`] when the system says that it was not shown.
    fn show_in_folder(&self, file: &Path) -> Result<(), OpenError>;
}

/// Tells the person something while the window is not in front: the system's notifications.
pub trait Notifier: Send + Sync + 'static {
    /// Whether the system lets this app tell things; the person is asked where the system wants that. May block until they have
    /// answered; it is called where that hurts nobody.
    fn is_allowed(&self) -> bool;

    /// Tells it. Where nobody shows notifications nothing happens: the window shows the same when it is looked at. May block as well.
    fn notify(&self, notice: Notice, language: Language);
}

/// The system did not open an address.
#[derive(Debug, thiserror::Error)]
#[error("the system did not open the address")]
pub struct OpenError(#[source] Box<dyn Error + Send + Sync>);

impl OpenError {
    /// With what the system said.
    pub fn new(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(source.into())
    }
}

/// The device's wall clock.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> Millis;
}

/// [`Clock`] of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Millis {
        let ms = match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_millis()).unwrap_or(i64::MAX),
            // A device whose clock stands before 1970.
            Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |ms| -ms),
        };
        Millis(ms)
    }
}

/// A source of randomness that nobody can guess.
pub trait Random: Send + Sync + 'static {
    /// Fills `bytes`.
    fn fill(&self, bytes: &mut [u8]);
}

/// [`Random`] of the operating system, stretched by a cryptographic generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        rand::rng().fill_bytes(bytes);
    }
}

/// `N` random bytes.
pub fn random_bytes<const N: usize>(random: &dyn Random) -> [u8; N] {
    let mut bytes = [0; N];
    random.fill(&mut bytes);
    bytes
}
