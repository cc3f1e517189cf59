//! The service's own certificate and its key, read and checked as a pair.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use mostik_wire::Millis;
use sha2::{Digest, Sha256};
use tokio_rustls::rustls::{
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::CertifiedKey,
};
use x509_parser::prelude::{FromDer, X509Certificate};

use super::fault::Fault;

pub(super) const CERTIFICATE: &str = "tls.certificate";
pub(super) const KEY: &str = "tls.key";

/// Where the pair lies.
#[derive(Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "SETTINGS describes each field, under the same name")]
pub struct CertificateFiles {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// A pair that fits.
pub struct Certificate {
    /// Chain and key.
    pub pair: Arc<CertifiedKey>,
    /// The moment from which nobody takes the certificate any more.
    pub valid_until: Millis,
}

/// What the two files hold, not looked at yet.
pub struct Found {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

impl CertificateFiles {
    /// Reads both files.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub fn read(&self) -> Result<Found, Fault> {
        Ok(Found { certificate: bytes(CERTIFICATE, &self.certificate)?, key: bytes(KEY, &self.key)? })
    }

    /// Whether what was found is a pair that fits.
    ///
    /// # Errors
    /// Names the file at fault and the next step.
    pub fn check(&self, found: &Found) -> Result<Certificate, Fault> {
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&found.certificate)
            .collect::<Result<_, _>>()
            .map_err(|_| fault(CERTIFICATE, &self.certificate, "is no PEM", "Name a PEM file"))?;
        let Some(first) = chain.first() else {
            return Err(fault(CERTIFICATE, &self.certificate, "holds no certificate", "Name a PEM file"));
        };
        let valid_until = X509Certificate::from_der(first)
            .map(|(_, read)| Millis(read.validity().not_after.timestamp().saturating_mul(1000)))
            .map_err(|_| fault(CERTIFICATE, &self.certificate, "holds a damaged certificate", "Have it issued anew"))?;
        let key = PrivateKeyDer::from_pem_slice(&found.key)
            .map_err(|_| fault(KEY, &self.key, "holds no private key", "Name a PEM file with the key alone"))?;
        let pair = CertifiedKey::from_der(chain, key, &aws_lc_rs::default_provider()).map_err(|error| {
            fault(
                KEY,
                &self.key,
                &format!("does not fit: {error}"),
                "Put the key there that the certificate was issued for",
            )
        })?;
        Ok(Certificate { pair: Arc::new(pair), valid_until })
    }
}

impl Found {
    /// Tells one content from another, without keeping the key.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(self.certificate.len().to_le_bytes());
        hash.update(&self.certificate);
        hash.update(&self.key);
        hash.finalize().into()
    }
}

fn bytes(setting: &str, file: &Path) -> Result<Vec<u8>, Fault> {
    std::fs::read(file)
        .map_err(|error| fault(setting, file, &format!("cannot be read: {error}"), "Name a readable file"))
}

fn fault(setting: &str, file: &Path, what: &str, next: &str) -> Fault {
    Fault { key: setting.into(), found: format!("{} {what}", file.display()), next: next.into() }
}
