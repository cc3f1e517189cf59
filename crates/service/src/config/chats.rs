//! `sferum.chats_file`: which class has which chats. MAX tells a bot nothing of chats that it is not in, and the diary knows
//! none, so the operator says it.

use serde::Deserialize;

use super::{
    class_chats::{Chat, ClassChats},
    values::{Values, is_safe},
};

const KEY: &str = "sferum.chats_file";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    chat: Vec<Chat>,
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
