//! The world that the app lives in, as real programs on free ports of this machine: the sandbox (the diary, the SMS centre,
//! MAX, VK ID) and the service. `cargo xtask up`, `run` and `tour` start it for people, the journeys for themselves.

mod clock;
pub mod network;
pub mod postgres;
mod program;

use std::{
    fmt::Write as _,
    fs,
    io::Cursor,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result, ensure};
pub use clock::shift_clock;
use minisign::KeyPair;
use network::Network;
pub use program::{Program, end_all_on_interrupt};
use serde_json::{Map, Value};

/// How long a program of the world may take until it is ready.
const READY_WITHIN: Duration = Duration::from_secs(30);

/// The file with the authority that the sandbox's mail server is signed by.
const MAIL_CA: &str = "mail-ca.pem";
/// The configuration of the service, where there is one node.
const CONFIG: &str = "service.toml";
/// The class chats that the sandbox's MAX has.
const CHATS: &str = "chats.toml";
/// The manifest of the newest release of the app.
const RELEASE: &str = "latest.json";

/// The top of the checkout.
#[must_use]
pub fn root() -> &'static Path {
    // tests/world is two below it.
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap_or(Path::new("."))
}

/// Where Cargo put the programs: beside the one that runs, or above it for a test.
///
/// # Errors
/// When the running program's own path is not known.
pub fn programs() -> Result<PathBuf> {
    let own = std::env::current_exe().context("cannot tell where this program is")?;
    let folder = own.parent().context("this program lies in no folder")?;
    Ok(if folder.ends_with("deps") { folder.parent().unwrap_or(folder) } else { folder }.to_owned())
}

/// The path of one of the workspace's programs.
///
/// # Errors
/// When it is not built.
pub fn program(name: &str) -> Result<PathBuf> {
    let path = programs()?.join(name).with_extension(std::env::consts::EXE_EXTENSION);
    ensure!(path.exists(), "{name} is not built: `cargo xtask` does it, or `cargo build --workspace`");
    Ok(path)
}

