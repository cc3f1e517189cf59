use std::{path::PathBuf, time::Duration};

use url::{Host, Url};

use crate::StartError;

/// What the engine is told once, at its start.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The linking service. `https`, or `http` to this very machine (127.0.0.0/8, ::1, localhost).
    pub service: Url,
    /// Where `mostik.sqlite3` lies; made if it is not there.
    pub data_dir: PathBuf,
    /// Where the person's downloads go; made if it is not there.
    pub downloads: PathBuf,
    /// The `service` attribute of the entry in the OS keyring, e.g. `app.mostik`.
    pub keyring_name: String,
    /// The operator's public key for manifests of releases, as minisign writes it; `None`: no manifest is believed.
    pub release_key: Option<String>,
    /// How long things may take.
    pub timeouts: Timeouts,
}

impl Settings {
    /// Settings with the usual [`Timeouts`], downloads beside the data, and no key for releases.
    #[must_use]
    pub fn new(service: Url, data_dir: impl Into<PathBuf>, keyring_name: impl Into<String>) -> Self {
        let data_dir = data_dir.into();
        let downloads = data_dir.join("downloads");
        Self {
            service,
            data_dir,
            downloads,
            keyring_name: keyring_name.into(),
            release_key: None,
            timeouts: Timeouts::default(),
        }
    }

    /// The service's address, if it may be spoken to.
    pub(crate) fn checked_service(&self) -> Result<Url, StartError> {
        let service = &self.service;
        let plain = service.username().is_empty()
            && service.password().is_none()
            && service.query().is_none()
            && service.fragment().is_none();
        match service.scheme() {
            "https" if plain && service.host().is_some() => Ok(service.clone()),
            "http" if plain && is_loopback(service) => Ok(service.clone()),
            "http" if plain => Err(StartError::ServiceNotSecure(service.clone())),
            _ => Err(StartError::ServiceMalformed),
        }
    }
}

/// Whether an address leads to this very machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// How long things may take. The defaults are for people; tests shorten them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// To connect to the service: 5 s.
    pub connect: Duration,
    /// For one answer, from the first byte sent to the last received: 15 s.
    pub answer: Duration,
    /// For one call with all its repetitions: 30 s.
    pub budget: Duration,
    /// How often one call is tried at most: 4.
    pub attempts: u32,
    /// Before the first repetition; doubled for each further one: 0.5 s.
    pub retry_base: Duration,
    /// Never longer than this between two tries, unless the service asks for it: 8 s.
    pub retry_cap: Duration,
    /// For the keyring, with the time a person needs to unlock it: 20 s.
    pub keyring: Duration,
    /// For the person to finish in the browser: 10 min.
    pub sign_in: Duration,
    /// Between two questions for changes while the stream of changes does not stand: 3 s.
    pub poll: Duration,
    /// The same after failures, and between two tries to get the stream back: up to 15 s.
    pub poll_cap: Duration,
    /// Silence after which the stream of changes counts as broken: 45 s. The service writes at least every 15 s.
    pub stream_silence: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(15),
            budget: Duration::from_secs(30),
            attempts: 4,
            retry_base: Duration::from_millis(500),
            retry_cap: Duration::from_secs(8),
            keyring: Duration::from_secs(20),
            sign_in: Duration::from_mins(10),
            poll: Duration::from_secs(3),
            poll_cap: Duration::from_secs(15),
            stream_silence: Duration::from_secs(45),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(service: &str) -> Result<Url, StartError> {
        Settings::new(Url::parse(service).unwrap(), "d", "k").checked_service()
    }

    #[test]
    fn an_unprotected_service_elsewhere_is_refused_by_name() {
        for url in ["http://mostik.example", "http://10.0.0.1:8080", "http://localhost.example", "http://[::2]"] {
            let error = check(url).unwrap_err();
            assert!(matches!(error, StartError::ServiceNotSecure(_)), "{url}");
            assert!(error.to_string().contains("`service`"), "{error}");
        }
    }

    #[test]
    fn an_address_that_is_none_is_refused_by_name() {
        for url in ["ftp://mostik.example", "file:///tmp", "https://a:b@mostik.example", "https://mostik.example/?x=1"]
        {
            assert!(matches!(check(url), Err(StartError::ServiceMalformed)), "{url}");
        }
    }

    #[test]
    fn https_anywhere_and_http_on_this_machine_are_accepted() {
        for url in ["https://mostik.example", "http://127.0.0.1:4000", "http://[::1]:4000/base", "http://localhost"] {
            check(url).unwrap();
        }
    }
}
