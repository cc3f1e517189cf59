//! The world that the app lives in, as real programs on free ports of this machine: the sandbox (the diary, the SMS centre,
//! MAX, VK ID) and the service. `cargo xtask up`, `run` and `tour` start it for people, the journeys for themselves.

mod balancer;
mod clock;
pub mod network;
mod places;
pub mod postgres;
mod program;
mod service;

use std::{
    fmt::Write as _,
    fs,
    io::Cursor,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
pub use clock::shift_clock;
use minisign::KeyPair;
use network::Network;
pub use places::{program, programs, root};
pub use program::{Program, end_all_on_interrupt};
use serde_json::{Map, Value};
pub use service::Settings;
use service::{CHATS, CONFIG, MAIL_CA, READY_WITHIN, RELEASE, SUPPORT, configuration, object, serve, text};

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
        let mut command = Command::new(program("mostik-sandbox")?);
        if let Some(people) = &settings.people {
            command.arg("--world").arg(people);
        }
        let mut sandbox = Program::start("the sandbox", &mut command, &folder.join("sandbox.log"))?;
        let mut says = object(&sandbox.line(READY_WITHIN)?, "the sandbox")?;
        // Chosen here and not by the service: it is started again at the same address. Held until then, or a connection might get it.
        let held = TcpListener::bind("127.0.0.1:0")?;
        let listens = held.local_addr()?.to_string();
        fs::write(folder.join(MAIL_CA), text(&says, &["smtp_ca"])?)?;
        fs::write(folder.join(CHATS), class_chats(&says)?)?;
        says.insert("release_key".into(), Value::String(sign_release(&folder.join(RELEASE))?));
        let folder = folder.to_owned();
        if settings.nodes > 1 {
            let (network, service) = Network::start(&folder, held, &says, settings)?;
            says.insert("service".into(), format!("http://{listens}").into());
            says.insert("nodes".into(), network.nodes.iter().map(|node| format!("http://{}", node.listens)).collect());
            return Ok(Self { service, network: Some(network), sandbox, says, listens, folder });
        }
        fs::write(folder.join(CONFIG), configuration(&says, &listens, settings)?)?;
        drop(held);
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

    /// Does something for people as an operator who looks and acts: the words after `mostik-service support`. Answers what that tells.
    ///
    /// # Errors
    /// When the service refuses it.
    pub fn support(&self, words: &[&str]) -> Result<Value> {
        let run = |words: &[&str], token: &str| {
            let mut command = Command::new(program("mostik-service")?);
            let output = command.args(words).env("MOSTIK_OPERATOR_TOKEN", token).current_dir(&self.folder).output()?;
            ensure!(output.status.success(), "{}: {}", words.join(" "), String::from_utf8_lossy(&output.stderr));
            anyhow::Ok(output)
        };
        let made = run(&["operators", "new-token", "--name", "operator", "--rights", "look,act"], "")?;
        let told = String::from_utf8(made.stderr)?;
        let token = told.split_whitespace().last().context("no token was told")?;
        let operators = self.folder.join("operators.toml");
        fs::write(&operators, made.stdout)?;
        #[cfg(unix)]
        fs::set_permissions(&operators, std::os::unix::fs::PermissionsExt::from_mode(0o640))?;
        let settings = fs::read_to_string(self.folder.join(CONFIG))?;
        fs::write(self.folder.join(SUPPORT), format!("{settings}[operators]\nfile = {operators:?}\n"))?;
        let with = ["--json", "--reason", "somebody has called", "--config", SUPPORT];
        let answer = run(&[&["support"], words, &with].concat(), token)?;
        Ok(serde_json::from_slice(&answer.stdout)?)
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
