//! SMS that arrived, by number.

use serde::Serialize;

/// How many are kept over all numbers.
const CAPACITY: usize = 1000;

/// One SMS on a phone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Sms {
    pub(crate) id: u64,
    pub(crate) to: String,
    pub(crate) from: String,
    pub(crate) text: String,
    pub(crate) received_at: i64,
    /// The one-time code in the text, if there is one.
    pub(crate) code: Option<String>,
    /// Came a second time, on purpose.
    pub(crate) repeated: bool,
}

/// All phones' inboxes.
#[derive(Default)]
pub(crate) struct Inbox {
    last_id: u64,
    messages: Vec<Sms>,
}

impl Inbox {
    /// Puts a message on the phone; with `repeat_old` the one before it comes once more after it.
    pub(crate) fn receive(&mut self, from: &str, to: &str, text: &str, now: i64, repeat_old: bool) {
        let old = self.messages.iter().rev().find(|sms| sms.to == to).cloned();
        self.push(from, to, text, now, false);
        if let Some(old) = old.filter(|_| repeat_old) {
            self.push(&old.from, to, &old.text, now, true);
        }
    }

    fn push(&mut self, from: &str, to: &str, text: &str, now: i64, repeated: bool) {
        self.last_id += 1;
        if self.messages.len() == CAPACITY {
            self.messages.remove(0);
        }
        self.messages.push(Sms {
            id: self.last_id,
            to: to.to_owned(),
            from: from.to_owned(),
            text: text.to_owned(),
            received_at: now,
            code: code_in(text),
            repeated,
        });
    }

    /// Messages to a number (to all when `None`) with an id above `after`, newest last.
    pub(crate) fn list(&self, to: Option<&str>, after: u64) -> Vec<Sms> {
        let wanted = |sms: &&Sms| sms.id > after && to.is_none_or(|to| sms.to == to);
        self.messages.iter().filter(wanted).cloned().collect()
    }
}

/// Digits of a number, however it was written.
pub(crate) fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// The code as a phone would offer it: from the origin-bound last line (`@domain #123456`), else the first group of
/// 4 to 8 digits that stands alone, also when written as `123 456`.
fn code_in(text: &str) -> Option<String> {
    let bound = text.lines().last().filter(|line| line.starts_with('@'));
    if let Some(code) = bound.and_then(|line| line.split('#').nth(1)).map(digits).filter(|code| !code.is_empty()) {
        return Some(code);
    }
    let signs: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < signs.len() {
        if !signs[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let begin = at;
        let mut code = String::new();
        while at < signs.len() {
            let joins = matches!(signs[at], ' ' | '-' | '\u{a0}')
                && code.len() == 3
                && signs.get(at + 1..at + 4).is_some_and(|next| next.iter().all(char::is_ascii_digit));
            if signs[at].is_ascii_digit() {
                code.push(signs[at]);
            } else if !joins {
                break;
            }
            at += 1;
        }
        let alone = begin == 0 || !(signs[begin - 1].is_alphanumeric() || matches!(signs[begin - 1], '+' | '.' | ','));
        if alone && (4..=8).contains(&code.len()) && signs.get(at).is_none_or(|next| !next.is_alphanumeric()) {
            return Some(code);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_numbers_and_words_are_no_codes() {
        for text in ["Звоните +79000001242", "Итого 12 руб.", "v10000x", "Ждём вас в 18:30", ""]
        {
            assert_eq!(code_in(text), None, "{text}");
        }
    }

    #[test]
    fn codes_are_found_as_people_write_them() {
        for text in [
            "Мостик: код 481920. Никому его не сообщайте.",
            "Мостик: код 481 920. Никому",
            "481920",
            "Ваш код: 481-920",
            "Никому не сообщайте код.\n@mostik.example #481920",
        ] {
            assert_eq!(code_in(text).as_deref(), Some("481920"), "{text}");
        }
    }

    #[test]
    fn an_old_message_comes_again_after_the_new_one() {
        let mut inbox = Inbox::default();
        inbox.receive("Mostik", "79000001242", "код 111111", 1, true);
        inbox.receive("Mostik", "79000002357", "код 222222", 2, true);
        inbox.receive("Mostik", "79000001242", "код 333333", 3, true);
        let codes: Vec<_> =
            inbox.list(Some("79000001242"), 0).into_iter().map(|sms| (sms.code, sms.repeated)).collect();
        assert_eq!(
            codes,
            [(Some("111111".into()), false), (Some("333333".into()), false), (Some("111111".into()), true),]
        );
    }
}
