//! What letters are about, and what they are made of.

use mostik_wire::{Messenger, Millis};
use serde::{Deserialize, Serialize};

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
pub(in crate::mail) struct Words {
    pub(in crate::mail) subject: String,
    pub(in crate::mail) paragraphs: Vec<String>,
    /// Shown large, between the first paragraph and the others.
    pub(in crate::mail) code: Option<String>,
}

impl Words {
    pub(super) fn code(subject: String, paragraphs: [&str; 3], code: &str) -> Self {
        Self { subject, paragraphs: paragraphs.map(str::to_owned).into(), code: Some(code.to_owned()) }
    }

    pub(super) fn news(subject: &str, paragraphs: [String; 3]) -> Self {
        Self { subject: subject.to_owned(), paragraphs: paragraphs.into(), code: None }
    }
}
