//! `mostik-service secret-keys`.

use std::process::ExitCode;

use mostik_store::{
    Store,
    secret_keys::{self, KeyNumbers, Left},
};

use super::{config_file::ConfigFile, keys};
use crate::clock::{Clock, SystemClock};

/// Say how much is left under previous_secret_key, and whether it may be dropped.
///
/// It works while nodes serve, and changes nothing. The status is 0 where nothing is left, else 1. What is left is sealed anew by a node
/// within ten minutes after all of them write with the new key, or is over by itself: sessions that are not used last longest, 60 days.
#[derive(clap::Args)]
pub(super) struct SecretKeys {
    #[command(flatten)]
    config: ConfigFile,
}

impl SecretKeys {
    pub(super) async fn run(self) -> ExitCode {
        let config = match self.config.load() {
            Ok(config) => config,
            Err(status) => return status,
        };
        let looked = async {
            let store = Store::open(&config.database).await.map_err(|e| e.to_string())?;
            let numbers = keys::of(&store, &config).await?.numbers();
            let found = look(&store, numbers).await.map_err(|e| e.to_string());
            store.close().await;
            Ok::<_, String>((numbers, found?))
        };
        match looked.await {
            Ok((numbers, found)) => tell(numbers, found),
            Err(what) => {
                eprintln!("secret-keys: {what}");
                ExitCode::FAILURE
            }
        }
    }
}

/// What was found of the key that is only read.
struct Found {
    everywhere: bool,
    left: Vec<Left>,
}

async fn look(store: &Store, numbers: KeyNumbers) -> Result<Option<Found>, mostik_store::Error> {
    let Some(old) = numbers.reads else { return Ok(None) };
    let mut snapshot = store.snapshot().await?;
    let everywhere = secret_keys::all_write_with(&mut snapshot, numbers.writes).await?;
    let left = secret_keys::left(&mut snapshot, old, numbers.writes, SystemClock.now()).await?;
    Ok(Some(Found { everywhere, left }))
}

fn tell(numbers: KeyNumbers, found: Option<Found>) -> ExitCode {
    println!("secret_key has the number {}", numbers.writes);
    let (Some(old), Some(found)) = (numbers.reads, found) else {
        println!("there is no previous_secret_key");
        return ExitCode::SUCCESS;
    };
    println!("previous_secret_key has the number {old}");
    if !found.everywhere {
        println!("a node that runs does not write with secret_key yet");
    }
    let left: Vec<_> = found.left.iter().filter(|left| left.count > 0).collect();
    for left in &left {
        println!("left under previous_secret_key: {} {}", left.count, left.what);
    }
    if found.everywhere && left.is_empty() {
        println!("nothing is left: previous_secret_key may be dropped");
        return ExitCode::SUCCESS;
    }
    println!("previous_secret_key may not be dropped yet");
    ExitCode::FAILURE
}
