//! `mostik-service serve`.

use std::{process::ExitCode, sync::Arc, time::Duration};

use super::{config_file::ConfigFile, notify, signals::asked_to_end};
use crate::{
    clock::{Clock, SystemClock, SystemEntropy},
    config::{Config, LogFormat},
    service::Service,
    traces::{self, Traces},
};

/// Serve until SIGTERM or Ctrl-C.
///
/// SIGHUP reads the configuration anew: keys and the secrets of the outside parties are taken up at once, what else has changed is named in
/// the log and waits for the next start. A configuration with faults is refused whole.
///
/// Once ready it prints one line of JSON, {"service":"http://127.0.0.1:PORT"}, with "metrics" where those are served, and tells systemd where that started it. Logs go to
/// standard error; RUST_LOG chooses how much.
#[derive(clap::Args)]
pub(super) struct Serve {
    #[command(flatten)]
    config: ConfigFile,
}

impl Serve {
    pub(super) async fn run(self) -> ExitCode {
        match self.config.load() {
            Ok(config) => serve(config, &self.config).await,
            Err(status) => status,
        }
    }
}

async fn serve(config: Config, file: &ConfigFile) -> ExitCode {
    let traces = match config.traces_collector.as_ref().map(Traces::to).transpose() {
        Ok(traces) => traces,
        Err(error) => {
            eprintln!("mostik-service: {error}");
            return ExitCode::FAILURE;
        }
    };
    log(config.log_format, traces.as_ref());
    if let Err(error) = mostik_store::compare_clocks(&config.database, || SystemClock.now()).await {
        eprintln!("mostik-service: {error}");
        return ExitCode::FAILURE;
    }
    let drain = Duration::from_secs(config.drain.into());
    // Before anybody can know that the service runs: one that nobody listens to ends it.
    let hangups = hangups();
    let service = match Service::start(config, Arc::new(SystemClock), Arc::new(SystemEntropy)).await {
        Ok(service) => service,
        Err(error) => {
            eprintln!("mostik-service: {error}");
            return ExitCode::FAILURE;
        }
    };
    let mut ready = serde_json::json!({ "service": service.url });
    if let Some(metrics) = &service.metrics_url {
        ready["metrics"] = metrics.as_str().into();
    }
    println!("{ready}");
    notify::ready();
    let watchdog = tokio::spawn(notify::keep_watchdog());
    tokio::select! {
        () = asked_to_end() => {}
        () = reload_when_asked(hangups, &service, file) => {}
    }
    notify::stopping();
    service.drain(drain, asked_to_end()).await;
    tracing::info!("ending");
    service.stop().await;
    watchdog.abort();
    if let Some(traces) = traces {
        traces.end().await;
    }
    ExitCode::SUCCESS
}

#[cfg(unix)]
type Hangups = Option<tokio::signal::unix::Signal>;
#[cfg(not(unix))]
type Hangups = ();

#[cfg(unix)]
fn hangups() -> Hangups {
    use tokio::signal::unix::{SignalKind, signal};
    signal(SignalKind::hangup()).ok()
}

#[cfg(not(unix))]
const fn hangups() -> Hangups {}

// Until it is dropped.
#[cfg(unix)]
async fn reload_when_asked(hangups: Hangups, service: &Service, file: &ConfigFile) {
    let Some(mut hangups) = hangups else { return std::future::pending().await };
    while hangups.recv().await.is_some() {
        notify::reloading();
        reload(service, file).await;
        notify::ready();
    }
    std::future::pending().await
}

#[cfg(not(unix))]
async fn reload_when_asked(_hangups: Hangups, _service: &Service, _file: &ConfigFile) {
    std::future::pending().await
}

#[cfg(unix)]
async fn reload(service: &Service, file: &ConfigFile) {
    let config = match Config::load(&file.path) {
        Ok(config) => config,
        Err(faults) => {
            for fault in &faults {
                tracing::error!(%fault, "the new configuration cannot be used");
            }
            tracing::error!("nothing was taken up; the former configuration goes on");
            return;
        }
    };
    match service.reload(config).await {
        Ok(changes) => {
            tracing::info!(settings = changes.taken.join(" "), "the configuration was read anew");
            if !changes.waiting.is_empty() {
                tracing::warn!(
                    settings = changes.waiting.join(" "),
                    "these have changed too and wait for the next start"
                );
            }
        }
        Err(error) => tracing::error!(%error, "nothing was taken up; the former configuration goes on"),
    }
}

fn log(format: LogFormat, traces: Option<&Traces>) {
    use tracing_subscriber::{EnvFilter, Layer, fmt, layer::SubscriberExt, util::SubscriberInitExt};
    let mut filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    // Two of these log whole messages, and the messages bear codes: no setting turns them on. Traces are no lines of the log.
    for silent in ["rusmpp", "rusmppc", "rusmpp_core", traces::TARGET] {
        filter = filter.add_directive(format!("{silent}=off").parse().expect("a directive of our own"));
    }
    let lines = fmt::layer().with_writer(std::io::stderr);
    let lines = match format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).boxed(),
    };
    let all = tracing_subscriber::registry().with(traces.map(Traces::layer));
    all.with(lines.with_filter(filter)).init();
}
