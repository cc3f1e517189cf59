//! `mostik-service support delete`, `confirm-deletion` and `pending-deletions`.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use mostik_store::deletions::Pending;
use mostik_wire::Millis;
use serde_json::json;

use super::asked::{Asked, Failure, ended};
use crate::{dates, support::operators::Right};

/// Ask for the deletion of a profile; another operator has to confirm it.
///
/// Nothing is deleted yet: within 72 hours another operator with the same right runs `support confirm-deletion` with the id that this
/// prints. Takes the right `delete`.
#[derive(clap::Args)]
pub(super) struct Delete {
    #[command(flatten)]
    asked: Asked,
    /// The profile's id, as `support find` tells it
    #[arg(value_name = "PROFILE")]
    profile: String,
}

impl Delete {
    pub(super) async fn run(self) -> ExitCode {
        ended("delete", self.delete().await)
    }

    async fn delete(&self) -> Result<(), Failure> {
        let desk = self.asked.desk("delete", Right::Delete).await?;
        let asked = desk.ask_deletion(&self.profile).await;
        desk.store.close().await;
        self.asked.print(&asked?, |out, asked| {
            writeln!(out, "nothing is deleted yet. Another operator has to run, until {}:", until(asked))?;
            writeln!(out, "mostik-service support confirm-deletion {}", asked.id)
        })
    }
}

/// Confirm a deletion that another operator has asked for, and delete the profile for good.
///
/// With the profile goes all that names its person: the link, what the diary has told of the pupil, the linkings, messages and sessions. The
/// profile's people are told. It cannot be taken back. Who has asked for it is refused. Takes the right `delete`.
#[derive(clap::Args)]
pub(super) struct ConfirmDeletion {
    #[command(flatten)]
    asked: Asked,
    /// The id that `support delete` has printed
    #[arg(value_name = "ID", allow_hyphen_values = true)]
    id: String,
}

impl ConfirmDeletion {
    pub(super) async fn run(self) -> ExitCode {
        ended("confirm-deletion", self.confirm().await)
    }

    async fn confirm(&self) -> Result<(), Failure> {
        let desk = self.asked.desk("confirm-deletion", Right::Delete).await?;
        let deleted = desk.confirm_deletion(&self.id).await;
        desk.store.close().await;
        self.asked.print(&json!({ "deleted": deleted? }), |out, answer| {
            writeln!(out, "profile {} is deleted", answer["deleted"].as_str().unwrap_or_default())
        })
    }
}

/// List the deletions that wait for another operator, oldest first.
///
/// Takes the right `delete`.
#[derive(clap::Args)]
pub(super) struct PendingDeletions {
    #[command(flatten)]
    asked: Asked,
}

impl PendingDeletions {
    pub(super) async fn run(self) -> ExitCode {
        ended("pending-deletions", self.list().await)
    }

    async fn list(&self) -> Result<(), Failure> {
        let desk = self.asked.desk("pending-deletions", Right::Delete).await?;
        let pending = desk.pending_deletions().await;
        desk.store.close().await;
        self.asked.print(&pending?, |out, pending| in_words(out, pending))
    }
}

fn in_words(out: &mut dyn Write, pending: &[Pending]) -> io::Result<()> {
    if pending.is_empty() {
        return writeln!(out, "no deletion waits");
    }
    pending.iter().try_for_each(|asked| {
        let Pending { id, profile_id, asked_by, .. } = asked;
        writeln!(out, "{id}: profile {profile_id}, asked for by {asked_by}, until {}", until(asked))
    })
}

fn until(asked: &Pending) -> String {
    dates::in_moscow(Millis(asked.expires_at))
}
