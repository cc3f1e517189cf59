use std::{
    error::Error as StdError,
    sync::{Arc, Mutex, PoisonError},
};

use keyring_core::{CredentialStore, Entry, Error};
use mostik_flow::KeyringProblem;
use mostik_wire::Secret;

use super::Vault;

const USER: &str = "session";

/// The keyring of the operating system: Secret Service, Keychain, Credential Manager, Android's Keystore.
///
/// `keyring_core` is used without its process-wide default store: the store is opened anew after a failure, so that a
/// keyring that was absent or locked can be tried again.
pub struct OsVault {
    service: String,
    open: Open,
    store: Mutex<Option<Arc<CredentialStore>>>,
}

type Open = fn() -> Result<Arc<CredentialStore>, Error>;

impl OsVault {
    /// The entry with the attributes `service` = `service`, `username` = `session`.
    #[must_use]
    pub fn new(service: &str) -> Self {
        Self { service: service.to_owned(), open: platform::open, store: Mutex::new(None) }
    }

    fn with_entry<T>(&self, work: impl FnOnce(&Entry) -> Result<T, Error>) -> Result<T, KeyringProblem> {
        let mut held = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let store = match &*held {
            Some(store) => Arc::clone(store),
            None => {
                let store = (self.open)().map_err(|error| problem(&error).unwrap_or(KeyringProblem::Absent))?;
                Arc::clone(held.insert(store))
            }
        };
        let result = store.build(&self.service, USER, None).and_then(|entry| work(&entry));
        result.map_err(|error| {
            // The connection may be what is broken: the next call opens a new one.
            *held = None;
            problem(&error).unwrap_or(KeyringProblem::Broken)
        })
    }
}

impl Vault for OsVault {
    fn read(&self) -> Result<Option<Secret>, KeyringProblem> {
        self.with_entry(|entry| match entry.get_password() {
            Ok(text) => Ok(Some(Secret::new(text))),
            Err(Error::NoEntry) => Ok(None),
            // Bytes that are no text are not ours; the next write replaces them.
            Err(Error::BadEncoding(_) | Error::BadDataFormat(..)) => Ok(None),
            Err(Error::Ambiguous(entries)) => delete_all(entries).map(|()| None),
            Err(error) => Err(error),
        })
    }

    fn write(&self, secret: &Secret) -> Result<(), KeyringProblem> {
        self.with_entry(|entry| match entry.set_password(secret.expose()) {
            Err(Error::Ambiguous(entries)) => {
                delete_all(entries)?;
                entry.set_password(secret.expose())
            }
            result => result,
        })
    }

    fn forget(&self) -> Result<(), KeyringProblem> {
        self.with_entry(|entry| match entry.delete_credential() {
            Err(Error::NoEntry) => Ok(()),
            Err(Error::Ambiguous(entries)) => delete_all(entries),
            result => result,
        })
    }
}

// Two entries of ours say nothing for sure; none does.
fn delete_all(entries: Vec<Entry>) -> Result<(), Error> {
    entries.iter().try_for_each(Entry::delete_credential)
}

fn problem(error: &Error) -> Option<KeyringProblem> {
    match error {
        Error::NoDefaultStore | Error::NotSupportedByStore(_) => Some(KeyringProblem::Absent),
        Error::NoStorageAccess(cause) => Some(platform::problem(&**cause).unwrap_or(KeyringProblem::Locked)),
        Error::PlatformFailure(cause) => platform::problem(&**cause),
        _ => Some(KeyringProblem::Broken),
    }
}

#[cfg(all(unix, not(any(target_os = "macos", target_os = "ios", target_os = "android"))))]
mod platform {
    use super::{Arc, CredentialStore, Error, KeyringProblem, StdError};

    pub fn open() -> Result<Arc<CredentialStore>, Error> {
        Ok(zbus_secret_service_keyring_store::Store::new()?)
    }

