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
            Ok(config) => serve(config).await,
            Err(status) => status,
        }
    }
}

async fn serve(config: Config) -> ExitCode {
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
    asked_to_end().await;
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
