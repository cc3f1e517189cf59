//! Why the engine did not start.

use std::io;

use sqlx::migrate::MigrateError;
use url::Url;

/// Why the engine did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Tokens would travel unprotected.
    #[error("setting `service`: {0} must be https; plain http is for this machine alone")]
    ServiceNotSecure(Url),
    /// The setting is not the address of a service.
    #[error("setting `service`: not the https address of a service, without name, password, query and fragment")]
    ServiceMalformed,
    /// TLS or the resolver of the system.
    #[error("the network client cannot be set up")]
    Network(#[source] reqwest::Error),
    /// The key that manifests of releases are checked with cannot be read.
    #[error("setting `release_key`: not a public key of minisign's")]
    ReleaseKeyMalformed,
    /// The local database.
    #[error("setting `data_dir`: {0}")]
    Store(#[from] StoreError),
}

/// Why the local database cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder cannot be made, or the unreadable file cannot be put aside.
    #[error("the folder for the local database cannot be used")]
    Folder(#[source] io::Error),
    /// The file cannot be opened or written: no rights, no space, held by another program.
    #[error("the local database cannot be used")]
    Database(#[source] sqlx::Error),
    /// Its tables cannot be brought up to date.
    #[error("the local database cannot be brought up to date")]
    Migration(#[source] MigrateError),
}
