//! The service as a program: its configuration against the sandbox, and its start.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result};
use serde_json::{Map, Value};

use crate::{clock::shift_clock, places::program, program::Program};

/// How long a program of the world may take until it is ready.
pub(crate) const READY_WITHIN: Duration = Duration::from_secs(30);

/// The file with the authority that the sandbox's mail server is signed by.
pub(crate) const MAIL_CA: &str = "mail-ca.pem";
/// The configuration of the service, where there is one node.
pub(crate) const CONFIG: &str = "service.toml";
/// The same configuration with operators in it.
pub(crate) const SUPPORT: &str = "support.toml";
/// The class chats that the sandbox's MAX has.
pub(crate) const CHATS: &str = "chats.toml";
/// The manifest of the newest release of the app.
pub(crate) const RELEASE: &str = "latest.json";

/// What may differ from world to world.
#[derive(Clone, Default)]
pub struct Settings {
    /// How many nodes of the service there are: above one they stand on PostgreSQL, behind a balancer.
    pub nodes: usize,
    /// The `mostik-service` that several nodes are begun with, where that is of another version; started again, they are this one's.
    pub first: Option<PathBuf>,
    /// Settings of the service that differ from what the sandbox asks for: see `crates/service/mostik-service.toml`.
    pub service: Vec<(&'static str, String)>,
    /// A file with the people of the sandbox, where they are not its own.
    pub people: Option<PathBuf>,
    /// SMS centres that come before the sandbox's own: a name and an address each.
    pub centres_before: Vec<(&'static str, String)>,
    /// Settings of the sandbox's own SMS centre, beyond its address and account.
    pub centre: Vec<(&'static str, String)>,
}

pub(crate) fn serve(folder: &Path, shift: Option<&str>) -> Result<(Program, Map<String, Value>)> {
    serve_with(&program("mostik-service")?, folder, CONFIG, shift)
}

pub(crate) fn serve_with(
    program: &Path,
    folder: &Path,
    config: &str,
    shift: Option<&str>,
) -> Result<(Program, Map<String, Value>)> {
    let mut command = Command::new(program);
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

pub(crate) fn configuration(sandbox: &Map<String, Value>, listens: &str, settings: &Settings) -> Result<String> {
    let (diary, vk) = (text(sandbox, &["diary"])?, text(sandbox, &["vk"])?);
    let mail = text(sandbox, &["smtp"])?;
    let (mail_server, mail_port) = mail.rsplit_once(':').context("the mail server has no port")?;
    let mut values = vec![
        ("listen", listens.to_owned()),
        ("database", "service.db".to_owned()),
        ("secret_key", "for trials on this machine: it guards made-up data only".to_owned()),
        // All of its made-up people are on one machine.
        ("limits.shared_networks", "127.0.0.0/8 ::1".to_owned()),
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
    // The sandbox's own centre stands last.
    for (name, value) in &settings.centre {
        writeln!(out, "{name} = {}", Value::String(value.clone()))?;
    }
    Ok(out)
}

pub(crate) fn object(line: &str, who: &str) -> Result<Map<String, Value>> {
    match serde_json::from_str(line) {
        Ok(Value::Object(map)) => Ok(map),
        _ => anyhow::bail!("{who} said something else than one JSON object: {line}"),
    }
}

pub(crate) fn text(says: &Map<String, Value>, path: &[&str]) -> Result<String> {
    let mut value = says.get(path[0]);
    for name in &path[1..] {
        value = value.and_then(|inner| inner.get(name));
    }
    value.and_then(Value::as_str).map(str::to_owned).with_context(|| format!("nobody said `{}`", path.join(".")))
}
