//! How a text in «Телефон или почта» was understood, for the person to see before anything is sent.

use std::fmt;

use mostik_wire::{Channel, Contact, Email, Phone};
use serde::Serialize;
use ts_rs::TS;

/// The one number or address that was found in a text.
#[derive(Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UnderstoodContact {
    /// The text that it was found in. Who has typed on since sees nothing of it.
    pub text: String,
    /// What kind of contact it is.
    pub channel: Channel,
    /// The contact as people write it: `+7 900 000-12-42`, `аня@почта.рф`.
    pub contact: String,
    /// Nothing else stands in the text: what was typed shows it already.
    pub plain: bool,
}

impl UnderstoodContact {
    pub(crate) fn new(text: &str, contact: &Contact) -> Self {
        let plain = match contact {
            Contact::Sms { .. } => Phone::parse(text).is_ok(),
            Contact::Mail { .. } => Email::parse(text).is_ok(),
        };
        Self { text: text.to_owned(), channel: contact.channel(), contact: contact.display(), plain }
    }
}

// What is written into a log holds nobody's number.
impl fmt::Debug for UnderstoodContact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Understood").field("channel", &self.channel).field("plain", &self.plain).finish_non_exhaustive()
    }
}
