//! What is the service's own: its certificate, and the proxies before it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use mostik_wire::Millis;
use tokio_rustls::rustls::{
    client::verify_server_name,
    pki_types::{CertificateDer, ServerName},
    server::ParsedCertificate,
};
use url::Url;

use super::finding::Finding;
use crate::{
    clock::DAY,
    config::{CertificateFiles, Config},
};

const CERTIFICATE: &str = "tls.certificate";
const PROXY: &str = "proxy.trusted";
/// A certificate is renewed weeks before its end: one with less left was forgotten.
const LEAST_LEFT: i64 = 7;

pub(super) fn examine(config: &Config, now: Millis) -> Vec<Finding> {
    let public = config.public_url.as_deref().and_then(|url| Url::parse(url).ok());
    let certificate = config.tls.as_ref().map(|files| certificate(files, public.as_ref(), now).unwrap_or_else(|f| f));
    certificate.into_iter().chain(proxies(config, public.as_ref())).collect()
}

fn certificate(files: &CertificateFiles, public: Option<&Url>, now: Millis) -> Result<Finding, Finding> {
    let certificate = files.check(&files.read()?)?;
    let days = (certificate.valid_until.0 - now.0).div_euclid(DAY);
    let shown = files.certificate.display();
    if days < LEAST_LEFT {
        let found = if days < 0 { format!("{shown} has expired") } else { format!("{shown} ends in {days} days") };
        let next = "Renew it, and see why that does not go by itself (`systemctl list-timers`): the service takes the new one at once";
        return Err(Finding::wrong(CERTIFICATE, found, next));
    }
    if let Some(host) = public.and_then(Url::host_str)
        && !certificate.pair.cert.first().is_some_and(|first| is_for(first, host))
    {
        let found = format!("{shown} is not for {host}, the host of public_url");
        return Err(Finding::wrong(CERTIFICATE, found, format!("Have one issued for {host}, or mend public_url")));
    }
    Ok(Finding::well(CERTIFICATE, format!("{shown} is good for {days} days")))
}

fn is_for(certificate: &CertificateDer<'_>, host: &str) -> bool {
    let Ok(name) = ServerName::try_from(host.trim_matches(['[', ']'])) else { return false };
    ParsedCertificate::try_from(certificate).is_ok_and(|parsed| verify_server_name(&parsed, &name).is_ok())
}

fn proxies(config: &Config, public: Option<&Url>) -> Option<Finding> {
    let loopback = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
    // Someone else speaks the https that people see.
    let behind_proxy = config.tls.is_none() && public.is_some_and(|url| url.scheme() == "https");
    if behind_proxy && config.proxy.is_empty() {
        return Some(Finding::wrong(
            PROXY,
            "public_url is https and there is no tls.certificate, so a proxy is before the service; but none is trusted, and all \
             people count as one address",
            "Name the proxy's address, such as 127.0.0.1",
        ));
    }
    if behind_proxy && config.listen.ip().is_loopback() && !loopback.into_iter().any(|ip| config.proxy.holds(ip)) {
        return Some(Finding::wrong(
            PROXY,
            format!(
                "the service listens at {}, which only this machine reaches, and no proxy of this machine is trusted",
                config.listen
            ),
            "Add 127.0.0.1, or let `listen` be an address that the proxy reaches",
        ));
    }
    (!config.proxy.is_empty()).then(|| Finding::well(PROXY, "proxies are believed by their address"))
}
