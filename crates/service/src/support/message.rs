//! `support message`: why a code did not arrive, by the whole way of each message.

use mostik_linking::{Budget, Purpose, limits::WRONG_CODES_OF_CONTACT};
use mostik_store::{
    Conn,
    messages::{self, Event, Of, StoredEvent, StoredMessage},
    outbox::Kind,
    support as stored,
};
use mostik_wire::{Code, Contact, Millis};
use rusmpp::CommandStatus;
use serde::Serialize;

use super::{
    desk::{Desk, DeskError},
    find::Question,
};
use crate::{limits, outbox::recipient, sms::Meaning};

/// The most messages that are told of.
const MOST: i64 = 50;

/// What became of a message in the end, or so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It waits in the outbox.
    Waiting,
    /// An SMS centre has it, and no receipt has come.
    WithCentre,
    /// The mail server or MAX has taken it; nothing more is heard of it.
    HandedOver,
    /// It is on the phone.
    Delivered,
    /// It was given up: the provider refused it, or could not deliver it.
    Failed,
    /// Its life was over before.
    Expired,
    /// A newer one took its place, or it was not needed any more.
    Dropped,
}

/// What became of a message, by what happened to it.
#[must_use]
pub fn outcome(events: &[StoredEvent]) -> Outcome {
    // What was typed says nothing of the way, and a request for another code neither.
    outcome_of(events.iter().rev().find(|event| !event.event.is_of_people()).map(|event| event.event))
}

/// What became of a message, by what happened to it last on its way.
#[must_use]
pub const fn outcome_of(last: Option<Event>) -> Outcome {
    match last {
        None | Some(Event::NotGiven | Event::Refused | Event::PutOff | Event::Unreachable) => Outcome::Waiting,
        Some(Event::Given | Event::Taken | Event::Unanswered) => Outcome::WithCentre,
        Some(Event::HandedOver | Event::Proven | Event::Mistyped | Event::NotSent) => Outcome::HandedOver,
        Some(Event::Delivered) => Outcome::Delivered,
        Some(Event::GivenUp | Event::Undelivered) => Outcome::Failed,
        Some(Event::Expired | Event::Outlived) => Outcome::Expired,
        Some(Event::Dropped) => Outcome::Dropped,
    }
}

/// All that is told. The names of the fields are the format of `--json`; moments are UTC milliseconds.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the format")]
pub struct Answer {
    pub messages: Vec<MessageCard>,
    pub budgets: Vec<BudgetCard>,
}

/// A message with its way.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the format")]
pub struct MessageCard {
    pub id: String,
    pub kind: &'static str,
    pub linking: Option<String>,
    pub code_number: Option<i64>,
    pub queued_at: Millis,
    pub expires_at: Millis,
    pub outcome: Outcome,
    pub events: Vec<EventCard>,
}

/// Something that happened to a message.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the format")]
pub struct EventCard {
    pub event: &'static str,
    pub at: Millis,
    pub times: i64,
    pub last_at: Millis,
    pub centre: Option<String>,
    pub answer: Option<String>,
    /// What the provider's answer means.
    pub meaning: Option<&'static str>,
}

/// What a contact has cost in the last 24 hours for one purpose, and whether another code would be sent to it now.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the format")]
pub struct BudgetCard {
    pub purpose: &'static str,
    pub sent: usize,
    pub wrong_codes: usize,
    pub wrong_codes_admitted: usize,
    /// What a request for a code is refused with.
    pub refused_with: Option<Code>,
    pub until: Option<Millis>,
}

impl Desk {
    /// The newest messages that a question leads to. That it was asked is in the audit log before anything is shown.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn messages(&self, question: &Question) -> Result<Answer, DeskError> {
        let mut tx = self.store.snapshot().await?;
        let found = self.led_to(&mut tx, question).await?;
        let mut answer = Answer { messages: Vec::new(), budgets: Vec::new() };
        let mut all: Vec<StoredMessage> = Vec::new();
        if let Some(contact) = question.contact() {
            let hash = recipient::of_contact(&self.keys, contact);
            for hash in std::iter::once(&hash.written).chain(&hash.other) {
                all.extend(messages::newest(&mut tx, &Of::Recipient(hash), MOST).await?);
            }
            answer.budgets = self.budgets(&mut tx, contact).await?;
        }
        if let Some(id) = question.id() {
            all.extend(messages::newest(&mut tx, &Of::Id(id), MOST).await?);
            for pupil in &found.pupils {
                for linking in stored::linkings(&mut tx, pupil).await? {
                    all.extend(messages::newest(&mut tx, &Of::Linking(&linking.id), MOST).await?);
                }
            }
        }
        drop(tx);
        all.sort_by(|one, other| (other.queued_at, &one.id).cmp(&(one.queued_at, &other.id)));
        all.dedup_by(|one, other| one.id == other.id);
        answer.messages = all.into_iter().map(card).collect();
        self.record_looking(&found).await?;
        Ok(answer)
    }

    async fn budgets(&self, conn: &mut Conn, contact: &Contact) -> Result<Vec<BudgetCard>, DeskError> {
        let now = self.clock.now();
        let mut cards = Vec::new();
        for (purpose, name) in
            [(Purpose::Contact, "contact"), (Purpose::Recovery, "recovery"), (Purpose::Owner, "owner")]
        {
            let budget = limits::read_contact(&self.keys, conn, contact, purpose, now).await?;
            if budget == Budget::default() {
                continue;
            }
            let refused = budget.admit_send(now).err();
            cards.push(BudgetCard {
                purpose: name,
                sent: budget.sends.len(),
                wrong_codes: budget.failures.len(),
                wrong_codes_admitted: WRONG_CODES_OF_CONTACT.most,
                refused_with: refused.as_ref().map(|refused| refused.code),
                until: refused.and_then(|refused| refused.retry_at),
            });
        }
        Ok(cards)
    }
}

