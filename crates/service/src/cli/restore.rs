//! `mostik-service restore`.

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use mostik_store::{
    Store,
    backup::{BackupError, Restoring, restore, try_out},
};

use super::{config_file::ConfigFile, keys, signals::asked_to_end};
use crate::{
    audit::{Action, Actor, Author, Subject},
    clock::{Clock, DAY, SystemClock, SystemEntropy},
    config::Config,
    live::Fingerprints,
};

/// Restore a backup into the empty place that `database` names, or try whether it could be.
///
/// What is old in it is not done again: messages that waited are given up, one-time links and codes of the sign-in are over, the bot
/// answers nothing of before, and no profile is deleted within a day. Sessions stay; see --end-sessions.
#[derive(clap::Args)]
pub(super) struct Restore {
    #[command(flatten)]
    config: ConfigFile,
    /// The backup's folder
    #[arg(value_name = "BACKUP")]
    backup: PathBuf,
    /// Change nothing: restore into a temporary place, compare all rows, and remove it again. Of PostgreSQL that is a temporary
    /// database beside `database`, whose user needs CREATEDB
    #[arg(long)]
    check: bool,
    /// Everybody signs in anew: else a session that was ended since the backup is open again
    #[arg(long)]
    end_sessions: bool,
}

impl Restore {
    pub(super) async fn run(self) -> ExitCode {
        let config = match self.config.load() {
            Ok(config) => config,
            Err(status) => return status,
        };
        let now = SystemClock.now();
        let keys = Fingerprints::of(&config);
        let restoring =
            Restoring { keys: keys.keys(), now, deletions_not_before: now.plus(DAY), end_sessions: self.end_sessions };
        let (done, result) = if self.check {
            ("can be restored", try_out(&self.backup, &config.database, &restoring, asked_to_end()).await)
        } else {
            let half = match config.database.is_postgres() {
                true => BackupError::HalfRestored,
                false => BackupError::BrokenOff,
            };
            let restored = tokio::select! {
                biased;
                () = asked_to_end() => Err(half),
                restored = restore(&self.backup, &config.database, &restoring) => restored,
            };
            ("is restored", restored)
        };
        match result {
            Ok(manifest) => {
                println!("{} {done}: {} rows, all as they were written", self.backup.display(), manifest.rows());
                if !self.check {
                    if let Err(what) = record(&config).await {
                        eprintln!("restore: the audit log does not tell of it: {what}");
                        return ExitCode::FAILURE;
                    }
                    println!("Start the service on {}: what was done since the backup is not in it.", config.database);
                }
                ExitCode::SUCCESS
            }
            Err(what) => {
                eprintln!("restore: {what}");
                ExitCode::FAILURE
            }
        }
    }
}

/// Who reads the audit log learns from it why it goes back.
async fn record(config: &Config) -> Result<(), String> {
    let store = Store::open(&config.database).await.map_err(|e| e.to_string())?;
    let keys = Arc::new(keys::of(&store, config).await?);
    let author = Author { keys, entropy: &SystemEntropy, now: SystemClock.now() };
    let written = async {
        let mut tx = store.write().await?;
        let by = Actor::Operator("restore");
        author.record(&mut tx, by, Action::BackupRestored, &Subject::default(), None).await?;
        tx.commit().await
    };
    let written = written.await.map_err(|e: mostik_store::Error| e.to_string());
    store.close().await;
    written
}
