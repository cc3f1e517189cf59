//! What a person or an administrator can set: the environment, then `mostik.toml` in the app's configuration folder, then
//! what is built in.
//!
//! | environment | `mostik.toml` | meaning | built in |
//! |---|---|---|---|
//! | `MOSTIK_SERVICE` | `service` | the linking service's address: https, or http on this machine | [`SERVICE`] |
//! | `MOSTIK_DATA_DIR` | `data_dir` | where the app keeps its database | the system's folder for it |
//! | `MOSTIK_RELEASE_KEY` | `release_key` | the operator's public key for manifests of releases, as minisign writes it | none, or [`RELEASE_KEY`] |
//! | `MOSTIK_KEYRING` | `keyring` | the name of the app's entry in the keyring | `app.mostik` |

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use mostik_engine::Settings;
use serde::Deserialize;
use tauri::path::PathResolver;
use url::Url;

/// The service of this very machine, at the address that `mostik-service` listens on unless it is told otherwise.
/// Whoever builds the app for a school network sets `MOSTIK_DEFAULT_SERVICE` while building.
const SERVICE: &str = match option_env!("MOSTIK_DEFAULT_SERVICE") {
    Some(address) => address,
    None => "http://127.0.0.1:8080",
};

/// Whoever builds the app for a school network sets `MOSTIK_DEFAULT_RELEASE_KEY` beside it.
const RELEASE_KEY: Option<&str> = option_env!("MOSTIK_DEFAULT_RELEASE_KEY");

const KEYRING: &str = "app.mostik";

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("{} cannot be read: {source}", .file.display())]
    File {
        /// Which.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file does not say what it should.
    #[error("{}: {source}", .file.display())]
    Syntax {
        /// Which.
        file: PathBuf,
        /// Where and what.
        source: toml::de::Error,
    },
    /// The service's address is none.
    #[error("MOSTIK_SERVICE (or `service` in mostik.toml) is {value:?}, which is no address: {source}")]
    Service {
        /// As it was given.
        value: String,
        /// Why.
        source: url::ParseError,
    },
    /// The system names no folder for the app.
    #[error("the system names no folder for the app's data; set MOSTIK_DATA_DIR: {0}")]
    Folder(#[from] tauri::Error),
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    service: Option<String>,
    data_dir: Option<PathBuf>,
    keyring: Option<String>,
    release_key: Option<String>,
}

/// Reads all settings.
pub fn read(paths: &PathResolver<tauri::Wry>) -> Result<Settings, SettingsError> {
    let file = from_file(&paths.app_config_dir()?.join("mostik.toml"))?;
    let mut settings = merge(file, &|name| std::env::var(name).ok(), || Ok(paths.app_local_data_dir()?))?;
    // A system that names no folder for downloads has a home at least; else they lie beside the app's data.
    if let Ok(downloads) = paths.download_dir().or_else(|_| paths.home_dir().map(|home| home.join("Downloads"))) {
        settings.downloads = downloads;
    }
    Ok(settings)
}

fn from_file(path: &Path) -> Result<File, SettingsError> {
    match fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text).map_err(|source| SettingsError::Syntax { file: path.to_owned(), source }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(File::default()),
        Err(source) => Err(SettingsError::File { file: path.to_owned(), source }),
    }
}

fn merge(
    file: File,
    environment: &dyn Fn(&str) -> Option<String>,
    folder: impl FnOnce() -> Result<PathBuf, SettingsError>,
) -> Result<Settings, SettingsError> {
    let set = |name| environment(name).filter(|value| !value.is_empty());
    let value = set("MOSTIK_SERVICE").or(file.service).unwrap_or_else(|| SERVICE.to_owned());
    let service = Url::parse(&value).map_err(|source| SettingsError::Service { value, source })?;
    let data_dir = set("MOSTIK_DATA_DIR").map(PathBuf::from).or(file.data_dir).map_or_else(folder, Ok)?;
    let keyring = set("MOSTIK_KEYRING").or(file.keyring).unwrap_or_else(|| KEYRING.to_owned());
    let built_in = RELEASE_KEY.filter(|key| !key.is_empty()).map(str::to_owned);
    let release_key = set("MOSTIK_RELEASE_KEY").or(file.release_key).or(built_in);
    Ok(Settings { release_key, ..Settings::new(service, data_dir, keyring) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(toml: &str, environment: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        let file = toml::from_str(toml).unwrap();
        let environment: std::collections::HashMap<_, _> = environment.iter().copied().collect();
        merge(file, &|name| environment.get(name).map(|value| (*value).to_owned()), || Ok("own".into()))
    }

    #[test]
    fn an_address_that_is_none_is_named_with_its_setting() {
        let error = merged("", &[("MOSTIK_SERVICE", "mostik example")]).unwrap_err().to_string();
        assert!(error.contains("MOSTIK_SERVICE") && error.contains("mostik example"), "{error}");
    }

    #[test]
    fn an_unknown_line_of_the_file_is_refused() {
        assert!(toml::from_str::<File>("server = \"https://mostik.example\"").is_err());
    }

    #[test]
    fn the_environment_wins_over_the_file_and_the_file_over_what_is_built_in() {
        let settings =
            merged("service = \"https://a.example\"\nkeyring = \"k\"", &[("MOSTIK_SERVICE", "https://b.example")])
                .unwrap();
        assert_eq!((settings.service.as_str(), settings.keyring_name.as_str()), ("https://b.example/", "k"));
        assert_eq!(settings.data_dir, Path::new("own"));
        let keyed = merged("release_key = \"file\"", &[("MOSTIK_RELEASE_KEY", "environment")]).unwrap();
        assert_eq!(keyed.release_key.as_deref(), Some("environment"));
        let plain = merged("", &[("MOSTIK_DATA_DIR", "")]).unwrap();
        assert_eq!((plain.service.as_str(), plain.keyring_name.as_str()), ("http://127.0.0.1:8080/", KEYRING));
    }
}
