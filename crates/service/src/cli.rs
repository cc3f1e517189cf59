//! The commands of `mostik-service`.

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use mostik_store::Store;

use crate::{
    clock::{Clock, SystemClock, SystemEntropy},
    config::{self, Config, Fault, LogFormat},
    profiles,
    service::Service,
    traces::{self, Traces},
};

const USAGE: &str = "\
mostik-service: the linking service of Mostik

  mostik-service serve --config FILE
      Serves. Once ready it prints one line of JSON, {\"service\":\"http://127.0.0.1:PORT\"}, with \"metrics\" where those are
      served; logs go to standard error (RUST_LOG chooses how much). SIGTERM and Ctrl-C end it.
  mostik-service check-config --config FILE
      Prints every setting with its value, secrets as set or unset; or what is wrong, with the next step (status 2).
  mostik-service print-config
      Prints the reference file: every setting, its default, its meaning, its environment variable.
  mostik-service import-profiles --config FILE PROFILES.json
      Brings existing learning profiles in; the same number or address again updates its profile. The file is a list of
      {\"phone\": \"+79000002357\" and/or \"email\": \"anya@mail.ru\", \"first_name\": \"…\", \"last_name\": \"…\", \"role\": \"pupil\" or \"parent\", \"class_name\": null}.
      Names are taken as they are; who has one name has the other null.
";

/// Faults of usage and of settings.
const MISUSED: u8 = 2;

enum Command {
    Serve(PathBuf),
    Check(PathBuf),
    Print,
    Import(PathBuf, PathBuf),
    Help,
}

fn parse(mut args: impl Iterator<Item = String>) -> Result<Command, String> {
    let name = args.next().ok_or("a command is missing")?;
    let (mut config, mut rest) = (None, Vec::new());
    while let Some(arg) = args.next() {
        if arg == "--config" {
            config = Some(PathBuf::from(args.next().ok_or("--config: a file is missing")?));
        } else if let Some(file) = arg.strip_prefix("--config=") {
            config = Some(PathBuf::from(file));
        } else {
            rest.push(arg);
        }
    }
    let needed = || config.clone().ok_or_else(|| format!("{name}: --config FILE is missing"));
    match (name.as_str(), rest.as_slice()) {
        ("serve", []) => Ok(Command::Serve(needed()?)),
        ("check-config", []) => Ok(Command::Check(needed()?)),
        ("print-config", []) => Ok(Command::Print),
        ("import-profiles", [file]) => Ok(Command::Import(needed()?, file.into())),
        ("import-profiles", _) => Err("import-profiles: one PROFILES.json is expected".into()),
        ("help" | "--help" | "-h", _) => Ok(Command::Help),
        (known @ ("serve" | "check-config" | "print-config"), [extra, ..]) => {
            Err(format!("{known}: what is {extra:?}?"))
        }
        (other, _) => Err(format!("there is no command {other:?}")),
    }
}

/// Runs a command line, without the program's name.
pub async fn run(args: impl Iterator<Item = String>) -> ExitCode {
    match parse(args) {
        Err(what) => {
            eprintln!("mostik-service: {what}\n\n{USAGE}");
            ExitCode::from(MISUSED)
        }
        Ok(Command::Help) => {
            print!("{USAGE}");
            ExitCode::SUCCESS
        }
        Ok(Command::Print) => {
            print!("{}", config::reference());
            ExitCode::SUCCESS
        }
        Ok(Command::Check(file)) => check(&file),
        Ok(Command::Import(file, profiles)) => match Config::load(&file) {
            Ok(config) => import(config, &profiles).await,
            Err(faults) => tell(&faults),
        },
        Ok(Command::Serve(file)) => match Config::load(&file) {
            Ok(config) => serve(config).await,
            Err(faults) => tell(&faults),
        },
    }
}

fn tell(faults: &[Fault]) -> ExitCode {
    for fault in faults {
        eprintln!("{fault}");
    }
    ExitCode::from(MISUSED)
}

fn check(file: &std::path::Path) -> ExitCode {
    if let Err(faults) = Config::load(file) {
        return tell(&faults);
    }
    let text = std::fs::read_to_string(file).unwrap_or_default();
    match Config::describe(&text, &|name| std::env::var(name).ok()) {
        Ok(shown) => {
            print!("{shown}");
            ExitCode::SUCCESS
        }
        Err(faults) => tell(&faults),
    }
}

async fn import(config: Config, file: &std::path::Path) -> ExitCode {
    let imported = async {
        let json = std::fs::read_to_string(file).map_err(|e| format!("{} cannot be read: {e}", file.display()))?;
        let db = Store::open(&config.database).await.map_err(|e| e.to_string())?;
        let count = profiles::import(&db, &SystemEntropy, SystemClock.now().0, &json).await?;
        db.close().await;
        Ok::<_, String>(count)
    };
    match imported.await {
        Ok(count) => {
            println!("{count} profiles are in");
            ExitCode::SUCCESS
        }
        Err(what) => {
            eprintln!("import-profiles: {what}");
            ExitCode::FAILURE
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
    asked_to_end().await;
    tracing::info!("ending");
    service.stop().await;
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