fn card(message: StoredMessage) -> MessageCard {
    let (linking, code_number) = message.about.map(|about| (about.linking, about.nth)).unzip();
    MessageCard {
        outcome: outcome(&message.events),
        id: message.id,
        kind: message.kind.name(),
        linking,
        code_number,
        queued_at: message.queued_at,
        expires_at: message.expires_at,
        events: message.events.into_iter().map(|event| event_card(message.kind, event)).collect(),
    }
}

fn event_card(kind: Kind, event: StoredEvent) -> EventCard {
    let meaning = event.answer.as_deref().and_then(|answer| meaning(kind, event.event, answer));
    EventCard {
        event: event.event.name(),
        at: event.at,
        times: event.times,
        last_at: event.last_at,
        centre: event.centre,
        answer: event.answer,
        meaning,
    }
}

// What a provider's status means; `None`: it is in words already, or has no meaning of its own.
fn meaning(kind: Kind, event: Event, answer: &str) -> Option<&'static str> {
    match (kind, event) {
        (Kind::Sms, Event::Refused | Event::GivenUp) => {
            let status = u32::from_str_radix(answer.strip_prefix("0x")?, 16).ok()?;
            Some(Meaning::of(CommandStatus::from(status)).words())
        }
        (Kind::Sms, Event::Undelivered) => Some("the centre could not deliver it, or would not"),
        (Kind::Mail, Event::PutOff | Event::GivenUp) => of_mail(answer),
        _ => None,
    }
}

// RFC 5321, 4.2.3, and RFC 3463.
fn of_mail(answer: &str) -> Option<&'static str> {
    let (status, enhanced) = answer.split_once(' ').unwrap_or((answer, ""));
    Some(match (status, enhanced) {
        ("no connection", _) | ("no", "connection") => {
            "the mail server cannot be reached: see mail.server and mail.port"
        }
        ("no TLS", _) | ("no", "TLS") => "the connection is not safe: see mail.security and mail.ca_file",
        ("no", "answer") => "the mail server does not answer",
        ("530" | "534" | "535" | "538", _) | (_, "5.7.8" | "5.7.9") => {
            "the mail server does not know our account: see mail.user and mail.password"
        }
        (_, "5.1.7" | "5.1.8") => "the mail server does not take our sender: see mail.from",
        (_, "4.2.2" | "5.2.2") | ("552", "") => "the mailbox is full",
        (_, "5.1.1" | "5.1.2" | "5.1.3" | "5.1.6" | "5.1.10" | "5.2.1") | ("550" | "551" | "553", "") => {
            "there is no such mailbox"
        }
        (_, other) if other.starts_with("5.7.") => {
            "the mail server refuses it by its policy: as unwanted, or by our name"
        }
        (_, other) if other.starts_with("4.7.") => "the mail server wants to be asked again later, by its policy",
        (other, _) if other.starts_with('4') => "the mail server has trouble that passes",
        (other, _) if other.starts_with('5') => "the mail server refuses it for good",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_has_its_meaning() {
        let of = |kind, event, answer| meaning(kind, event, answer).unwrap_or_default();
        assert!(of(Kind::Sms, Event::Refused, "0x58").contains("too much to do"));
        assert!(of(Kind::Sms, Event::GivenUp, "0xb").contains("number"));
        assert!(of(Kind::Mail, Event::GivenUp, "550 5.1.1").contains("no such mailbox"));
        assert!(of(Kind::Mail, Event::GivenUp, "550").contains("no such mailbox"));
        assert!(of(Kind::Mail, Event::PutOff, "451 4.7.1").contains("later"));
        assert!(of(Kind::Mail, Event::PutOff, "no connection").contains("mail.server"));
        assert_eq!(meaning(Kind::Max, Event::PutOff, "MAX is unwell"), None);
        assert_eq!(meaning(Kind::Sms, Event::Taken, "as 1F"), None);
    }

    #[test]
    fn a_code_that_was_typed_is_no_end_of_the_way() {
        let event =
            |event| StoredEvent { event, centre: None, answer: None, at: Millis(1), times: 1, last_at: Millis(1) };
        let of = |events: &[Event]| outcome(&events.iter().copied().map(event).collect::<Vec<_>>());
        assert_eq!(of(&[]), Outcome::Waiting);
        assert_eq!(of(&[Event::Given, Event::Taken, Event::Mistyped]), Outcome::WithCentre);
        assert_eq!(of(&[Event::Given, Event::Taken, Event::Delivered, Event::Proven]), Outcome::Delivered);
        assert_eq!(of(&[Event::Given, Event::Refused, Event::NotSent]), Outcome::Waiting);
    }
}
