//! What the letters say. Each names the next step; none names more of a person than the first name.

mod en;
mod news;
mod ru;

use serde::{Deserialize, Serialize};

pub(super) use news::Words;
pub use news::{Event, News};

use crate::language::Language;

/// A letter to be written, as the outbox keeps it.
#[derive(Serialize, Deserialize)]
pub struct Letter {
    /// The reader's language.
    pub language: Language,
    /// What it is about.
    pub news: News,
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

#[cfg(test)]
mod tests {
    use mostik_wire::{Messenger, Millis};

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
