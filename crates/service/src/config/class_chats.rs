//! The chats of classes.

use mostik_wire::ClassChat;
use serde::Deserialize;

/// The chats of all classes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClassChats(pub(super) Vec<Chat>);

/// One chat of a class.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chat {
    /// As the diary calls it; left out by an operator of one school.
    pub(super) school: Option<String>,
    pub(super) class: String,
    pub(super) title: String,
    pub(super) url: String,
}

impl ClassChats {
    /// The chats of a class, in the file's order; with their invitations for who is linked.
    #[must_use]
    pub fn of(&self, school: Option<&str>, class: &str, linked: bool) -> Vec<ClassChat> {
        let class = plain(class);
        let here = |chat: &&Chat| chat.school.as_deref().is_none_or(|name| school.map(plain) == Some(plain(name)));
        let chats = self.0.iter().filter(here).filter(|chat| plain(&chat.class) == class);
        chats.map(|chat| ClassChat { title: chat.title.clone(), url: linked.then(|| chat.url.clone()) }).collect()
    }
}

// `8-Б`, `8 «Б»` and `8б` are one class.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
