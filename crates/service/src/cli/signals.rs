//! How the program is asked to end.

/// Comes back at SIGTERM or Ctrl-C.
#[cfg(unix)]
pub(super) async fn asked_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut term) = signal(SignalKind::terminate()) else {
        drop(tokio::signal::ctrl_c().await);
        return;
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// Comes back at Ctrl-C.
#[cfg(not(unix))]
pub(super) async fn asked_to_end() {
    drop(tokio::signal::ctrl_c().await);
}
