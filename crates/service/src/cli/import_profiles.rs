//! `mostik-service import-profiles`.

use std::{path::PathBuf, process::ExitCode, sync::Arc};

use mostik_store::Store;

use super::{config_file::ConfigFile, keys};
use crate::{
    audit::Author,
    clock::{Clock, SystemClock, SystemEntropy},
    config::Config,
    profiles,
};

/// Bring existing learning profiles in.
///
/// The same number or address again updates its profile. Names are taken as they are; who has one name has the other null.
#[derive(clap::Args)]
pub(super) struct ImportProfiles {
    #[command(flatten)]
    config: ConfigFile,
    /// A list of {"phone": "+79000002357" and/or "email": "anya@mail.ru", "first_name": "…", "last_name": "…", "role": "pupil" or
    /// "parent", "class_name": null}
    #[arg(value_name = "PROFILES.json")]
    profiles: PathBuf,
}

impl ImportProfiles {
    pub(super) async fn run(self) -> ExitCode {
        let config = match self.config.load() {
            Ok(config) => config,
            Err(status) => return status,
        };
        match self.import(config).await {
            Ok(count) => {
                println!("{count} profiles are in");
                ExitCode::SUCCESS
            }
            Err(what) => {
                eprintln!("import-profiles: {what}");
                ExitCode::FAILURE
            }
        }
    }

    async fn import(&self, config: Config) -> Result<usize, String> {
        let file = &self.profiles;
        let json = std::fs::read_to_string(file).map_err(|e| format!("{} cannot be read: {e}", file.display()))?;
        let db = Store::open(&config.database).await.map_err(|e| e.to_string())?;
        let keys = Arc::new(keys::of(&db, &config).await?);
        let author = Author { keys, entropy: &SystemEntropy, now: SystemClock.now() };
        let count = profiles::import(&db, &author, &json).await?;
        db.close().await;
        Ok(count)
    }
}
