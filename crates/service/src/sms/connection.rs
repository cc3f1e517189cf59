//! The way to a centre: TCP, with TLS over it where the address says `smpps`.

use std::{io, sync::Arc};

use rustls_platform_verifier::Verifier;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        ClientConfig,
        crypto::aws_lc_rs,
        pki_types::{CertificateDer, ServerName, pem::PemObject},
    },
};
use url::Url;

use crate::config::CentreConfig;

/// The ports of SMPP and, by custom, of SMPP over TLS.
const PORT: u16 = 2775;
const PORT_TLS: u16 = 3550;

/// Either kind of connection.
pub(super) trait Connection: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Connection for T {}

/// Connects to one of the centre's addresses.
///
/// # Errors
/// When the address cannot be resolved or reached, or the certificate is not to be trusted.
pub(super) async fn connect(centre: &CentreConfig, url: &Url) -> io::Result<Box<dyn Connection>> {
    // In brackets an IPv6 address belongs to a URL alone.
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let tls = url.scheme() == "smpps";
    let stream = TcpStream::connect((host, url.port().unwrap_or(if tls { PORT_TLS } else { PORT }))).await?;
    stream.set_nodelay(true)?;
    if !tls {
        return Ok(Box::new(stream));
    }
    let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
    Ok(Box::new(connector(centre.ca_pem.as_deref()).map_err(io::Error::other)?.connect(name, stream).await?))
}

// The system's authorities, and the operator's.
fn connector(ca_pem: Option<&[u8]>) -> Result<TlsConnector, tokio_rustls::rustls::Error> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let own = CertificateDer::pem_slice_iter(ca_pem.unwrap_or_default()).filter_map(Result::ok);
    let verifier = Verifier::new_with_extra_roots(own, Arc::clone(&provider))?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}