/// What may differ from world to world.
#[derive(Clone, Default)]
pub struct Settings {
    /// How many nodes of the service there are: above one they stand on PostgreSQL, behind a balancer.
    pub nodes: usize,
    /// Settings of the service that differ from what the sandbox asks for: see `crates/service/mostik-service.toml`.
    pub service: Vec<(&'static str, String)>,
    /// SMS centres that come before the sandbox's own: a name and an address each.
    pub centres_before: Vec<(&'static str, String)>,
}

/// The sandbox and the service, ready. Both end when it is dropped.
pub struct World {
    /// The service; a journey may stop it and start it again. Of several nodes, what stands before them.
    pub service: Program,
    /// The nodes, where there are several.
    pub network: Option<Network>,
    /// The parties.
    pub sandbox: Program,
    /// What both said about themselves when they were ready, in one object.
    pub says: Map<String, Value>,
    /// Where the service listens, whatever stands before it: `127.0.0.1:4321`.
    pub listens: String,
    folder: PathBuf,
}

impl World {
    /// Starts the sandbox and then the service against it; logs, configuration and database go into `folder`.
    ///
    /// # Errors
    /// When a program is not built, does not start or does not get ready; the error carries its last words.
    pub fn start(folder: &Path, settings: &Settings) -> Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let mut sandbox =
            Program::start("the sandbox", &mut Command::new(program("mostik-sandbox")?), &folder.join("sandbox.log"))?;
        let mut says = object(&sandbox.line(READY_WITHIN)?, "the sandbox")?;
        // Chosen here and not by the service: it is started again at the same address.
        let listens = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        fs::write(folder.join(MAIL_CA), text(&says, &["smtp_ca"])?)?;
        fs::write(folder.join(CHATS), class_chats(&says)?)?;
        says.insert("release_key".into(), Value::String(sign_release(&folder.join(RELEASE))?));
        let folder = folder.to_owned();
        if settings.nodes > 1 {
            let (network, service) = Network::start(&folder, &listens, &says, settings)?;
            says.insert("service".into(), format!("http://{listens}").into());
            says.insert("nodes".into(), network.nodes.iter().map(|node| format!("http://{}", node.listens)).collect());
            return Ok(Self { service, network: Some(network), sandbox, says, listens, folder });
        }
        fs::write(folder.join(CONFIG), configuration(&says, &listens, settings)?)?;
        let (service, line) = serve(&folder, None)?;
        says.extend(line);
        Ok(Self { service, network: None, sandbox, says, listens, folder })
    }

    /// Ends the service as a crash would, and leaves its database.
    pub fn kill_service(&mut self) {
        self.service.kill();
    }

    /// Starts the service again, on the same database and at the same address.
    ///
    /// # Errors
    /// When it does not get ready.
    pub fn serve_again(&mut self) -> Result<()> {
        self.service = serve(&self.folder, None)?.0;
        Ok(())
    }

    /// Ends the service and starts it again with its clock ahead by `shift`, such as `+11m`: all that time has passed for it.
    ///
    /// # Errors
    /// When it does not get ready, or clocks cannot be shifted here.
    pub fn let_time_pass(&mut self, shift: &str) -> Result<()> {
        self.service.stop();
        self.service = serve(&self.folder, Some(shift))?.0;
        Ok(())
    }

    /// Brings learning profiles in, as an operator does: the JSON that `mostik-service import-profiles` reads.
    ///
    /// # Errors
    /// When the service refuses them.
    pub fn import_profiles(&self, json: &str) -> Result<()> {
        fs::write(self.folder.join("profiles.json"), json)?;
        let mut command = Command::new(program("mostik-service")?);
        command.args(["import-profiles", "--config", CONFIG, "profiles.json"]).current_dir(&self.folder);
        let output = command.output()?;
        ensure!(output.status.success(), "import-profiles: {}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    }

    /// One of the addresses.
    ///
    /// # Errors
    /// When nobody said it.
    pub fn address(&self, name: &str) -> Result<String> {
        text(&self.says, &[name])
    }

    /// The bot's token at MAX.
    ///
    /// # Errors
    /// When the sandbox has not said it.
    pub fn bot_token(&self) -> Result<String> {
        text(&self.says, &["bot", "token"])
    }
}

fn serve(folder: &Path, shift: Option<&str>) -> Result<(Program, Map<String, Value>)> {
    serve_with(folder, CONFIG, shift)
}

fn serve_with(folder: &Path, config: &str, shift: Option<&str>) -> Result<(Program, Map<String, Value>)> {
    let mut command = Command::new(program("mostik-service")?);
    command.args(["serve", "--config", config]).current_dir(folder);
    // Settings of somebody's own environment would win over the file.
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("MOSTIK_")) {
        command.env_remove(name);
    }
    if let Some(shift) = shift {
        shift_clock(&mut command, shift)?;
    }
    let log = folder.join(config).with_extension("log");
    let mut service = Program::start("the service", &mut command, &log)?;
    let line = service.line(READY_WITHIN)?;
    Ok((service, object(&line, "the service")?))
}

fn configuration(sandbox: &Map<String, Value>, listens: &str, settings: &Settings) -> Result<String> {
    let (diary, vk) = (text(sandbox, &["diary"])?, text(sandbox, &["vk"])?);
    let mail = text(sandbox, &["smtp"])?;
    let (mail_server, mail_port) = mail.rsplit_once(':').context("the mail server has no port")?;
    let mut values = vec![
        ("listen", listens.to_owned()),
        ("database", "service.db".to_owned()),
        ("secret_key", "for trials on this machine: it guards made-up data only".to_owned()),
        ("diary.authorize_url", format!("{diary}/sps/oauth/ae")),
        ("diary.token_url", format!("{diary}/sps/oauth/te")),
        ("diary.api_url", format!("{diary}/api/family")),
        ("diary.calendar_url", format!("{diary}/api/eventcalendar")),
        ("diary.client_id", text(sandbox, &["diary_client", "id"])?),
        ("diary.client_secret", text(sandbox, &["diary_client", "secret"])?),
        ("mail.server", mail_server.to_owned()),
        ("mail.port", mail_port.to_owned()),
        ("mail.security", "starttls".to_owned()),
        ("mail.user", text(sandbox, &["smtp_account", "user"])?),
        ("mail.password", text(sandbox, &["smtp_account", "password"])?),
        ("mail.from", "no-reply@mostik.example".to_owned()),
        ("mail.ca_file", MAIL_CA.to_owned()),
        ("sferum.chats_file", CHATS.to_owned()),
        ("app.latest", RELEASE.to_owned()),
        ("max.api_url", text(sandbox, &["max_api"])?),
        ("max.token", text(sandbox, &["bot", "token"])?),
        ("max.bot", text(sandbox, &["bot", "username"])?),
        ("max.link_base", text(sandbox, &["max_link"])?),
        ("vk.authorize_url", format!("{vk}/authorize")),
        ("vk.token_url", format!("{vk}/oauth2/auth")),
        ("vk.user_info_url", format!("{vk}/oauth2/user_info")),
        ("vk.revoke_url", format!("{vk}/oauth2/revoke")),
        ("vk.client_id", text(sandbox, &["vk_client", "id"])?),
        ("vk.messenger_url", format!("{}?profile={{profile}}", text(sandbox, &["vk_link"])?)),
    ];
    for (name, value) in &settings.service {
        values.retain(|(kept, _)| kept != name);
        values.push((*name, value.clone()));
    }
    let mut out =
        "# Written anew by each start. What each setting means: crates/service/mostik-service.toml\n".to_owned();
    for (name, value) in values {
        // Dotted keys and JSON strings are TOML as well.
        writeln!(out, "{name} = {}", Value::String(value))?;
    }
    let own = ("sandbox", text(sandbox, &["smpp"])?);
    for (name, smpp) in settings.centres_before.iter().chain([&own]) {
        writeln!(out, "[[sms.centre]]\nname = {name:?}\nsmpp = {smpp:?}")?;
        for field in ["system_id", "password"] {
            writeln!(out, "{field} = {}", Value::String(text(sandbox, &["smpp_account", field])?))?;
        }
    }
    Ok(out)
}

/// Writes the manifest of a release that is newer than any, signed by a key of this world alone; its public half.
fn sign_release(file: &Path) -> Result<String> {
    const MANIFEST: &str = r#"{"version":"99.0.0","released":"2026-12-01","notes":{"ru":"Это выпуск из песочницы: ставить его не нужно.","en":"This is a release of the sandbox: there is nothing to install."}}"#;
    let keys = KeyPair::generate_unencrypted_keypair()?;
    let signature = minisign::sign(Some(&keys.pk), &keys.sk, Cursor::new(MANIFEST), Some("sandbox"), None)?;
    fs::write(file, MANIFEST)?;
    fs::write(file.with_extension("json.minisig"), signature.into_string())?;
    Ok(keys.pk.to_base64())
}

fn class_chats(sandbox: &Map<String, Value>) -> Result<String> {
    let chats = sandbox.get("class_chats").and_then(Value::as_array).context("nobody said `class_chats`")?;
    let mut out = String::new();
    for chat in chats {
        writeln!(out, "[[chat]]")?;
        for (name, value) in chat.as_object().context("a chat is no object")? {
            writeln!(out, "{name} = {value}")?;
        }
    }
    Ok(out)
}

fn object(line: &str, who: &str) -> Result<Map<String, Value>> {
    match serde_json::from_str(line) {
        Ok(Value::Object(map)) => Ok(map),
        _ => anyhow::bail!("{who} said something else than one JSON object: {line}"),
    }
}

fn text(says: &Map<String, Value>, path: &[&str]) -> Result<String> {
    let mut value = says.get(path[0]);
    for name in &path[1..] {
        value = value.and_then(|inner| inner.get(name));
    }
    value.and_then(Value::as_str).map(str::to_owned).with_context(|| format!("nobody said `{}`", path.join(".")))
}
