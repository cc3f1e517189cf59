//! The limits of the Bot API: 30 requests a second in all, 2 polls a second, 2 messages a second to one person.

use std::collections::{HashMap, VecDeque};

use super::errors::Refused;

const SECOND_MS: i64 = 1000;

/// Moments of the last second.
#[derive(Default)]
struct Window(VecDeque<i64>);

impl Window {
    fn admit(&mut self, now: i64, most: usize) -> bool {
        while self.0.front().is_some_and(|moment| now - moment >= SECOND_MS) {
            self.0.pop_front();
        }
        let admitted = self.0.len() < most;
        if admitted {
            self.0.push_back(now);
        }
        admitted
    }
}

/// All windows of one bot.
#[derive(Default)]
pub(crate) struct Limits {
    requests: Window,
    polls: Window,
    recipients: HashMap<i64, Window>,
}

impl Limits {
    pub(super) fn admit_request(&mut self, now: i64) -> Result<(), Refused> {
        let admitted = self.requests.admit(now, 30);
        admitted.then_some(()).ok_or_else(|| Refused::too_many("Too many requests: 30 a second at most"))
    }

    pub(super) fn admit_poll(&mut self, now: i64) -> Result<(), Refused> {
        let admitted = self.polls.admit(now, 2);
        admitted.then_some(()).ok_or_else(|| Refused::too_many("Too many polls: 2 a second at most"))
    }

    pub(super) fn admit_message(&mut self, now: i64, user_id: i64) -> Result<(), Refused> {
        let admitted = self.recipients.entry(user_id).or_default().admit(now, 2);
        admitted.then_some(()).ok_or_else(|| Refused::too_many("Too many messages to one chat: 2 a second at most"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_third_message_in_a_second_is_refused_and_the_next_second_is_free() {
        let mut limits = Limits::default();
        assert!(limits.admit_message(1000, 7).is_ok());
        assert!(limits.admit_message(1400, 7).is_ok());
        assert!(limits.admit_message(1999, 7).is_err());
        assert!(limits.admit_message(1999, 8).is_ok());
        assert!(limits.admit_message(2000, 7).is_ok());
        assert!(limits.admit_message(2001, 7).is_err());
    }
}
