//! What systemd is told where it started the program (`Type=notify`); elsewhere nobody listens, and nothing is done.

#[cfg(target_os = "linux")]
mod systemd {
    use sd_notify::NotifyState;

    /// The service answers.
    pub fn ready() {
        tell(NotifyState::Ready);
    }

    /// The configuration is read anew; [`ready`] says when that is done.
    pub fn reloading() {
        match NotifyState::monotonic_usec_now() {
            Ok(now) => {
                if let Err(error) = sd_notify::notify(&[NotifyState::Reloading, now]) {
                    tracing::warn!(%error, "systemd cannot be told how the service is");
                }
            }
            Err(error) => tracing::warn!(%error, "systemd cannot be told how the service is"),
        }
    }

    /// The service was asked to end.
    pub fn stopping() {
        tell(NotifyState::Stopping);
    }

    /// Says twice in each watchdog interval that tasks still run; ends at once where systemd asks for none.
    pub async fn keep_watchdog() {
        let Some(interval) = sd_notify::watchdog_enabled() else { return };
        let mut ticks = tokio::time::interval(interval / 2);
        loop {
            ticks.tick().await;
            tell(NotifyState::Watchdog);
        }
    }

    fn tell(state: NotifyState<'_>) {
        if let Err(error) = sd_notify::notify(&[state]) {
            tracing::warn!(%error, "systemd cannot be told how the service is");
        }
    }
}

#[cfg(target_os = "linux")]
pub(super) use systemd::{keep_watchdog, ready, reloading, stopping};

#[cfg(not(target_os = "linux"))]
mod nobody {
    pub fn ready() {}
    pub fn reloading() {}
    pub fn stopping() {}
    pub async fn keep_watchdog() {}
}

#[cfg(not(target_os = "linux"))]
pub(super) use nobody::{keep_watchdog, ready, reloading, stopping};
