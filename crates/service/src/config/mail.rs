//! `[mail]`, checked.

use mostik_wire::Email;

use super::{
    authorities::authorities,
    sections::{MailConfig, MailSecurity},
    values::Values,
};

/// A name or an address of a machine, without port and scheme.
fn is_host(text: &str) -> bool {
    matches!(url::Host::parse(text), Ok(url::Host::Domain(_) | url::Host::Ipv4(_)))
        || text.parse::<std::net::Ipv6Addr>().is_ok()
}

fn is_here(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

pub(super) fn check(values: &mut Values) -> Option<MailConfig> {
    let server = values.required("mail.server");
    if !server.is_empty() && !is_host(&server) {
        let found = format!("found {server:?}");
        values.fault("mail.server", &found, "Give the name alone; the port is mail.port");
    }
    let port = values.number("mail.port", 1..=u32::from(u16::MAX)).and_then(|port| u16::try_from(port).ok());
    let security = match values.required("mail.security").as_str() {
        "starttls" => MailSecurity::Starttls,
        "tls" => MailSecurity::Tls,
        "none" if is_here(&server) => MailSecurity::None,
        other => {
            let next = "Give starttls or tls; none is for a server on 127.0.0.1";
            values.fault("mail.security", &format!("found {other:?}"), next);
            MailSecurity::Starttls
        }
    };
    let account = match (values.get("mail.user"), values.get("mail.password")) {
        (Some(user), Some(password)) => Some((user, password)),
        (None, None) => None,
        (Some(_), None) => {
            values.fault("mail.password", "not set, though mail.user is", "Set both or neither");
            None
        }
        (None, Some(_)) => {
            values.fault("mail.user", "not set, though mail.password is", "Set both or neither");
            None
        }
    };
    let from = Email::parse(&values.required("mail.from")).ok();
    if from.is_none() {
        let found = format!("found {:?}", values.get("mail.from").unwrap_or_default());
        values.fault("mail.from", &found, "Give an address, such as no-reply@school.example");
    }
    let ca_file = values.get("mail.ca_file");
    let ca_pem = authorities(values, "mail.ca_file", ca_file);
    Some(MailConfig { server, port: port?, security, account, from: from?, ca_pem })
}
