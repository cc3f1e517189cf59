//! The stand of the journeys: everything around the app that a person's machine and the outside world have, real and
//! private to one journey. A display without a screen, a session bus, a keyring, a browser, the sandbox and the service; and
//! the app in its own window, driven as a person would drive it.
//!
//! Nothing here waits by the clock: each wait ends with what is waited for, or fails.

pub mod app;
pub mod axe;
pub mod browser;
pub mod certificates;
mod children;
pub mod display;
pub mod driver;
mod from_max;
pub mod home;
pub mod hostile_text;
pub mod input_method;
pub mod keyboard;
mod keyrings;
pub mod log;
pub mod notifications;
pub mod page_process;
pub mod person;
pub mod phone;
mod processes;
pub mod proxy;
mod screen;
pub mod screen_reader;
pub mod stand;
pub mod to_phone;
pub mod undriven;
pub mod visibility;

use std::time::Duration;

pub use app::{App, Look};
pub use certificates::Certificate;
pub use home::Keyring;
pub use person::Person;
pub use proxy::{Mode, Proxy};
pub use stand::Stand;

/// How long a wait may take; on a busy machine everything takes less.
pub const TIMEOUT: Duration = Duration::from_secs(30);

/// Between two looks at something that tells nobody when it changes.
const POLL_INTERVAL: Duration = Duration::from_millis(25);

/// Looks until there is something to see.
///
/// # Errors
/// When there is nothing after [`TIMEOUT`].
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> anyhow::Result<T> {
    let seen = tokio::time::timeout(TIMEOUT, async {
        let mut beat = tokio::time::interval(POLL_INTERVAL);
        loop {
            beat.tick().await;
            if let Some(seen) = look().await {
                return seen;
            }
        }
    });
    seen.await.map_err(|_| anyhow::anyhow!("waited in vain for {what}"))
}
