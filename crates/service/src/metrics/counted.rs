//! What happens, counted. Each service has its own counts, so that several of one process do not count for one another.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use axum::http::{Method, StatusCode};
use mostik_linking::{Action, Proof, Purpose};
use mostik_store::outbox::Kind;
use mostik_wire::{Code, Contact, Delivery, Messenger};
use prometheus_client::registry::Registry;

use super::{
    described::{self, CLIENT_ERROR, COMMIT, OK, SERVER_ERROR, VERSION},
    families::{Counters, Durations, Gauges, Word},
};

/// An outside party.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    /// The SMS centres.
    Sms,
    /// The mail server.
    Mail,
    /// The MAX Bot API.
    Max,
    /// The diary.
    Diary,
    /// VK ID.
    Vk,
}

impl Provider {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Sms, Self::Mail, Self::Max, Self::Diary, Self::Vk];

    /// Its name in labels and spans.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Mail => "mail",
            Self::Max => "max",
            Self::Diary => "diary",
            Self::Vk => "vk",
        }
    }
}

/// How a call to an outside party went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallOutcome {
    /// As it was meant to.
    Ok,
    /// The party works, and said no to this call.
    Refused,
    /// There was no answer, or one that tells of the party's own trouble or of a wrong setting.
    Failed,
}

impl CallOutcome {
    /// Its name in labels and spans.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// The counts of a service.
pub struct Metrics {
    registry: Registry,
    requests: Counters<3>,
    request_seconds: Durations<2>,
    codes_sent: Counters<2>,
    codes_not_sent: Counters<1>,
    limits_reached: Counters<1>,
    codes_checked: Counters<2>,
    links_made: Counters<1>,
    links_ended: Counters<1>,
    profiles_deleted: Counters<0>,
    messages: Counters<2>,
    provider_calls: Counters<2>,
    last_calls: Mutex<[Option<CallOutcome>; Provider::ALL.len()]>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::default();
        let to = &mut registry;
        Gauges::new(to, described::BUILD_INFO).set(&[VERSION, COMMIT], 1.0);
        Self {
            requests: Counters::new(to, described::REQUESTS),
            request_seconds: Durations::new(to, described::REQUEST_SECONDS),
            codes_sent: Counters::new(to, described::CODES_SENT),
            codes_not_sent: Counters::new(to, described::CODES_NOT_SENT),
            limits_reached: Counters::new(to, described::LIMITS_REACHED),
            codes_checked: Counters::new(to, described::CODES_CHECKED),
            links_made: Counters::new(to, described::LINKS_MADE),
            links_ended: Counters::new(to, described::LINKS_ENDED),
            profiles_deleted: Counters::new(to, described::PROFILES_DELETED),
            messages: Counters::new(to, described::MESSAGES),
            provider_calls: Counters::new(to, described::PROVIDER_CALLS),
            last_calls: Mutex::default(),
            registry,
        }
    }
}

impl Metrics {
    /// A request was answered: [`method_name`] and [`route`](super::route) of it, and `code`, what it was refused with.
    pub fn answered(
        &self,
        method: &'static str,
        route: &'static str,
        status: StatusCode,
        code: Option<Code>,
        took: Duration,
    ) {
        let (method, route) = (Word::Written(method), Word::Written(route));
        let outcome = match code {
            Some(code) => Word::Refusal(code),
            None if status.is_server_error() => SERVER_ERROR.into(),
            None if status.is_client_error() => CLIENT_ERROR.into(),
            None => OK.into(),
        };
        self.requests.count([method, route, outcome]);
        self.request_seconds.observe([method, route], took.as_secs_f64());
    }

    /// A code was made and its message queued.
    pub fn code_sent(&self, to: &Contact, purpose: Purpose) {
        let channel = match to {
            Contact::Sms { .. } => "sms",
            Contact::Mail { .. } => "mail",
        };
        self.codes_sent.count([channel.into(), purpose_name(purpose).into()]);
    }

    /// The rules have weighed an action: counts the code that it bore, and the one that it asked for in vain.
    pub fn decided(&self, code_of: Option<Purpose>, refused: Option<Code>) {
        match (refused, code_of) {
            (Some(Code::ResendTooEarly), _) => self.codes_not_sent.count(["resend_too_early".into()]),
            (Some(Code::SendsUsedUp), _) => self.codes_not_sent.count(["sends_used_up".into()]),
            (Some(Code::ContactsUsedUp), _) => self.codes_not_sent.count(["contacts_used_up".into()]),
            (Some(Code::NetworkContactsUsedUp), _) => self.codes_not_sent.count(["network_contacts_used_up".into()]),
            (Some(Code::CodesPaused), _) => self.codes_not_sent.count(["codes_paused".into()]),
            // Without a code that was typed it was one that was asked for.
            (Some(Code::ContactBlocked), None) => self.codes_not_sent.count(["contact_blocked".into()]),
            _ => {}
        }
        let Some(purpose) = code_of else { return };
        let outcome = match refused {
            None => "proven",
            Some(Code::CodeWrong) => "code_wrong",
            Some(Code::CodeSuperseded) => "code_superseded",
            Some(Code::CodeExpired) => "code_expired",
            Some(Code::CodeTriesUsedUp) => "code_tries_used_up",
            Some(Code::ContactBlocked) => "contact_blocked",
            Some(_) => "other",
        };
        self.codes_checked.count([purpose_name(purpose).into(), outcome.into()]);
    }

