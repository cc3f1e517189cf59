//! Hands letters over to the mail server.

use std::{error::Error as _, time::Duration};

use lettre::AsyncTransport;
use mostik_store::outbox::Kind;
use mostik_wire::{Delivery, Email};
use tracing::Instrument;

use super::{texts::Letter, write::write};
use crate::{
    app::App,
    metrics::{CallOutcome, Provider},
    outbox::{Claimed, LOOK, delivery},
    refusal::Refusal,
    traces,
};

/// How long one letter may take; shorter than its lease.
const LETTER: Duration = Duration::from_secs(45);
/// Why a letter was given up that no server has seen.
const UNWRITABLE: &str = "the letter could not be written";
/// Letters under way at once: each has its own connection.
const AT_ONCE: usize = 4;

/// Sends what the outbox holds until the service ends.
pub async fn run(app: App) {
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..AT_ONCE {
        workers.spawn(work(app.clone()));
    }
    while workers.join_next().await.is_some() {}
}

async fn work(app: App) {
    let mut stopping = app.stopping.clone();
    while !*stopping.borrow() {
        match delivery::claim(&app, Kind::Mail).await {
            Ok(Some(message)) => {
                send(&app, &message).instrument(traces::delivery(Kind::Mail)).await;
                continue;
            }
            Ok(None) => {}
            Err(refusal) => tracing::warn!(code = ?refusal.code(), "the outbox cannot be read"),
        }
        tokio::select! {
            () = app.mail_wake.notified() => {}
            () = tokio::time::sleep(LOOK) => {}
            _ = stopping.changed() => {}
        }
    }
}

async fn send(app: &App, message: &Claimed) {
    let letter = Email::parse(&message.recipient).ok().zip(serde_json::from_str::<Letter>(&message.payload).ok());
    let written =
        letter.map(|(to, letter)| write(&app.live().config.mail.from, &to, &message.id, message.created_at, &letter));
    let noted = match written {
        Some(Ok(letter)) => hand_over(app, message, letter).await,
        Some(Err(error)) => {
            tracing::error!(%error, "a letter was given up");
            delivery::refused(app, message, Delivery::Failed, None, UNWRITABLE).await
        }
        None => delivery::refused(app, message, Delivery::Failed, None, UNWRITABLE).await,
    };
    if let Err(refusal) = noted {
        tracing::warn!(code = ?refusal.code(), "a letter's fate was not noted; its lease brings it back");
    }
}

async fn hand_over(app: &App, message: &Claimed, letter: lettre::Message) -> Result<(), Refusal> {
    let call = traces::call(Provider::Mail);
    let answer = tokio::time::timeout(LETTER, app.live().mailer.send(letter)).instrument(call.clone()).await;
    let outcome = match &answer {
        Ok(Ok(_)) => CallOutcome::Ok,
        Ok(Err(error)) => outcome(error.status().map(u16::from)),
        Err(_) => CallOutcome::Failed,
    };
    app.metrics.called(Provider::Mail, outcome);
    traces::called(&call, outcome);
    match answer {
        Ok(Ok(_)) => delivery::handed_over(app, message).await,
        Ok(Err(error)) => {
            // What the server says may quote the address: the status and the kind are enough.
            let (status, tls) = (error.status().map(u16::from), error.is_tls());
            tracing::warn!(?status, tls, "the mail server did not take a letter");
            let says = error.source().map(ToString::to_string).unwrap_or_default();
            let told = answer_of(status, &says, tls);
            match verdict(status, &says) {
                None => delivery::postponed(app, message, &told).await,
                Some(delivery) => delivery::refused(app, message, delivery, None, &told).await,
            }
        }
        Err(_) => {
            tracing::warn!("the mail server does not answer");
            delivery::postponed(app, message, "no answer").await
        }
    }
}

// Status and enhanced status (RFC 3463) without the words, which may quote the address.
fn answer_of(status: Option<u16>, says: &str, tls: bool) -> String {
    let Some(status) = status else { return if tls { "no TLS" } else { "no connection" }.to_owned() };
    let enhanced = says.split_whitespace().next().unwrap_or_default();
    let is_enhanced = enhanced.len() <= 9
        && enhanced.split('.').count() == 3
        && enhanced.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    if is_enhanced { format!("{status} {enhanced}") } else { status.to_string() }
}

// Whether a server that said no works nevertheless. It does not where there is no status, where it goes away (421), or where it
// does not know our account.
fn outcome(status: Option<u16>) -> CallOutcome {
    match status {
        None | Some(421 | 530 | 534 | 535 | 538) => CallOutcome::Failed,
        Some(_) => CallOutcome::Refused,
    }
}

// What an answer of the mail server means for good; `None`: it may pass. The enhanced status (RFC 3463) is more exact than
// the plain one where there is one.
fn verdict(status: Option<u16>, says: &str) -> Option<Delivery> {
    // Without a status: the connection, its TLS, or what the server cannot do. Those are the operator's to mend.
    let status = status.filter(|status| (500..600).contains(status))?;
    let enhanced = says.split_whitespace().next().unwrap_or_default();
    Some(match (status, enhanced) {
        // Our own account or our own address: the operator's to mend as well.
        (530 | 534 | 535 | 538, _) | (_, "5.1.7" | "5.1.8" | "5.7.8" | "5.7.9") => return None,
        (_, "5.2.2") => Delivery::MailboxFull,
        (_, "5.1.1" | "5.1.2" | "5.1.3" | "5.1.6" | "5.1.10" | "5.2.1") => Delivery::NoSuchMailbox,
        (_, other) if other.starts_with("5.7.") || other.starts_with("5.3.") => Delivery::Failed,
        (552, _) => Delivery::MailboxFull,
        (550 | 551 | 553, _) => Delivery::NoSuchMailbox,
        _ => Delivery::Failed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_told_without_the_servers_words() {
        for (status, says, told) in [
            (None, "connection refused", "no connection"),
            (Some(550), "5.1.1 <olga@mail.test>: no such user", "550 5.1.1"),
            (Some(550), "<olga@mail.test>: no such user", "550"),
            (Some(451), "1.2.3.4 is greylisted", "451"),
            (Some(452), "", "452"),
        ] {
            assert_eq!(answer_of(status, says, false), told);
        }
        assert_eq!(answer_of(None, "", true), "no TLS");
    }

    #[test]
    fn what_passes_is_tried_again_and_the_rest_has_its_cause() {
        for (status, says, delivery) in [
            (None, "connection refused", None),
            (Some(421), "4.3.0 later", None),
            (Some(451), "4.7.1 greylisted", None),
            (Some(452), "4.2.2 mailbox full", None),
            (Some(535), "5.7.8 wrong password", None),
            (Some(553), "5.1.8 bad sender", None),
            (Some(550), "5.1.1 no such user", Some(Delivery::NoSuchMailbox)),
            (Some(550), "no such user", Some(Delivery::NoSuchMailbox)),
            (Some(551), "not local", Some(Delivery::NoSuchMailbox)),
            (Some(553), "what is that", Some(Delivery::NoSuchMailbox)),
            (Some(550), "5.7.1 looks like spam", Some(Delivery::Failed)),
            (Some(552), "full", Some(Delivery::MailboxFull)),
            (Some(550), "5.2.2 over quota", Some(Delivery::MailboxFull)),
            (Some(552), "5.3.4 too big", Some(Delivery::Failed)),
            (Some(554), "no", Some(Delivery::Failed)),
        ] {
            assert_eq!(verdict(status, says), delivery, "{status:?} {says}");
        }
    }
}