    pub fn problem(cause: &(dyn StdError + Send + Sync + 'static)) -> Option<KeyringProblem> {
        use secret_service::Error as Cause;
        match cause.downcast_ref::<Cause>()? {
            Cause::Prompt => Some(KeyringProblem::Dismissed),
            Cause::Locked | Cause::PromptDisconnected => Some(KeyringProblem::Locked),
            // No result: a daemon without a default collection.
            Cause::Unavailable | Cause::NoResult => Some(KeyringProblem::Absent),
            _ => None,
        }
    }
}

#[cfg(not(all(unix, not(any(target_os = "macos", target_os = "ios", target_os = "android")))))]
mod platform {
    use super::{Arc, CredentialStore, Error, KeyringProblem, StdError};

    #[cfg(target_os = "android")]
    use android_native_keyring_store::Store;
    #[cfg(target_os = "macos")]
    use apple_native_keyring_store::keychain::Store;
    #[cfg(target_os = "ios")]
    use apple_native_keyring_store::protected::Store;
    #[cfg(windows)]
    use windows_native_keyring_store::Store;

    pub fn open() -> Result<Arc<CredentialStore>, Error> {
        Ok(Store::new()?)
    }

    pub fn problem(_cause: &(dyn StdError + Send + Sync + 'static)) -> Option<KeyringProblem> {
        None
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use keyring_core::mock;

    use super::*;

    fn vault() -> OsVault {
        OsVault { service: "mostik-test".into(), open: || Ok(mock::Store::new()?), store: Mutex::new(None) }
    }

    fn fail_next(vault: &OsVault, error: Error) {
        let held = vault.store.lock().unwrap();
        let entry = held.as_ref().unwrap().build("mostik-test", USER, None).unwrap();
        entry.as_any().downcast_ref::<mock::Cred>().unwrap().set_error(error);
    }

    fn boxed(text: &str) -> Box<dyn StdError + Send + Sync> {
        text.into()
    }

    #[test]
    fn no_store_at_all_is_an_absent_keyring() {
        let vault = OsVault { open: || Err(Error::PlatformFailure(boxed("no bus"))), ..vault() };
        assert_eq!(vault.read().err(), Some(KeyringProblem::Absent));
        assert_eq!(vault.write(&Secret::new("x")), Err(KeyringProblem::Absent));
    }

    #[test]
    fn refusals_of_the_keyring_keep_their_kind_and_pass() {
        let vault = vault();
        assert!(vault.read().unwrap().is_none());
        for (error, expected) in [
            (Error::NoStorageAccess(boxed("locked")), KeyringProblem::Locked),
            (Error::PlatformFailure(boxed("?")), KeyringProblem::Broken),
            (Error::TooLong("password".into(), 5), KeyringProblem::Broken),
            (Error::NotSupportedByStore("?".into()), KeyringProblem::Absent),
            (linux(secret_service::Error::Prompt), KeyringProblem::Dismissed),
            (linux(secret_service::Error::Locked), KeyringProblem::Locked),
            (linux(secret_service::Error::Unavailable), KeyringProblem::Absent),
            (linux(secret_service::Error::Crypto("?")), KeyringProblem::Broken),
        ] {
            let name = error.to_string();
            vault.read().unwrap();
            fail_next(&vault, error);
            assert_eq!(vault.read().err(), Some(expected), "{name}");
            assert!(vault.read().unwrap().is_none(), "{name}: the next call opens the store anew");
        }
    }

    #[test]
    fn what_is_written_is_read_until_it_is_forgotten() {
        let vault = vault();
        vault.write(&Secret::new("one")).unwrap();
        vault.write(&Secret::new("two")).unwrap();
        assert_eq!(vault.read().unwrap().unwrap().expose(), "two");
        vault.forget().unwrap();
        vault.forget().unwrap();
        assert!(vault.read().unwrap().is_none());
    }

    fn linux(cause: secret_service::Error) -> Error {
        Error::PlatformFailure(Box::new(cause))
    }
}
