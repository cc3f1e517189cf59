//! The keys of a command.

use std::path::Path;

use mostik_store::{
    Store,
    secret_keys::{self, Holder},
};

use crate::{
    clock::{Clock, SystemClock},
    config::Config,
    keys::{self, Keys},
    live::bound_keys,
};

/// Those of the settings, as the database counts them.
///
/// # Errors
/// Says why the database does not take them, and what to do.
pub(super) async fn of(store: &Store, config: &Config) -> Result<Keys, String> {
    bound_keys(store, config, Holder::Command, SystemClock.now()).await.map_err(|e| e.to_string())
}

/// With the key in a file, which the database knows of old.
///
/// # Errors
/// Says what is wrong with the file, and what to do.
pub(super) async fn with_former(store: &Store, keys: Keys, file: &Path) -> Result<Keys, String> {
    let shown = file.display();
    let bytes = std::fs::read(file).map_err(|e| format!("{shown} cannot be read: {e}. Name a readable file"))?;
    let bytes = bytes.trim_ascii();
    let known = async { secret_keys::number(&mut *store.reader().await?, &keys::fingerprint(bytes)).await };
    let known = known.await.map_err(|e: mostik_store::Error| e.to_string())?;
    let number = known.ok_or_else(|| {
        format!("the key in {shown} was never this database's. Name the file that secret_key_file named before")
    })?;
    Ok(keys.with_former(bytes, number))
}
