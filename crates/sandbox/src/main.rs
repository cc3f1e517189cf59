//! `mostik-sandbox`: starts the outside parties and says where they are.

use std::io::Write as _;
use std::process::ExitCode;

use mostik_sandbox::{Options, Sandbox, World};

const HELP: &str = "\
mostik-sandbox: the outside parties of Mostik (diary, SMS centre, mail, MAX, VK ID) on their real protocols

  --world FILE.json    another world in place of the built-in one
  --bind ADDRESS       address to listen on (default 127.0.0.1)
  --port-diary PORT    diary; 0 takes a free port (default)
  --port-max PORT      MAX Bot API
  --port-phone PORT    page «Телефон» and its JSON
  --port-smpp PORT     SMS centre
  --port-smtp PORT     mail server
  --port-vk PORT       VK ID
  --help               this text

Once ready it prints one line of JSON. Ctrl-C stops it. Logs go to standard error (RUST_LOG sets how much).
";

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,rusmpp=off"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let options = match options(std::env::args().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(problem) => {
            eprintln!("mostik-sandbox: {problem}");
            return ExitCode::from(2);
        }
    };
    let run = tokio::runtime::Runtime::new()
        .map_err(|error| error.to_string())
        .and_then(|runtime| runtime.block_on(run(options)));
    match run {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("mostik-sandbox: {problem}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<(), String> {
    let sandbox = Sandbox::start(options).await.map_err(|error| error.to_string())?;
    let mut out = std::io::stdout();
    writeln!(out, "{}", sandbox.ready()).and_then(|()| out.flush()).map_err(|error| error.to_string())?;
    told_to_stop().await.map_err(|error| error.to_string())?;
    sandbox.stop().await;
    Ok(())
}

#[cfg(unix)]
async fn told_to_stop() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn told_to_stop() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

/// `None` when help is asked for.
fn options(mut arguments: impl Iterator<Item = String>) -> Result<Option<Options>, String> {
    let mut options = Options::default();
    while let Some(name) = arguments.next() {
        if name == "--help" || name == "-h" {
            return Ok(None);
        }
        let (name, joined) =
            name.split_once('=').map_or((name.as_str(), None), |(name, value)| (name, Some(value.to_owned())));
        let mut value =
            || joined.clone().or_else(|| arguments.next()).ok_or_else(|| format!("{name} needs a value; see --help"));
        match name {
            "--world" => options.world = world(&value()?)?,
            "--bind" => {
                let text = value()?;
                options.bind = text.parse().map_err(|_| format!("--bind: «{text}» is no IP address; try 127.0.0.1"))?;
            }
            "--port-diary" => options.port_diary = port(name, &value()?)?,
            "--port-max" => options.port_max = port(name, &value()?)?,
            "--port-phone" => options.port_phone = port(name, &value()?)?,
            "--port-smpp" => options.port_smpp = port(name, &value()?)?,
            "--port-smtp" => options.port_smtp = port(name, &value()?)?,
            "--port-vk" => options.port_vk = port(name, &value()?)?,
            _ => return Err(format!("{name} is not known; see --help")),
        }
    }
    Ok(Some(options))
}

fn world(path: &str) -> Result<World, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("--world {path}: {error}"))?;
    World::from_json(&text).map_err(|error| format!("--world {path}: {error}"))
}

fn port(name: &str, text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| format!("{name}: «{text}» is no port; give 0 to 65535"))
}
