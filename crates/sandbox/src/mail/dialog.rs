//! What is said in an SMTP session, line by line, without any connection: commands in, steps out (RFC 5321, 4954, 3207, 6531).

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use smtp_proto::{AUTH_LOGIN, AUTH_PLAIN, Error, MAIL_SMTPUTF8, MailFrom, Request};

use super::address::{Address, needs_utf8};
use super::reply::Reply;

/// The largest letter. Announced by EHLO.
pub(super) const MOST_OCTETS: usize = 1 << 20;
/// RFC 5321, 4.5.3.1.10.
const MOST_RECIPIENTS: usize = 100;
/// After so many lines that make no sense the session ends.
const MOST_MISTAKES: u8 = 10;
/// After so many wrong passwords the session ends.
const MOST_GUESSES: u8 = 3;

/// What the server accepts, with the faults that are switched on.
pub(super) trait MailPolicy {
    /// The password of an account is right.
    fn knows(&self, user: &str, password: &str) -> bool;
    /// STARTTLS is offered. An old relay that has none takes letters in the clear, and from anybody.
    fn offers_tls(&self) -> bool;
    /// Too busy for anything.
    fn is_busy(&self) -> bool;
    /// Takes a letter for this recipient, or says why not.
    fn takes(&self, from: &str, to: &Address) -> Result<(), Reply>;
}

/// Who a letter is from and for, as the session said it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Envelope {
    pub(super) from: String,
    /// As written, and as understood.
    pub(super) to: Vec<(String, Address)>,
    pub(super) smtputf8: bool,
}

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    Say(Reply),
    /// Say it, then do the TLS handshake.
    StartTls(Reply),
    /// Say it, then read the letter.
    Text(Reply, Envelope),
    Close(Reply),
}

/// What the next line is.
#[derive(Debug, Default)]
enum Awaiting {
    #[default]
    Command,
    Plain,
    User,
    Password(String),
}

/// One session.
#[derive(Debug, Default)]
pub(super) struct Dialog {
    secure: bool,
    authenticated: bool,
    greeted: bool,
    envelope: Option<Envelope>,
    awaiting: Awaiting,
    mistakes: u8,
    guesses: u8,
}

impl Dialog {
    /// The handshake is done: what was said before it is forgotten (RFC 3207, 4.2).
    pub(super) fn secured() -> Self {
        Self { secure: true, ..Self::default() }
    }

    pub(super) fn is_secure(&self) -> bool {
        self.secure
    }

    pub(super) fn is_authenticated(&self) -> bool {
        self.authenticated
    }

    /// Hears one line, with its end.
    pub(super) fn hear(&mut self, line: &[u8], policy: &impl MailPolicy) -> Step {
        match std::mem::take(&mut self.awaiting) {
            Awaiting::Command => {}
            Awaiting::Plain => return self.plain(&String::from_utf8_lossy(line), policy),
            Awaiting::User => return self.user(&String::from_utf8_lossy(line)),
            Awaiting::Password(user) => return self.password(&user, &String::from_utf8_lossy(line), policy),
        }
        if policy.is_busy() {
            return Step::Close(busy());
        }
        match Request::parse(&mut line.iter()) {
            Ok(request) => self.obey(request, policy),
            Err(error) => self.mistake(&error),
        }
    }

    fn obey(&mut self, request: Request<Cow<'_, str>>, policy: &impl MailPolicy) -> Step {
        match request {
            Request::Ehlo { .. } => {
                (self.greeted, self.envelope) = (true, None);
                let size = format!("SIZE {MOST_OCTETS}");
                let mut lines = vec!["sandbox", &size, "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES", "PIPELINING"];
                if !self.secure && policy.offers_tls() {
                    lines.push("STARTTLS");
                }
                if self.secure {
                    lines.push("AUTH PLAIN LOGIN");
                }
                Step::Say(Reply::plain(250, &lines))
            }
            Request::Helo { .. } => {
                (self.greeted, self.envelope) = (true, None);
                Step::Say(Reply::plain(250, &["sandbox"]))
            }
            Request::StartTls if self.secure => say(503, "5.5.1", "TLS is on already"),
            Request::StartTls if !policy.offers_tls() => say(502, "5.5.1", "STARTTLS is not offered"),
            Request::StartTls if !self.greeted => say(503, "5.5.1", "say EHLO first"),
            Request::StartTls => Step::StartTls(Reply::new(220, "2.0.0", "go ahead")),
            Request::Auth { mechanism, initial_response } => self.auth(mechanism, &initial_response, policy),
            Request::Mail { from } => self.mail(&from, policy),
            Request::Rcpt { to } => self.rcpt(&to.address, policy),
            Request::Data => match &self.envelope {
                None => say(503, "5.5.1", "say MAIL first"),
                Some(envelope) if envelope.to.is_empty() => say(554, "5.5.1", "no valid recipients"),
                Some(_) => {
                    let envelope = self.envelope.take().unwrap_or_default();
                    Step::Text(Reply::plain(354, &["end with a dot on a line of its own"]), envelope)
                }
            },
            Request::Rset => {
                self.envelope = None;
                say(250, "2.0.0", "forgotten")
            }
            Request::Noop { .. } => say(250, "2.0.0", "ok"),
            Request::Vrfy { .. } => say(252, "2.5.2", "send it and see"),
            Request::Help { .. } => Step::Say(Reply::plain(214, &["this is a stand-in; see README.md"])),
            Request::Quit => Step::Close(Reply::new(221, "2.0.0", "bye")),
            other => say(502, "5.5.1", &format!("{} is not offered", other.name())),
        }
    }

