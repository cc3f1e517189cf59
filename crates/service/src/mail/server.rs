//! The client of the mail server.

use std::time::Duration;

use lettre::{
    AsyncSmtpTransport, Tokio1Executor,
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
    },
};

use crate::config::{MailConfig, MailSecurity};

/// The client of the mail server.
pub type Mailer = AsyncSmtpTransport<Tokio1Executor>;

/// How long the server may take for one command.
const COMMAND: Duration = Duration::from_secs(15);

/// Makes the client. Certificates are always verified; `none` is for a server on this machine, which the settings hold to.
///
/// # Errors
/// When TLS cannot be set up.
pub fn mailer(config: &MailConfig) -> Result<Mailer, lettre::transport::smtp::Error> {
    let tls = match config.security {
        MailSecurity::Starttls => Tls::Required(tls(config)?),
        MailSecurity::Tls => Tls::Wrapper(tls(config)?),
        MailSecurity::None => Tls::None,
    };
    let mut builder =
        Mailer::builder_dangerous(config.server.clone()).port(config.port).tls(tls).timeout(Some(COMMAND));
    if let Some((user, password)) = &config.account {
        builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
    }
    Ok(builder.build())
}

/// How the server's certificate is verified.
///
/// # Errors
/// When TLS cannot be set up.
pub(crate) fn tls(config: &MailConfig) -> Result<TlsParameters, lettre::transport::smtp::Error> {
    let mut tls = TlsParameters::builder(config.server.clone());
    if let Some(pem) = &config.ca_pem {
        tls = tls.add_root_certificate(Certificate::from_pem(pem)?);
    }
    tls.build_rustls()
}
