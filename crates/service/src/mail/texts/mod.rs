//! What the letters say. Each names the next step; none names more of a person than the first name.

use mostik_wire::{Messenger, Millis};
use serde::{Deserialize, Serialize};

use crate::language::Language;

mod en;
mod ru;

/// A letter to be written, as the outbox keeps it.
#[derive(Serialize, Deserialize)]
pub struct Letter {
    /// The reader's language.
    pub language: Language,
    /// What it is about.
    pub news: News,
}

/// What a letter is about.
#[derive(Serialize, Deserialize)]
#[serde(tag = "news", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are told by their names")]
pub enum News {
    /// A code that proves the address.
    Code { code: String },
    /// A code that allows a new password.
    RecoveryCode { code: String },
    /// A code that shows that a linked profile is the person's.
    OwnerCode { code: String },
    /// The profile was linked to a diary.
    Linked { name: String, event: Event },
    /// A VK account was bound to the profile.
    VkLinked { name: String, account: String, event: Event },
    /// A messenger's account was unbound from the profile; the link to the diary stays.
    MessengerUnlinked { name: String, messenger: Messenger, event: Event },
    /// The profile's password was set anew.
    PasswordChanged { name: String, event: Event },
    /// The profile was unlinked from the diary.
    Unlinked { name: String, event: Event },
    /// All that is held about the profile was taken away as files.
    Exported { name: String, event: Event },
    /// The profile will be deleted.
    DeletionAsked { name: String, event: Event, due: Millis },
    /// It will not be deleted after all.
    DeletionCalledOff { name: String, event: Event },
    /// It was deleted.
    Deleted { name: String, due: Millis },
}

/// When something happened, and from what device.
#[derive(Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: Millis,
    /// The device's family, where it is known.
    pub device: Option<String>,
}

/// A letter in words.
pub(super) struct Words {
    pub(super) subject: String,
    pub(super) paragraphs: Vec<String>,
    /// Shown large, between the first paragraph and the others.
    pub(super) code: Option<String>,
}

impl Letter {
    pub(super) fn words(&self) -> Words {
        match self.language {
            Language::Ru => ru::words(&self.news),
            Language::En => en::words(&self.news),
        }
    }

    /// The same as one message of a chat.
    #[must_use]
    pub fn as_message(&self) -> String {
        self.words().paragraphs.join("\n\n")
    }
}

impl Words {
    fn code(subject: String, paragraphs: [&str; 3], code: &str) -> Self {
        Self { subject, paragraphs: paragraphs.map(str::to_owned).into(), code: Some(code.to_owned()) }
    }

    fn news(subject: &str, paragraphs: [String; 3]) -> Self {
        Self { subject: subject.to_owned(), paragraphs: paragraphs.into(), code: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_with_a_name_has_one_full_stop() {
        for who in ["Михаил О.", "Михаил"] {
            let (name, account) = (|| who.to_owned(), || who.to_owned());
            let event = || Event { at: Millis(0), device: None };
            let due = Millis(0);
            let messenger = Messenger::Max;
            let all = [
                News::Linked { name: name(), event: event() },
                News::VkLinked { name: name(), account: account(), event: event() },
                News::MessengerUnlinked { name: name(), messenger, event: event() },
                News::PasswordChanged { name: name(), event: event() },
                News::Unlinked { name: name(), event: event() },
                News::Exported { name: name(), event: event() },
                News::DeletionAsked { name: name(), event: event(), due },
                News::DeletionCalledOff { name: name(), event: event() },
                News::Deleted { name: name(), due },
            ];
            for news in &all {
                for Words { paragraphs, .. } in [ru::words(news), en::words(news)] {
                    for said in paragraphs {
                        assert!(said.ends_with('.') && !said.contains(".."), "{said}");
                    }
                }
            }
        }
    }
}
