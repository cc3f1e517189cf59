//! `sferum.chats_file`: which class has which chats. MAX tells a bot nothing of chats that it is not in, and the diary knows
//! none, so the operator says it.

use mostik_wire::ClassChat;
use serde::Deserialize;

use super::values::{Values, is_safe};

const KEY: &str = "sferum.chats_file";

/// The chats of all classes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClassChats(Vec<Chat>);

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Chat {
    /// As the diary calls it; left out by an operator of one school.
    school: Option<String>,
    class: String,
    title: String,
    url: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    chat: Vec<Chat>,
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

pub(super) fn check(values: &mut Values) -> ClassChats {
    let Some(file) = values.get(KEY) else { return ClassChats::default() };
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(e) => {
            values.fault(KEY, &format!("{file} cannot be read: {e}"), "Name a readable file");
            return ClassChats::default();
        }
    };
    let chats = match toml::from_str::<File>(&text) {
        Ok(read) => read.chat,
        Err(e) => {
            let next = "Give each [[chat]] a class, a title and a url, and a school where there are several";
            values.fault(KEY, &format!("{file}: {}", e.to_string().trim()), next);
            return ClassChats::default();
        }
    };
    for (chat, nth) in chats.iter().zip(1..) {
        let empty = [&chat.class, &chat.title].into_iter().any(|text| text.trim().is_empty());
        if empty || !is_safe(&chat.url) {
            let found = format!("{file}: [[chat]] number {nth} has no class, no title, or no address to open");
            values.fault(KEY, &found, "Fill them in; the address is https (http only on 127.0.0.1)");
        }
    }
    ClassChats(chats)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chats() -> ClassChats {
        let text = r#"
            [[chat]]
            class = "8 «Б»"
            title = "8 «Б»"
            url = "https://max.ru/join/a"
            [[chat]]
            school = "Школа № 1242"
            class = "8-Б"
            title = "Родители"
            url = "https://max.ru/join/b"
        "#;
        ClassChats(toml::from_str::<File>(text).unwrap().chat)
    }

    #[test]
    fn a_class_is_found_however_it_is_written_and_no_other() {
        let titles = |school, class| chats().of(school, class, true).into_iter().map(|c| c.title).collect::<Vec<_>>();
        assert!(titles(None, "8-А").is_empty() && titles(None, "18-Б").is_empty());
        assert_eq!(titles(Some("Школа 1"), "8б"), ["8 «Б»"]);
        assert_eq!(titles(Some("ШКОЛА №1242"), "8-Б"), ["8 «Б»", "Родители"]);
    }

    #[test]
    fn an_invitation_is_for_who_is_linked() {
        assert!(chats().of(None, "8-Б", false).iter().all(|chat| chat.url.is_none()));
        assert!(chats().of(None, "8-Б", true).iter().all(|chat| chat.url.is_some()));
    }
}