    fn mistake(&mut self, error: &Error) -> Step {
        self.mistakes += 1;
        if self.mistakes >= MOST_MISTAKES {
            return Step::Close(Reply::new(421, "4.7.0", "too many errors"));
        }
        match error {
            Error::UnknownCommand => say(500, "5.5.2", "unknown command"),
            Error::InvalidSenderAddress => say(553, "5.1.7", "no such form of address"),
            Error::InvalidRecipientAddress => say(553, "5.1.3", "no such form of address"),
            Error::SyntaxError { syntax } => say(501, "5.5.4", &format!("write {syntax}")),
            Error::InvalidParameter { param } => say(501, "5.5.4", &format!("{param} makes no sense")),
            Error::UnsupportedParameter { .. } => say(555, "5.5.4", "a parameter is not supported"),
            _ => say(501, "5.5.2", "the line is not complete"),
        }
    }

    fn mail(&mut self, from: &MailFrom<Cow<'_, str>>, policy: &impl MailPolicy) -> Step {
        let smtputf8 = from.flags & MAIL_SMTPUTF8 != 0;
        if !self.greeted {
            return say(503, "5.5.1", "say EHLO first");
        }
        if self.envelope.is_some() {
            return say(503, "5.5.1", "a letter is open already");
        }
        if !self.authenticated && policy.offers_tls() {
            let words = if self.secure { "authentication required" } else { "say STARTTLS first" };
            return say(530, "5.7.0", words);
        }
        if from.size > MOST_OCTETS {
            return say(552, "5.3.4", "the letter is too large");
        }
        if needs_utf8(&from.address) && !smtputf8 {
            return say(553, "5.6.7", "this address needs SMTPUTF8");
        }
        if !from.address.is_empty() && Address::parse(&from.address).is_none() {
            return say(553, "5.1.7", "no such form of address");
        }
        self.envelope = Some(Envelope { from: from.address.clone().into_owned(), to: Vec::new(), smtputf8 });
        say(250, "2.1.0", "ok")
    }

    fn rcpt(&mut self, to: &str, policy: &impl MailPolicy) -> Step {
        let Some(envelope) = &mut self.envelope else { return say(503, "5.5.1", "say MAIL first") };
        if envelope.to.len() >= MOST_RECIPIENTS {
            return say(452, "4.5.3", "too many recipients");
        }
        if needs_utf8(to) && !envelope.smtputf8 {
            return say(553, "5.6.7", "this address needs SMTPUTF8");
        }
        let Some(address) = Address::parse(to) else { return say(553, "5.1.3", "no such form of address") };
        if let Err(refusal) = policy.takes(&envelope.from, &address) {
            return Step::Say(refusal);
        }
        envelope.to.push((to.to_owned(), address));
        say(250, "2.1.5", "ok")
    }

    fn auth(&mut self, mechanism: u64, initial: &str, policy: &impl MailPolicy) -> Step {
        if !self.greeted || self.authenticated || self.envelope.is_some() {
            return say(503, "5.5.1", "not now");
        }
        if !self.secure {
            return say(538, "5.7.11", "say STARTTLS first");
        }
        match (mechanism, initial) {
            (AUTH_PLAIN, "") => {
                self.awaiting = Awaiting::Plain;
                Step::Say(Reply::plain(334, &[""]))
            }
            (AUTH_PLAIN, initial) => self.plain(initial, policy),
            (AUTH_LOGIN, "") => {
                self.awaiting = Awaiting::User;
                Step::Say(Reply::plain(334, &["VXNlcm5hbWU6"]))
            }
            (AUTH_LOGIN, initial) => self.user(initial),
            _ => say(504, "5.5.4", "only PLAIN and LOGIN"),
        }
    }

    fn plain(&mut self, said: &str, policy: &impl MailPolicy) -> Step {
        let Some(said) = decode(said) else { return not_base64() };
        let parts: Vec<_> = said.split('\0').collect();
        match parts[..] {
            [_, user, password] => self.judge(policy.knows(user, password)),
            _ => not_base64(),
        }
    }

    fn user(&mut self, said: &str) -> Step {
        let Some(user) = decode(said) else { return not_base64() };
        self.awaiting = Awaiting::Password(user);
        Step::Say(Reply::plain(334, &["UGFzc3dvcmQ6"]))
    }

    fn password(&mut self, user: &str, said: &str, policy: &impl MailPolicy) -> Step {
        match decode(said) {
            Some(password) => self.judge(policy.knows(user, &password)),
            None => not_base64(),
        }
    }

    fn judge(&mut self, known: bool) -> Step {
        self.authenticated = known;
        if known {
            return say(235, "2.7.0", "welcome");
        }
        self.guesses += 1;
        let refusal = Reply::new(535, "5.7.8", "the user or the password is wrong");
        if self.guesses >= MOST_GUESSES { Step::Close(refusal) } else { Step::Say(refusal) }
    }
}

/// What a busy server says at any time.
pub(super) fn busy() -> Reply {
    Reply::new(421, "4.3.2", "busy, try later")
}

fn say(code: u16, enhanced: &str, words: &str) -> Step {
    Step::Say(Reply::new(code, enhanced, words))
}

/// Also for `*`, which takes an AUTH back.
fn not_base64() -> Step {
    say(501, "5.5.2", "this is no answer to the question")
}

fn decode(said: &str) -> Option<String> {
    let said = said.trim_end();
    // A lone `=` is an empty initial response (RFC 4954, 4).
    let octets = STANDARD.decode(if said == "=" { "" } else { said }).ok()?;
    String::from_utf8(octets).ok()
}

#[cfg(test)]
mod tests;
