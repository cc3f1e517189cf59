//! How long to wait before the same request is sent again, and when to give up.

use std::time::Duration;

use tokio::time::Instant;

use crate::{Random, Timeouts, failure::Failure, ports::random_bytes};

/// The tries of one call.
pub struct RetryPolicy<'a> {
    timeouts: &'a Timeouts,
    random: &'a dyn Random,
    begun: Instant,
    made: u32,
}

/// A failure with the wait that the service has asked for.
#[derive(Debug)]
pub struct RequestError {
    /// What failed.
    pub failure: Failure,
    /// `Retry-After`.
    pub retry_after: Option<Duration>,
}

impl From<Failure> for RequestError {
    fn from(failure: Failure) -> Self {
        Self { failure, retry_after: None }
    }
}

impl<'a> RetryPolicy<'a> {
    pub fn begin(timeouts: &'a Timeouts, random: &'a dyn Random) -> Self {
        Self { timeouts, random, begun: Instant::now(), made: 0 }
    }

    /// How long the next try may take.
    pub fn limit(&self) -> Duration {
        self.timeouts.answer.min(self.timeouts.budget.saturating_sub(self.begun.elapsed()))
    }

    /// Counts a failed try. `Some`: the next one after this wait; `None`: that was the last.
    pub fn after(&mut self, failed: &RequestError) -> Option<Duration> {
        self.made += 1;
        if self.made >= failed.failure.max_attempts(self.timeouts.attempts) {
            return None;
        }
        let wait = failed.retry_after.map_or_else(
            || backoff(self.timeouts.retry_base, self.timeouts.retry_cap, self.made - 1, self.random),
            // Those who were told the same moment should not all come at it.
            |asked| asked + spread(Duration::from_millis(250), self.random),
        );
        (self.begun.elapsed() + wait < self.timeouts.budget).then_some(wait)
    }
}

/// `base` doubled `times` times, at most `cap`; the upper half of it is left to chance.
pub fn backoff(base: Duration, cap: Duration, times: u32, random: &dyn Random) -> Duration {
    let full = base.saturating_mul(2_u32.saturating_pow(times)).min(cap);
    full / 2 + spread(full / 2, random)
}

fn spread(most: Duration, random: &dyn Random) -> Duration {
    let chance = f64::from(u32::from_le_bytes(random_bytes(random))) / f64::from(u32::MAX);
    most.mul_f64(chance)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Always(u8);

    impl Random for Always {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    const S: Duration = Duration::from_secs(1);

    #[test]
    fn the_wait_doubles_up_to_its_cap_and_is_spread_over_the_upper_half() {
        let timeouts = Timeouts::default();
        for (times, least, most) in [(0, 250, 500), (1, 500, 1000), (2, 1000, 2000), (4, 4000, 8000), (40, 4000, 8000)]
        {
            let wait = |byte| backoff(timeouts.retry_base, timeouts.retry_cap, times, &Always(byte)).as_millis();
            assert_eq!((wait(0), wait(255)), (least, most), "{times}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn tries_end_with_their_number_or_with_their_budget() {
        let timeouts = Timeouts::default();
        let mut retry = RetryPolicy::begin(&timeouts, &Always(0));
        for _ in 1..timeouts.attempts {
            assert!(retry.after(&Failure::BrokenOff.into()).is_some());
        }
        assert!(retry.after(&Failure::BrokenOff.into()).is_none());

        let mut retry = RetryPolicy::begin(&timeouts, &Always(0));
        assert_eq!(retry.limit(), 15 * S);
        tokio::time::advance(20 * S).await;
        assert_eq!(retry.limit(), 10 * S);
        let asked = |secs| RequestError { failure: Failure::Busy(None), retry_after: Some(secs * S) };
        assert!(retry.after(&asked(11)).is_none());
        assert_eq!(retry.after(&asked(5)), Some(5 * S));
    }

    #[test]
    fn answers_for_a_person_are_not_asked_for_twice() {
        use mostik_wire::{Code, Problem};
        let twice: Vec<Code> = Code::ALL
            .into_iter()
            .filter(|&code| Failure::Refused(Box::new(Problem::new(code))).max_attempts(4) > 1)
            .collect();
        assert_eq!(
            twice,
            [
                Code::RequestInFlight,
                Code::DiaryUnavailable,
                Code::MaxUnavailable,
                Code::TooManyRequests,
                Code::Overloaded,
                Code::Internal
            ]
        );
    }
}
