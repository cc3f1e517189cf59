//! One SMTP session: the dialog over a connection, STARTTLS in its middle, letters at its end.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use super::address::Address;
use super::certificates::Certificates;
use super::deliver::{deliver, switched_off};
use super::dialog::{Dialog, Envelope, MailPolicy, Step, busy};
use super::letter::{Content, Letter};
use super::reply::Reply;
use super::wire::{Line, Text, Wire};
use crate::faults::MailRefusal;
use crate::journal::{Direction, Protocol};
use crate::secrets::accepts;
use crate::shared::Shared;

/// A handshake takes two round trips.
const HANDSHAKE_PATIENCE: Duration = Duration::from_secs(30);

/// How a conversation came to its end.
enum End {
    StartTls,
    Closed,
}

/// Runs a session until either side ends it.
pub(super) async fn run(stream: TcpStream, peer: IpAddr, shared: Arc<Shared>, certificates: Arc<Certificates>) {
    let session = Session { peer, shared: Arc::clone(&shared) };
    tokio::select! {
        () = session.talk(stream, &certificates) => {}
        () = switched_off(&shared) => session.log(Direction::Out, "соединение сброшено: почта выключена"),
        () = shared.stopped() => {}
    }
}

struct Session {
    peer: IpAddr,
    shared: Arc<Shared>,
}

impl Session {
    async fn talk(&self, stream: TcpStream, certificates: &Certificates) {
        let mut wire = Wire::new(stream);
        if self.is_busy() {
            self.log(Direction::Out, "приветствие: 421 4.3.2");
            wire.say(&busy()).await;
            return wire.end().await;
        }
        wire.say(&Reply::plain(220, &["sandbox ESMTP, a stand-in"])).await;
        match self.converse(&mut wire, &mut Dialog::default()).await {
            End::Closed => return wire.end().await,
            End::StartTls => {}
        }
        let Some(stream) = wire.into_stream() else {
            // Answered inside TLS, this would be somebody else's words in the client's mouth (CVE-2011-0411).
            return self.log(Direction::In, "после STARTTLS пришло лишнее: соединение закрыто");
        };
        let wrong = self.shared.faults().mail.wrong_certificate;
        match tokio::time::timeout(HANDSHAKE_PATIENCE, certificates.acceptor(wrong).accept(stream)).await {
            Ok(Ok(stream)) => {
                let mut wire = Wire::new(stream);
                self.converse(&mut wire, &mut Dialog::secured()).await;
                wire.end().await;
            }
            Ok(Err(error)) => self.log(Direction::In, &format!("рукопожатие TLS не удалось: {error}")),
            Err(_) => self.log(Direction::In, "рукопожатие TLS не закончено вовремя"),
        }
    }

    async fn converse<S: AsyncRead + AsyncWrite + Unpin>(&self, wire: &mut Wire<S>, dialog: &mut Dialog) -> End {
        loop {
            let step = match wire.line().await {
                Line::Whole(line) => {
                    let step = dialog.hear(&line, self);
                    self.log_step(&line, &step);
                    step
                }
                Line::TooLong => Step::Close(Reply::new(500, "5.5.2", "the line is too long")),
                Line::Garbage => Step::Close(Reply::new(500, "5.5.2", "this is no SMTP")),
                Line::Gone => return End::Closed,
            };
            match step {
                Step::Say(reply) => {
                    if !wire.say(&reply).await {
                        return End::Closed;
                    }
                }
                Step::Close(reply) => {
                    wire.say(&reply).await;
                    return End::Closed;
                }
                Step::StartTls(reply) => {
                    wire.say(&reply).await;
                    return End::StartTls;
                }
                Step::Text(reply, envelope) => {
                    wire.say(&reply).await;
                    let reply = match wire.text().await {
                        Text::Whole(octets) => self.take(dialog, &envelope, &octets),
                        Text::TooLarge => Reply::new(552, "5.3.4", "the letter is too large"),
                        Text::Gone => return End::Closed,
                    };
                    if reply.is_refusal() {
                        self.log(Direction::In, &format!("письмо: {}", reply.short()));
                    }
                    if !wire.say(&reply).await {
                        return End::Closed;
                    }
                }
            }
        }
    }

    fn take(&self, dialog: &Dialog, envelope: &Envelope, octets: &[u8]) -> Reply {
        let content = match Content::read(octets, envelope.smtputf8) {
            Ok(content) => content,
            Err(refusal) => return refusal,
        };
        for (_, address) in &envelope.to {
            self.log(Direction::In, &format!("письмо → {}: принято", address.masked()));
        }
        let letters = envelope.to.iter().map(|(written, address)| {
            let letter = Letter {
                id: 0,
                to: written.clone(),
                mailbox: address.spoken(),
                content: content.clone(),
                received_at: 0,
                tls: dialog.is_secure(),
                authenticated: dialog.is_authenticated(),
                smtputf8: envelope.smtputf8,
            };
            (address.clone(), letter)
        });
        deliver(&self.shared, letters.collect());
        Reply::new(250, "2.0.0", "taken")
    }

    /// Commands and codes; of what AUTH says, nothing.
    fn log_step(&self, line: &[u8], step: &Step) {
        let words = String::from_utf8_lossy(line);
        let verb = words.split(|sign: char| !sign.is_ascii_alphabetic()).next().unwrap_or_default().to_uppercase();
        let known = ["EHLO", "HELO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "RSET", "QUIT"];
        let reply = match step {
            Step::Say(reply) | Step::StartTls(reply) | Step::Text(reply, _) | Step::Close(reply) => reply,
        };
        // What came through well is told in one line, when the letter is there.
        if reply.is_refusal() || verb == "STARTTLS" {
            let verb = known.into_iter().find(|one| *one == verb).unwrap_or("строка");
            self.log(Direction::In, &format!("{verb}: {}", reply.short()));
        }
    }

    fn log(&self, direction: Direction, line: &str) {
        self.shared.log(Protocol::Smtp, direction, line);
    }
}

impl MailPolicy for Session {
    fn knows(&self, user: &str, password: &str) -> bool {
        let account = &self.shared.world.smtp_account;
        user == account.user && accepts(&self.shared.secrets().smtp_password, password)
    }

    fn offers_tls(&self) -> bool {
        !self.shared.faults().mail.no_starttls
    }

    fn is_busy(&self) -> bool {
        self.shared.faults().mail.refuse == Some(MailRefusal::Busy)
    }

    fn takes(&self, from: &str, to: &Address) -> Result<(), Reply> {
        match self.shared.faults().mail.refuse {
            Some(MailRefusal::Greylist) if !self.shared.postbox().is_known(self.peer, from, to) => {
                Err(Reply::new(451, "4.7.1", "greylisted, try again later"))
            }
            Some(MailRefusal::MailboxFull) => Err(Reply::new(552, "5.2.2", "the mailbox is full")),
            Some(MailRefusal::UnknownRecipient) => Err(Reply::new(550, "5.1.1", "no such mailbox")),
            Some(MailRefusal::Greylist | MailRefusal::Busy) | None => Ok(()),
        }
    }
}
