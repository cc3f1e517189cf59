//! How long to wait before the same request is sent again, and when to give up.

use std::time::Duration;

use tokio::time::Instant;

use crate::{Pace, Random, failure::Failure, ports::random_bytes};

/// The tries of one call.
pub struct Tries<'a> {
    pace: &'a Pace,
    random: &'a dyn Random,
    begun: Instant,
    made: u32,
}

/// A failure with the wait that the service has asked for.
#[derive(Debug)]
pub struct Failed {
    /// What failed.
    pub failure: Failure,
    /// `Retry-After`.
    pub retry_after: Option<Duration>,
}

impl From<Failure> for Failed {
    fn from(failure: Failure) -> Self {
        Self { failure, retry_after: None }
    }
}

impl<'a> Tries<'a> {
    pub fn begin(pace: &'a Pace, random: &'a dyn Random) -> Self {
        Self { pace, random, begun: Instant::now(), made: 0 }
    }

    /// How long the next try may take.
    pub fn limit(&self) -> Duration {
        self.pace.answer.min(self.pace.budget.saturating_sub(self.begun.elapsed()))
    }

    /// Counts a failed try. `Some`: the next one after this wait; `None`: that was the last.
    pub fn after(&mut self, failed: &Failed) -> Option<Duration> {
        self.made += 1;
        if self.made >= failed.failure.tries(self.pace.tries) {
            return None;
        }
        let wait = failed.retry_after.map_or_else(
            || back_off(self.pace.retry_base, self.pace.retry_cap, self.made - 1, self.random),
            // Those who were told the same moment should not all come at it.
            |asked| asked + spread(Duration::from_millis(250), self.random),
        );
        (self.begun.elapsed() + wait < self.pace.budget).then_some(wait)
    }
}

/// `base` doubled `times` times, at most `cap`; the upper half of it is left to chance.
pub fn back_off(base: Duration, cap: Duration, times: u32, random: &dyn Random) -> Duration {
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
        let pace = Pace::default();
        for (times, least, most) in [(0, 250, 500), (1, 500, 1000), (2, 1000, 2000), (4, 4000, 8000), (40, 4000, 8000)]
        {
            let wait = |byte| back_off(pace.retry_base, pace.retry_cap, times, &Always(byte)).as_millis();
            assert_eq!((wait(0), wait(255)), (least, most), "{times}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn tries_end_with_their_number_or_with_their_budget() {
        let pace = Pace::default();
        let mut tries = Tries::begin(&pace, &Always(0));
        for _ in 1..pace.tries {
            assert!(tries.after(&Failure::BrokenOff.into()).is_some());
        }
        assert!(tries.after(&Failure::BrokenOff.into()).is_none());

        let mut tries = Tries::begin(&pace, &Always(0));
        assert_eq!(tries.limit(), 15 * S);
        tokio::time::advance(20 * S).await;
        assert_eq!(tries.limit(), 10 * S);
        let asked = |secs| Failed { failure: Failure::Busy(None), retry_after: Some(secs * S) };
        assert!(tries.after(&asked(11)).is_none());
        assert_eq!(tries.after(&asked(5)), Some(5 * S));
    }

    #[test]
    fn answers_for_a_person_are_not_asked_for_twice() {
        use mostik_wire::{Code, Problem};
        let twice: Vec<Code> =
            Code::ALL.into_iter().filter(|&code| Failure::Refused(Box::new(Problem::new(code))).tries(4) > 1).collect();
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