    /// Something was refused by a limit, named as in [`mostik_linking::limits::LIMITS`].
    pub fn limit_reached(&self, limit: &'static str) {
        self.limits_reached.count([limit.into()]);
    }

    /// A profile was bound to an account of a messenger; `None`: linked to a diary, in no messenger yet.
    pub fn link_made(&self, messenger: Option<Messenger>) {
        self.links_made.count([messenger_name(messenger).into()]);
    }

    /// A profile has left a messenger; `None`: it has left the diary, and was in no messenger.
    pub fn link_ended(&self, messenger: Option<Messenger>) {
        self.links_ended.count([messenger_name(messenger).into()]);
    }

    /// A profile was deleted.
    pub fn profile_deleted(&self) {
        self.profiles_deleted.count([]);
    }

    /// What became of a message. That it is queued or late is no outcome.
    pub fn message(&self, kind: Kind, became: Delivery) {
        let outcome = match became {
            Delivery::Queued | Delivery::Delayed => return,
            Delivery::Sent => "handed_over",
            Delivery::Delivered => "delivered",
            Delivery::Failed => "failed",
            Delivery::NoSuchMailbox => "no_such_mailbox",
            Delivery::MailboxFull => "mailbox_full",
        };
        self.messages.count([kind_name(kind).into(), outcome.into()]);
    }

    /// A call to an outside party has ended.
    pub fn called(&self, provider: Provider, outcome: CallOutcome) {
        self.provider_calls.count([provider.name().into(), outcome.name().into()]);
        self.last_calls.lock().unwrap_or_else(PoisonError::into_inner)[provider as usize] = Some(outcome);
    }

    /// How the last call to an outside party went; `None`: there was none yet.
    pub(super) fn last_call(&self, provider: Provider) -> Option<CallOutcome> {
        self.last_calls.lock().unwrap_or_else(PoisonError::into_inner)[provider as usize]
    }

    pub(super) const fn registry(&self) -> &Registry {
        &self.registry
    }
}

/// What the code proves that an action bears.
#[must_use]
pub const fn code_in(action: &Action) -> Option<Purpose> {
    match action {
        Action::SubmitCode { .. } => Some(Purpose::Contact),
        Action::SetNewPassword { .. } => Some(Purpose::Recovery),
        Action::Export { proof: Proof::Code(_) }
        | Action::Unlink { proof: Proof::Code(_) }
        | Action::LeaveMessenger { proof: Proof::Code(_), .. }
        | Action::AskDeletion { proof: Proof::Code(_) } => Some(Purpose::Owner),
        _ => None,
    }
}

const fn purpose_name(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Contact => "contact",
        Purpose::Recovery => "recovery",
        Purpose::Owner => "owner",
    }
}

const fn messenger_name(messenger: Option<Messenger>) -> &'static str {
    match messenger {
        Some(Messenger::Max) => "max",
        Some(Messenger::Vk) => "vk",
        None => "none",
    }
}

/// The name of a channel in labels and spans.
#[must_use]
pub const fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Sms => "sms",
        Kind::Mail => "mail",
        Kind::Max => "max",
    }
}

/// A method as a word of the program's own.
#[must_use]
pub fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use prometheus_client::encoding::prometheus_text;

    use super::*;

    #[test]
    fn a_blocked_contact_is_counted_by_what_was_asked_for_it() {
        let metrics = Metrics::default();
        metrics.decided(None, Some(Code::WrongStep));
        metrics.decided(None, Some(Code::ContactBlocked));
        metrics.decided(Some(Purpose::Owner), Some(Code::ContactBlocked));
        metrics.decided(Some(Purpose::Owner), Some(Code::DeletionPending));
        let mut page = String::new();
        prometheus_text::encode(&mut page, metrics.registry()).unwrap();
        let mut counted: Vec<&str> =
            page.lines().filter(|line| line.starts_with("mostik_codes_") && !line.ends_with(" 0")).collect();
        counted.sort_unstable();
        assert_eq!(
            counted,
            [
                "mostik_codes_checked_total{purpose=\"owner\",outcome=\"contact_blocked\"} 1",
                "mostik_codes_checked_total{purpose=\"owner\",outcome=\"other\"} 1",
                "mostik_codes_not_sent_total{cause=\"contact_blocked\"} 1",
            ]
        );
    }
}
