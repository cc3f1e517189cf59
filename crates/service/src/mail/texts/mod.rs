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
