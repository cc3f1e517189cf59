//! The certificate that new connections are given. A pair that was replaced is taken up, one that does not fit is refused and the
//! former goes on. Connections that are open keep theirs.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use mostik_wire::Millis;
use tokio::sync::watch;
use tokio_rustls::rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};

use crate::{
    clock::DAY,
    config::{Certificate, CertificateFiles, Fault},
};

/// How long before its end a certificate is warned about.
const WARN_BEFORE: i64 = 14 * DAY;

/// How the certificate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// The moment from which nobody takes it any more.
    pub valid_until: Millis,
    /// Other files lie there, and were refused.
    pub refused: bool,
    /// How many pairs were taken up, the first included.
    pub taken: u64,
}

impl State {
    /// `ok`, `expiring` within 14 days, or `expired`.
    #[must_use]
    pub fn name(&self, now: Millis) -> &'static str {
        match self.valid_until.0.saturating_sub(now.0) {
            left if left <= 0 => "expired",
            left if left <= WARN_BEFORE => "expiring",
            _ => "ok",
        }
    }
}

/// The pair that is used, and where the next one will lie.
pub struct Certificates {
    files: CertificateFiles,
    pair: RwLock<Arc<CertifiedKey>>,
    /// What was looked at last, taken up or refused.
    seen: Mutex<[u8; 32]>,
    state: watch::Sender<State>,
}

impl Certificates {
    /// Reads the first pair.
    ///
    /// # Errors
    /// Names the file at fault and the next step.
    pub fn read(files: CertificateFiles) -> Result<Self, Fault> {
        let found = files.read()?;
        let Certificate { pair, valid_until } = files.check(&found)?;
        Ok(Self {
            files,
            pair: RwLock::new(pair),
            seen: Mutex::new(found.digest()),
            state: watch::Sender::new(State { valid_until, refused: false, taken: 1 }),
        })
    }

    /// How the certificate is, now and as it changes.
    #[must_use]
    pub fn state(&self) -> watch::Receiver<State> {
        self.state.subscribe()
    }

    /// What a server needs to speak with this certificate.
    ///
    /// # Errors
    /// When the cryptography offers no version of TLS.
    pub fn server(self: &Arc<Self>) -> Result<ServerConfig, tokio_rustls::rustls::Error> {
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(Resolver(Arc::clone(self))));
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }

    /// Looks at the files, and takes up what changed.
    pub(super) fn look(&self, now: Millis) {
        let seen = |digest: [u8; 32]| {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *seen, digest) == digest
        };
        let taken = match self.files.read() {
            Ok(found) if seen(found.digest()) => return,
            Ok(found) => self.files.check(&found).and_then(|new| self.in_date(new, now)),
            // As content that is told once.
            Err(_) if seen([0; 32]) => return,
            Err(fault) => Err(fault),
        };
        match taken {
            Ok(Certificate { pair, valid_until }) => {
                *self.pair.write().unwrap_or_else(PoisonError::into_inner) = pair;
                tracing::info!(valid_until = valid_until.0, "the TLS certificate was read anew");
                self.state.send_modify(|state| {
                    *state = State { valid_until, refused: false, taken: state.taken + 1 };
                });
            }
            Err(fault) => {
                tracing::error!(%fault, "the new TLS certificate is refused; the former one goes on");
                self.state.send_modify(|state| state.refused = true);
            }
        }
    }

    /// At the start a certificate that has run out is better than none; in place of one that is used it is a mistake.
    fn in_date(&self, new: Certificate, now: Millis) -> Result<Certificate, Fault> {
        if new.valid_until > now {
            return Ok(new);
        }
        let found = format!("{} holds a certificate that has run out", self.files.certificate.display());
        Err(Fault { key: "tls.certificate".into(), found, next: "Put the renewed one there".into() })
    }
}

/// For rustls: who asks makes no difference.
struct Resolver(Arc<Certificates>);

impl std::fmt::Debug for Resolver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Resolver")
    }
}

impl ResolvesServerCert for Resolver {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.pair.read().unwrap_or_else(PoisonError::into_inner)))
    }
}
