//! SMS that arrived, by number.

use serde::Serialize;

use crate::code::code_in;

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
            code: code_in(text, 4..=8),
            repeated,
        });
    }

    /// Messages to a number (to all when `None`) with an id above `after`, newest last.
    pub(crate) fn list(&self, to: Option<&str>, after: u64) -> Vec<Sms> {
        let wanted = |sms: &&Sms| sms.id > after && to.is_none_or(|to| sms.to == to);
        self.messages.iter().filter(wanted).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
