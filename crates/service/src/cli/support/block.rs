//! `mostik-service support block` and `unblock`.

use std::process::ExitCode;

use mostik_store::blocks::Blockable;
use serde_json::json;

use super::asked::{Asked, Failure, at, ended};
use crate::support::{block::Block as Done, operators::Right};

/// Block an account of the diary that was stolen or is misused, or a profile.
///
/// A blocked account is signed out of all its apps at once, and cannot sign in. A blocked profile stays as it is: nobody gets to it by its
/// number, address or password, and its people can neither change nor unlink it; what operators do, and a deletion that is due, go on.
/// Whoever has shown that it is theirs is told to call the support. Takes the right `act`.
#[derive(clap::Args)]
pub(super) struct Block {
    #[command(flatten)]
    asked: Asked,
    #[command(flatten)]
    whom: Whom,
}

/// Unblock an account or a profile.
///
/// Everything is as it was; an account has to sign in anew. Takes the right `act`.
#[derive(clap::Args)]
pub(super) struct Unblock {
    #[command(flatten)]
    asked: Asked,
    #[command(flatten)]
    whom: Whom,
}

#[derive(clap::Args)]
#[group(required = true, multiple = false)]
struct Whom {
    /// The profile's id, as `support find` tells it
    #[arg(long, value_name = "PROFILE")]
    profile: Option<String>,
    /// The account's id, as `support find` tells it
    #[arg(long, value_name = "ACCOUNT", allow_hyphen_values = true)]
    account: Option<String>,
}

impl Whom {
    fn blockable(&self) -> (&'static str, &str, Blockable<'_>) {
        match (&self.profile, &self.account) {
            (Some(id), _) => ("profile", id, Blockable::Profile(id)),
            (None, account) => {
                let id = account.as_deref().unwrap_or_default();
                ("account", id, Blockable::Account(id))
            }
        }
    }
}

impl Block {
    pub(super) async fn run(self) -> ExitCode {
        ended("block", self.block().await)
    }

    async fn block(&self) -> Result<(), Failure> {
        let (what, id, whom) = self.whom.blockable();
        let desk = self.asked.desk("block", Right::Act).await?;
        let done = desk.block(whom).await;
        desk.store.close().await;
        let Done { since, changed, ended } = done?;
        let answer = json!({ what: id, "blocked_at": since, "changed": changed, "ended": ended });
        self.asked.print(&answer, |out, _| match whom {
            _ if !changed => writeln!(out, "{what} {id} has been blocked since {}: nothing was changed", at(since)),
            Blockable::Account(_) => writeln!(out, "account {id} is blocked; {ended} sessions were ended"),
            Blockable::Profile(_) => writeln!(out, "profile {id} is blocked"),
        })
    }
}

impl Unblock {
    pub(super) async fn run(self) -> ExitCode {
        ended("unblock", self.unblock().await)
    }

    async fn unblock(&self) -> Result<(), Failure> {
        let (what, id, whom) = self.whom.blockable();
        let desk = self.asked.desk("unblock", Right::Act).await?;
        let done = desk.unblock(whom).await;
        desk.store.close().await;
        let changed = done?.changed;
        let answer = json!({ what: id, "blocked_at": null, "changed": changed });
        let said = if changed { "is not blocked any more" } else { "is not blocked: nothing was changed" };
        self.asked.print(&answer, |out, _| writeln!(out, "{what} {id} {said}"))
    }
}
