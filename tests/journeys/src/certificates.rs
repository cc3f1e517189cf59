//! What a service, or whoever stands in its place, shows when TLS begins.

use std::sync::Arc;

use anyhow::Result;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose, date_time_ymd,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::aws_lc_rs::default_provider, pki_types::PrivateKeyDer},
};

/// A certificate for the address of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certificate {
    /// One that the device trusts.
    Right,
    /// It ended in the year 2001.
    Expired,
    /// It begins in the year 2100.
    NotYetValid,
    /// It is somebody else's.
    OfAnotherName,
    /// It is by an authority that the device does not know: a network that looks into TLS has one.
    OfAnotherAuthority,
}

/// All of them, and the authority that the device trusts.
pub struct Certificates {
    authority: Authority,
    unknown: Authority,
}

type Authority = CertifiedIssuer<'static, KeyPair>;

impl Certificates {
    /// Makes both authorities.
    ///
    /// # Errors
    /// When there are no keys to be had.
    pub fn new() -> Result<Self> {
        Ok(Self {
            authority: authority("Mostik, made for this journey only")?,
            unknown: authority("A school's proxy")?,
        })
    }

    /// The authority that the device is to trust, as PEM.
    #[must_use]
    pub fn authority(&self) -> String {
        self.authority.pem()
    }

    /// What answers with this one.
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn acceptor(&self, shown: Certificate) -> Result<TlsAcceptor> {
        let name = if shown == Certificate::OfAnotherName { "wifi.example" } else { "127.0.0.1" };
        let mut wanted = CertificateParams::new([name.to_owned()])?;
        match shown {
            Certificate::Expired => wanted.not_after = date_time_ymd(2001, 1, 1),
            Certificate::NotYetValid => wanted.not_before = date_time_ymd(2100, 1, 1),
            _ => (),
        }
        let by = if shown == Certificate::OfAnotherAuthority { &self.unknown } else { &self.authority };
        let key = KeyPair::generate()?;
        let signed = wanted.signed_by(&key, by)?;
        let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(anyhow::Error::msg)?;
        // Named, so that it does not depend on which cryptography other crates of the program bring.
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![signed.der().clone()], key)?;
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

fn authority(name: &str) -> Result<Authority> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    Ok(CertifiedIssuer::self_signed(params, KeyPair::generate()?)?)
}
