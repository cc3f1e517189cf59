//! `mostik-service support unlink`, `end-sessions` and `export`.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use mostik_wire::{Export as Everything, Messenger};
use serde_json::json;

use super::asked::{Asked, Failure, ended};
use crate::support::operators::Right;

/// Unlink a profile from its diary, or take it out of one messenger.
///
/// By the service's own rules: a profile that is about to be deleted is refused, and so is the last messenger of a link that stands on it
/// alone. The profile's people are told, as if its owner had done it. Takes the right `act`.
#[derive(clap::Args)]
pub(super) struct Unlink {
    #[command(flatten)]
    asked: Asked,
    /// Only out of this messenger
    #[arg(long, value_name = "MESSENGER", value_parser = ["max", "vk"])]
    messenger: Option<String>,
    /// The profile's id, as `support find` tells it
    #[arg(value_name = "PROFILE")]
    profile: String,
}

impl Unlink {
    pub(super) async fn run(self) -> ExitCode {
        ended("unlink", self.unlink().await)
    }

    async fn unlink(&self) -> Result<(), Failure> {
        let messenger = match self.messenger.as_deref() {
            Some("max") => Some(Messenger::Max),
            Some(_) => Some(Messenger::Vk),
            None => None,
        };
        let desk = self.asked.desk("unlink", Right::Act).await?;
        let done = desk.unlink(&self.profile, messenger).await;
        desk.store.close().await;
        done?;
        let answer = json!({ "profile": self.profile, "unlinked": self.messenger.as_deref().unwrap_or("all") });
        self.asked.print(&answer, |out, _| match &self.messenger {
            Some(messenger) => writeln!(out, "profile {} has left {messenger}", self.profile),
            None => writeln!(out, "profile {} is linked to nobody any more", self.profile),
        })
    }
}

/// End all sessions of an account.
///
/// Its apps are signed out with the next request, and what they follow ends at once. Takes the right `act`.
#[derive(clap::Args)]
pub(super) struct EndSessions {
    #[command(flatten)]
    asked: Asked,
    /// The account's id, as `support find` tells it
    #[arg(value_name = "ACCOUNT", allow_hyphen_values = true)]
    account: String,
}

impl EndSessions {
    pub(super) async fn run(self) -> ExitCode {
        ended("end-sessions", self.end().await)
    }

    async fn end(&self) -> Result<(), Failure> {
        let desk = self.asked.desk("end-sessions", Right::Act).await?;
        let ended = desk.end_sessions(&self.account).await;
        desk.store.close().await;
        let ended = ended?;
        let answer = json!({ "account": self.account, "ended": ended });
        self.asked.print(&answer, |out, _| writeln!(out, "{ended} sessions of account {} were ended", self.account))
    }
}

/// Write down all that is held about a linked profile, for a person who asks for it.
///
/// What the profile's owner gets under «Безопасность»: a page for people and JSON for programs. The files can be read by their owner alone; give
/// them to nobody who has not shown to be the person. The profile's people are told that its data was given out. Takes the right `disclose`.
#[derive(clap::Args)]
pub(super) struct Export {
    #[command(flatten)]
    asked: Asked,
    /// The folder that the two files are written into; neither may be there yet
    #[arg(long, value_name = "FOLDER")]
    into: PathBuf,
    /// The profile's id, as `support find` tells it
    #[arg(value_name = "PROFILE")]
    profile: String,
}

impl Export {
    pub(super) async fn run(self) -> ExitCode {
        ended("export", self.export().await)
    }

    async fn export(&self) -> Result<(), Failure> {
        // Nobody is told of what could not be written then.
        if !self.into.is_dir() {
            return Err(Failure::Misused(format!("--into: {} is no folder. Name one", self.into.display())));
        }
        let desk = self.asked.desk("export", Right::Disclose).await?;
        let export = desk.export(&self.profile).await;
        desk.store.close().await;
        let files = write(&self.into, &export?)
            .map_err(|(file, error)| Failure::Failed(format!("{} cannot be written: {error}", file.display())))?;
        self.asked.print(&json!({ "profile": self.profile, "files": files }), |out, _| {
            files.iter().try_for_each(|file| writeln!(out, "{}", file.display()))
        })
    }
}

fn write(folder: &Path, export: &Everything) -> Result<[PathBuf; 2], (PathBuf, io::Error)> {
    let files = [(&export.html, "html"), (&export.json, "json")].map(|(text, end)| {
        let file = folder.join(format!("{}.{end}", export.name));
        (private(&file).and_then(|mut open| io::Write::write_all(&mut open, text.as_bytes())), file)
    });
    let [(html, html_file), (json, json_file)] = files;
    html.map_err(|error| (html_file.clone(), error))?;
    json.map_err(|error| (json_file.clone(), error))?;
    Ok([html_file, json_file])
}

fn private(file: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}
