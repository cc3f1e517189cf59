//! The mail server: as a letter is handed over, up to the letter itself.

use std::{error::Error as _, iter, time::Duration};

use lettre::{
    Address,
    transport::smtp::{
        Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::AsyncSmtpConnection,
        commands::{Mail, Rcpt},
        extension::ClientId,
    },
};

use super::finding::Finding;
use crate::{
    config::{MailConfig, MailSecurity},
    mail,
};

/// How long the server may take for one command.
const COMMAND: Duration = Duration::from_secs(10);
/// Every domain has this mailbox (RFC 5321, 4.5.1), and this one is not the sender's: a server that takes letters to it takes them to
/// everybody. No letter follows.
const ELSEWHERE: (&str, &str) = ("postmaster", "mail.ru");

const SERVER: &str = "mail.server";

/// Goes step by step; what is wrong ends it.
pub(super) async fn examine(config: &MailConfig) -> Vec<Finding> {
    let found = match connect(config).await {
        Ok(mut conn) => {
            let found = hand_over(config, &mut conn).await;
            conn.abort().await;
            found
        }
        Err(finding) => Err(finding),
    };
    vec![found.unwrap_or_else(|finding| finding)]
}

async fn connect(config: &MailConfig) -> Result<AsyncSmtpConnection, Finding> {
    let hello = ClientId::default();
    let unreachable = |error: Error| broken(config, &error);
    let wrapped = match config.security {
        MailSecurity::Tls => Some(mail::tls(config).map_err(unreachable)?),
        MailSecurity::Starttls | MailSecurity::None => None,
    };
    let server = (config.server.as_str(), config.port);
    let mut conn =
        AsyncSmtpConnection::connect_tokio1(server, Some(COMMAND), &hello, wrapped, None).await.map_err(unreachable)?;
    if config.security == MailSecurity::Starttls {
        if !conn.can_starttls() {
            conn.abort().await;
            let next = "Set mail.security to tls and mail.port to 465 if the server has that, or have its operator turn STARTTLS on";
            return Err(Finding::wrong("mail.security", "the server offers no STARTTLS", next));
        }
        conn.starttls(mail::tls(config).map_err(unreachable)?, &hello).await.map_err(unreachable)?;
    }
    Ok(conn)
}

async fn hand_over(config: &MailConfig, conn: &mut AsyncSmtpConnection) -> Result<Finding, Finding> {
    if let Some((user, password)) = &config.account {
        let account = Credentials::new(user.clone(), password.clone());
        conn.auth(DEFAULT_MECHANISMS, &account).await.map_err(|error| match status(&error) {
            Some(534 | 535) => Finding::wrong(
                "mail.password",
                "the server does not know the user or the password",
                "Set mail.user and mail.password to what its operator gave; some want a password of its own for programs",
            ),
            None if error.is_client() => {
                let next = "Ask its operator which port takes letters from programs: often 587 or 465";
                Finding::wrong("mail.user", "the server offers no sign-in by password", next)
            }
            _ => refused(config, &error, "mail.user", "the sign-in"),
        })?;
    }
    let from = lettre::Address::try_from(config.from.address()).map_err(|_| {
        Finding::wrong("mail.from", "it is no address that SMTP can bear", "Give one with a domain in Latin letters")
    })?;
    let sender = conn.command(Mail::new(Some(from), Vec::new())).await;
    sender.map_err(|error| match status(&error) {
        Some(530) => Finding::wrong(
            "mail.user",
            "the server wants a sign-in before it takes letters",
            "Set mail.user and mail.password to what its operator gave",
        ),
        _ => refused(config, &error, "mail.from", "the sender"),
    })?;
    let (user, domain) = ELSEWHERE;
    let elsewhere = Address::new(user, domain).map_err(|_| broken_address())?;
    match conn.command(Rcpt::new(elsewhere, Vec::new())).await {
        Ok(_) => Ok(Finding::well(SERVER, format!("{} takes letters to other domains", config.server))),
        Err(error) if error.is_transient() && status(&error) != Some(421) => Ok(Finding::well(
            SERVER,
            format!("{} takes letters, and asks to come again for a new recipient", config.server),
        )),
        Err(error) if error.is_permanent() => Err(Finding::wrong(
            SERVER,
            format!("{} takes no letters to other domains ({})", config.server, status(&error).unwrap_or_default()),
            "Have its operator let this account, or this machine, send to everybody (relay)",
        )),
        Err(error) => Err(refused(config, &error, SERVER, "the recipient")),
    }
}

fn broken_address() -> Finding {
    Finding::wrong(SERVER, "the address of the trial is none", "Tell the makers of Mostik")
}

fn status(error: &Error) -> Option<u16> {
    error.status().map(u16::from)
}

// What the server says itself may quote addresses: its status is enough.
fn refused(config: &MailConfig, error: &Error, check: &str, what: &str) -> Finding {
    match status(error) {
        Some(421) => Finding::wrong(
            SERVER,
            "the server is busy and hangs up (421)",
            "Try again in some minutes; if it stays so, ask its operator",
        ),
        Some(status) => Finding::wrong(
            check,
            format!("the server refuses {what} ({status})"),
            "Ask its operator which sender this account, or this machine, may have",
        ),
        None => broken(config, error),
    }
}

fn broken(config: &MailConfig, error: &Error) -> Finding {
    if status(error).is_some() {
        return refused(config, error, SERVER, "the connection");
    }
    let causes: Vec<String> =
        iter::successors(error.source(), |cause: &&(dyn std::error::Error + 'static)| (**cause).source())
            .map(ToString::to_string)
            .collect();
    let cause = causes.last().cloned().unwrap_or_else(|| error.to_string());
    if error.is_tls() || causes.iter().any(|cause| cause.contains("certificate")) {
        let found = format!("the certificate of {} is not to be trusted: {cause}", config.server);
        let next =
            "Set mail.server to the name in its certificate, or name the certificate's authority in mail.ca_file";
        return Finding::wrong(SERVER, found, next);
    }
    let found = format!("{}:{} cannot be reached: {cause}", config.server, config.port);
    Finding::wrong(SERVER, found, "See to mail.server, mail.port, mail.security and the firewall")
}
