//! `mostik-service audit verify`.

use std::{path::PathBuf, process::ExitCode};

use mostik_store::Store;

use crate::{
    audit::{
        chain::Head,
        verify::{Findings, verify},
    },
    cli::{config_file::ConfigFile, keys},
    config::Config,
};

/// Find any edit, gap or truncation of the audit log.
///
/// It works while nodes serve. What is wrong is told line by line on standard error, and the status is 1. Otherwise the head is
/// printed: keep it where whoever can write the database cannot. The service tells each new head in its log too, as
/// "the audit log has grown". Without a head that was kept elsewhere a log that was cut off at its end looks whole.
#[derive(clap::Args)]
pub(super) struct Verify {
    #[command(flatten)]
    config: ConfigFile,
    /// A head that was told before: the log must still hold it
    #[arg(long, value_name = "NUMBER:HASH")]
    head: Option<Head>,
    /// A file with a secret_key of before, which has made a part of the log; several times for several
    #[arg(long = "former-key-file", value_name = "FILE")]
    former_keys: Vec<PathBuf>,
}

impl Verify {
    pub(super) async fn run(self) -> ExitCode {
        let config = match self.config.load() {
            Ok(config) => config,
            Err(status) => return status,
        };
        match self.verify(&config).await {
            Ok(found) => tell(&found),
            Err(what) => {
                eprintln!("audit verify: {what}");
                ExitCode::FAILURE
            }
        }
    }

    async fn verify(&self, config: &Config) -> Result<Findings, String> {
        let store = Store::open(&config.database).await.map_err(|e| e.to_string())?;
        // With another key everything would look forged.
        let mut keys = keys::of(&store, config).await?;
        for file in &self.former_keys {
            keys = keys::with_former(&store, keys, file).await?;
        }
        let found = async { verify(&mut *store.snapshot().await?, &keys, self.head.as_ref()).await };
        let found = found.await.map_err(|e: mostik_store::Error| e.to_string());
        store.close().await;
        found
    }
}

fn tell(found: &Findings) -> ExitCode {
    for fault in &found.faults {
        eprintln!("audit verify: {fault}");
    }
    for (number, count) in &found.unweighed {
        eprintln!(
            "audit verify: {count} places and entries were made with the secret_key number {number}, which is not here: give it by \
             --former-key-file"
        );
    }
    if !found.faults.is_empty() || !found.unweighed.is_empty() {
        return ExitCode::FAILURE;
    }
    match &found.head {
        Some(head) => println!("whole up to {head}"),
        None => println!("the audit log is empty"),
    }
    if found.waiting > 0 {
        println!("{} entries wait for their place; a node that serves gives it within seconds", found.waiting);
    }
    ExitCode::SUCCESS
}
