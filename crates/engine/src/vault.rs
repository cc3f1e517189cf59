//! Where the session is kept between runs: the OS keyring, or nowhere.
//!
//! A keyring can block for as long as a person looks at its question, and some break under parallel calls. So one thread
//! makes all calls, one after another, and whoever asks waits for a limited time.

mod os;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError, mpsc},
    time::Duration,
};

use mostik_flow::KeyringProblem;
use mostik_wire::Secret;
use tokio::sync::oneshot;

pub use os::OsVault;

/// Keeps one secret. Calls may block; they come from one thread, one after another.
pub trait Vault: Send + Sync + 'static {
    /// The secret, if one is kept.
    ///
    /// # Errors
    /// What is wrong with the keyring.
    fn read(&self) -> Result<Option<Secret>, KeyringProblem>;

    /// Keeps `secret` in place of the one before.
    ///
    /// # Errors
    /// What is wrong with the keyring.
    fn write(&self, secret: &Secret) -> Result<(), KeyringProblem>;

    /// Keeps nothing any more.
    ///
    /// # Errors
    /// What is wrong with the keyring.
    fn forget(&self) -> Result<(), KeyringProblem>;
}

/// Keeps the secret until the program ends.
#[derive(Default)]
pub struct MemoryVault(Mutex<Option<Secret>>);

impl Vault for MemoryVault {
    fn read(&self) -> Result<Option<Secret>, KeyringProblem> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(held.as_ref().map(|secret| Secret::new(secret.expose())))
    }

    fn write(&self, secret: &Secret) -> Result<(), KeyringProblem> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Secret::new(secret.expose()));
        Ok(())
    }

    fn forget(&self) -> Result<(), KeyringProblem> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(())
    }
}

type Job = Box<dyn FnOnce(&dyn Vault) + Send>;

/// The one thread that touches a [`Vault`].
pub struct VaultThread {
    jobs: mpsc::Sender<Job>,
    timeout: Duration,
}

impl VaultThread {
    /// Starts the thread. It ends with the last job after the accessor is dropped.
    pub fn start(vault: Arc<dyn Vault>, timeout: Duration) -> Self {
        let (jobs, queue) = mpsc::channel::<Job>();
        let run = move || {
            for job in queue {
                job(&*vault);
            }
        };
        // Without a thread the channel is closed and every question is answered with `Broken`.
        if let Err(error) = std::thread::Builder::new().name("keyring".into()).spawn(run) {
            tracing::error!(%error, "the keyring's thread did not start");
        }
        Self { jobs, timeout }
    }

    pub async fn read(&self) -> Result<Option<Secret>, KeyringProblem> {
        self.ask(Vault::read).await
    }

    pub async fn write(&self, secret: Secret) -> Result<(), KeyringProblem> {
        self.ask(move |vault| vault.write(&secret)).await
    }

    pub async fn forget(&self) -> Result<(), KeyringProblem> {
        self.ask(Vault::forget).await
    }

    async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Vault) -> Result<T, KeyringProblem> + Send + 'static,
    ) -> Result<T, KeyringProblem> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |vault| {
            // Who asked was told «locked» long ago, while an earlier call stood: the keyring is not asked behind their back.
            if answer.is_closed() {
                return;
            }
            let result = catch_unwind(AssertUnwindSafe(|| work(vault))).unwrap_or(Err(KeyringProblem::Broken));
            if answer.send(result).is_err() {
                tracing::debug!("the keyring answered after its time");
            }
        });
        if self.jobs.send(job).is_err() {
            return Err(KeyringProblem::Broken);
        }
        match tokio::time::timeout(self.timeout, answered).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(KeyringProblem::Broken),
            // Its question stands open on the screen, or on none.
            Err(_) => Err(KeyringProblem::Locked),
        }
    }
}
