//! What one contact or profile may cost in any 24 hours: messages sent to it, and failed tries.

use mostik_wire::{Code, Millis};

use crate::{
    limits::{CODES_OF_CONTACT, Limit, WRONG_CODES_OF_CONTACT},
    refusal::Refusal,
};

const SECOND: i64 = 1_000;
const DAY: i64 = 24 * 60 * 60 * SECOND;

/// The pauses after the first, second, third and fourth code that is sent to a contact.
pub const GAPS: [i64; 4] = [60 * SECOND, 120 * SECOND, 300 * SECOND, 900 * SECOND];

/// What was counted in the last 24 hours, newest first. A clock that was set back hides nothing: moments after now count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// Messages that were sent.
    pub sends: Vec<Millis>,
    /// Tries that failed.
    pub failures: Vec<Millis>,
}

impl Budget {
    /// This and what was counted elsewhere, newest first.
    #[must_use]
    pub fn and(mut self, elsewhere: Self) -> Self {
        self.sends.extend(elsewhere.sends);
        self.failures.extend(elsewhere.failures);
        for events in [&mut self.sends, &mut self.failures] {
            events.sort_unstable_by(|one, other| other.cmp(one));
        }
        self
    }

    /// How far back events count.
    #[must_use]
    pub const fn horizon(now: Millis) -> Millis {
        now.plus(-DAY)
    }

    /// Whether another try is admitted, under a limit of a day.
    ///
    /// # Errors
    /// The limit's code, with the moment from which it is admitted.
    pub fn admit_try(&self, limit: &'static Limit) -> Result<(), Refusal> {
        match limit.most.checked_sub(1).and_then(|last| self.failures.get(last)) {
            Some(oldest) => Err(limit.refusal(*oldest)),
            None => Ok(()),
        }
    }

    /// Failures that are left under a limit of a day.
    #[must_use]
    pub fn tries_left(&self, limit: &Limit) -> u32 {
        u32::try_from(limit.most.saturating_sub(self.failures.len())).unwrap_or(u32::MAX)
    }

    /// Whether another message may be sent, and when the one after it may follow.
    ///
    /// # Errors
    /// `contact_blocked`, `resend_too_early`, `sends_used_up`, each with the moment from which it is admitted.
    pub fn admit_send(&self, now: Millis) -> Result<Millis, Refusal> {
        let next = self.sends.first().map(|newest| next_send(&self.sends, *newest)).filter(|next| now < *next);
        // Tries that failed are the graver cause; the moment is that from which both admit it.
        self.admit_try(&WRONG_CODES_OF_CONTACT)
            .map_err(|blocked| Refusal { retry_at: blocked.retry_at.max(next), ..blocked })?;
        if let Some(next) = next {
            return Err(match self.sends.get(CODES_OF_CONTACT.most - 1) {
                Some(oldest) => CODES_OF_CONTACT.refusal(*oldest),
                None => Refusal::new(Code::ResendTooEarly).retry_at(next),
            });
        }
        let mut sends = vec![now];
        sends.extend_from_slice(&self.sends);
        Ok(next_send(&sends, now))
    }
}

// The gap grows with the number of sends; after the last one it lasts until the oldest that counts is a day old.
fn next_send(newest_first: &[Millis], newest: Millis) -> Millis {
    match newest_first.len().checked_sub(1).and_then(|earlier| GAPS.get(earlier)) {
        Some(gap) => newest.plus(*gap),
        None => newest_first.get(CODES_OF_CONTACT.most - 1).copied().unwrap_or(newest).plus(CODES_OF_CONTACT.within),
    }
}
