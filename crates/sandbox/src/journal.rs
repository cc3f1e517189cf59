//! The protocol log that the page shows. It holds commands, paths and outcomes; never a text, a code or a token.

use std::collections::VecDeque;

use serde::Serialize;

/// How many lines are kept.
const CAPACITY: usize = 500;

/// Which protocol a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Protocol {
    Diary,
    Smpp,
    Smtp,
    Max,
    Vk,
    Phone,
}

/// Seen from the sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Direction {
    In,
    Out,
}

/// One line.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Entry {
    id: u64,
    time: i64,
    protocol: Protocol,
    direction: Direction,
    line: String,
}

/// The last lines.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    next: u64,
    entries: VecDeque<Entry>,
}

impl Journal {
    pub(crate) fn push(&mut self, time: i64, protocol: Protocol, direction: Direction, line: String) {
        self.next += 1;
        if self.entries.len() == CAPACITY {
            self.entries.pop_front();
        }
        self.entries.push_back(Entry { id: self.next, time, protocol, direction, line });
    }

    /// Lines after `after`, oldest first.
    pub(crate) fn after(&self, after: u64) -> Vec<Entry> {
        self.entries.iter().filter(|entry| entry.id > after).cloned().collect()
    }
}

/// A number as people read it: `+7 900 000-12-42`.
pub(crate) fn spoken_phone(digits: &str) -> String {
    match digits.as_bytes() {
        [b'7', rest @ ..] if rest.len() == 10 => {
            format!("+7 {} {}-{}-{}", &digits[1..4], &digits[4..7], &digits[7..9], &digits[9..11])
        }
        _ => digits.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_lines_give_way_and_ids_go_on() {
        let mut journal = Journal::default();
        for time in 0..600 {
            journal.push(time, Protocol::Max, Direction::In, "GET /me → 200".into());
        }
        assert_eq!(journal.after(0).len(), CAPACITY);
        assert_eq!(journal.after(598).iter().map(|entry| entry.id).collect::<Vec<_>>(), [599, 600]);
    }

    #[test]
    fn numbers_are_spoken_as_people_write_them() {
        assert_eq!(spoken_phone("79000001242"), "+7 900 000-12-42");
        assert_eq!(spoken_phone("112"), "112");
    }
}
