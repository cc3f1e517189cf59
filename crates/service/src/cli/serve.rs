//! `mostik-service serve`.

use std::{process::ExitCode, sync::Arc};

use super::{config_file::ConfigFile, notify};
use crate::{
    clock::{SystemClock, SystemEntropy},
    config::Config,
    service::Service,
};

/// Serve until SIGTERM or Ctrl-C.
///
/// Once ready it prints one line of JSON, {"service":"http://127.0.0.1:PORT"}, and tells systemd where that started it. Logs go to
/// standard error; RUST_LOG chooses how much.
#[derive(clap::Args)]
pub(super) struct Serve {
    #[command(flatten)]
    config: ConfigFile,
}

impl Serve {
    pub(super) async fn run(self) -> ExitCode {
        match self.config.load() {
            Ok(config) => serve(config).await,
            Err(status) => status,
        }
    }
}

async fn serve(config: Config) -> ExitCode {
    log();
    let service = match Service::start(config, Arc::new(SystemClock), Arc::new(SystemEntropy)).await {
        Ok(service) => service,
        Err(error) => {
            eprintln!("mostik-service: {error}");
            return ExitCode::FAILURE;
        }
    };
    println!("{}", serde_json::json!({ "service": service.url }));
    notify::ready();
    let watchdog = tokio::spawn(notify::keep_watchdog());
    asked_to_end().await;
    notify::stopping();
    tracing::info!("ending");
    service.stop().await;
    watchdog.abort();
    ExitCode::SUCCESS
}

fn log() {
    use tracing_subscriber::EnvFilter;
    let mut filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    // These two log whole messages, and the messages bear codes: no setting turns them on.
    for silent in ["rusmpp=off", "rusmppc=off", "rusmpp_core=off"] {
        filter = filter.add_directive(silent.parse().expect("a directive of our own"));
    }
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

#[cfg(unix)]
async fn asked_to_end() {
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

#[cfg(not(unix))]
async fn asked_to_end() {
    drop(tokio::signal::ctrl_c().await);
}
