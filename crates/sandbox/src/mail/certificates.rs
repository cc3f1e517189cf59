//! The certificates: an authority of its own, made anew at each start, and what it signed.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

/// A name that nobody connects to.
const ELSEWHERE: &str = "mail.elsewhere.example";

/// The certificates that the server shows when TLS begins.
#[derive(Clone)]
pub(crate) struct Certificates {
    authority: String,
    right: TlsAcceptor,
    wrong: TlsAcceptor,
}

impl Certificates {
    /// For `localhost`, the loopback addresses and the address that the server listens on.
    pub(crate) fn make(bind: IpAddr) -> io::Result<Self> {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "Mostik sandbox, made for this run only");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let authority = CertifiedIssuer::self_signed(params, key()?).map_err(io::Error::other)?;
        let own = ["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned(), bind.to_string()];
        Ok(Self {
            authority: authority.pem(),
            right: acceptor(&authority, own.to_vec())?,
            wrong: acceptor(&authority, vec![ELSEWHERE.to_owned()])?,
        })
    }

    /// The certificate of the authority, as PEM.
    pub(crate) fn authority(&self) -> &str {
        &self.authority
    }

    pub(super) fn acceptor(&self, wrong: bool) -> &TlsAcceptor {
        if wrong { &self.wrong } else { &self.right }
    }
}

fn key() -> io::Result<KeyPair> {
    KeyPair::generate().map_err(io::Error::other)
}

fn acceptor(authority: &CertifiedIssuer<'_, KeyPair>, names: Vec<String>) -> io::Result<TlsAcceptor> {
    let own = key()?;
    let params = CertificateParams::new(names).map_err(io::Error::other)?;
    let certificate = params.signed_by(&own, authority).map_err(io::Error::other)?;
    let own = PrivateKeyDer::try_from(own.serialize_der()).map_err(io::Error::other)?;
    // Named, so that it does not depend on which cryptography other crates of the program bring.
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], own)
        .map_err(io::Error::other)?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}
