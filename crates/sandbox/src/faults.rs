//! What may go wrong on purpose, per outside party. Switched on from the page or over `/api/faults`.

use serde::{Deserialize, Serialize};

/// Every fault, party by party. The default is that all is well.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// The SMS centre.
    pub sms: SmsFaults,
    /// The mail server.
    pub mail: MailFaults,
    /// The diary.
    pub diary: HttpFaults,
    /// The messenger's Bot API.
    pub max: MaxFaults,
    /// VK ID.
    pub vk: HttpFaults,
}

/// Faults of the SMS centre.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SmsFaults {
    /// Delivery to the phone (and the receipt) comes this much later.
    pub delay_ms: u64,
    /// So many next messages are accepted and never arrive.
    pub lose_next: u32,
    /// `submit_sm` is answered with this error.
    pub refuse: Option<Refusal>,
    /// After the next message the one before it arrives again; resets itself.
    pub repeat_old: bool,
    /// Connections are dropped, so binding fails.
    pub down: bool,
    /// While the account has a session, another bind is refused with `ESME_RALYBND`.
    pub one_session: bool,
}

/// Why the SMS centre takes no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// `ESME_RTHROTTLED`: too many messages; try later.
    Throttled,
    /// `ESME_RSYSERR`: the centre is unwell.
    Syserr,
    /// `ESME_RINVDSTADR`: no such number.
    InvalidNumber,
}

/// Faults of the mail server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailFaults {
    /// An accepted letter comes into the mailbox this much later.
    pub delay_ms: u64,
    /// Letters are refused in this way.
    pub refuse: Option<MailRefusal>,
    /// So many next letters are accepted and never arrive.
    pub lose_next: u32,
    /// Connections are dropped.
    pub down: bool,
    /// TLS shows a certificate of the same authority for another name.
    pub wrong_certificate: bool,
    /// An old relay: STARTTLS is not offered, and letters are taken in the clear from anybody.
    pub no_starttls: bool,
}

/// Why the mail server takes no letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailRefusal {
    /// `451 4.7.1` to RCPT the first time that a sender writes to a recipient from an address.
    Greylist,
    /// `552 5.2.2` to RCPT.
    MailboxFull,
    /// `550 5.1.1` to RCPT.
    UnknownRecipient,
    /// `421 4.3.2` to anybody who comes, and to anything that is said.
    Busy,
}

/// Faults of a party that speaks HTTP.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HttpFaults {
    /// Every answer comes this much later.
    pub delay_ms: u64,
    /// Every request is answered with this status (400…599) in the party's own error form.
    pub status: Option<u16>,
    /// Seconds in the `Retry-After` header of the answers that `status` makes.
    pub retry_after: Option<u32>,
    /// Answers are an HTML page in place of JSON.
    pub html: bool,
    /// Answers break off in the middle.
    pub truncate: bool,
}

/// Faults of the messenger: those of HTTP, and its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MaxFaults {
    /// As in [`HttpFaults`].
    pub delay_ms: u64,
    /// As in [`HttpFaults`].
    pub status: Option<u16>,
    /// As in [`HttpFaults`].
    pub retry_after: Option<u32>,
    /// As in [`HttpFaults`].
    pub html: bool,
    /// As in [`HttpFaults`].
    pub truncate: bool,
    /// Connections are dropped, webhooks wait.
    pub down: bool,
    /// A link opened in a dialog that already runs sends no `bot_started`.
    pub silent_restart: bool,
}

impl MaxFaults {
    /// The part that any HTTP party has.
    pub(crate) fn http(&self) -> HttpFaults {
        HttpFaults {
            delay_ms: self.delay_ms,
            status: self.status,
            retry_after: self.retry_after,
            html: self.html,
            truncate: self.truncate,
        }
    }
}

impl Faults {
    /// Refuses what cannot be played, naming the field.
    pub(crate) fn check(&self) -> Result<(), String> {
        for (name, status) in
            [("diary.status", self.diary.status), ("max.status", self.max.status), ("vk.status", self.vk.status)]
        {
            if let Some(status) = status.filter(|status| !(400..600).contains(status)) {
                return Err(format!("{name} is {status}; give a status from 400 to 599, or null"));
            }
        }
        let delays = [self.sms.delay_ms, self.mail.delay_ms, self.diary.delay_ms, self.max.delay_ms, self.vk.delay_ms];
        if delays.iter().any(|delay| *delay > 600_000) {
            return Err("delay_ms is more than ten minutes; give 600000 or less".into());
        }
        Ok(())
    }
}
