//! One virtual clock, and the clocks that people and nodes read, which are apart from it.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use mostik_service::clock::Clock;
use mostik_wire::Millis;

/// One second, in milliseconds.
pub const SECOND: i64 = 1_000;
/// One minute.
pub const MINUTE: i64 = 60 * SECOND;
/// One hour.
pub const HOUR: i64 = 60 * MINUTE;
/// One day.
pub const DAY: i64 = 24 * HOUR;

/// 1 September 2026, midnight in Moscow.
pub const BEGINNING: i64 = 1_788_210_000_000;

/// The town's clock.
#[derive(Clone, Default)]
pub struct Time(Arc<AtomicI64>);

impl Time {
    /// At the beginning of September.
    #[must_use]
    pub fn begin() -> Self {
        Self(Arc::new(AtomicI64::new(BEGINNING)))
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Goes on to a moment; never back.
    pub fn go_on_to(&self, moment: i64) {
        self.0.fetch_max(moment, Ordering::Relaxed);
    }
}

/// A clock that is off.
pub struct NodeClock {
    time: Time,
    off_by: AtomicI64,
}

impl NodeClock {
    /// A clock that is right.
    #[must_use]
    pub fn of(time: &Time) -> Self {
        Self { time: time.clone(), off_by: AtomicI64::new(0) }
    }

    /// Sets it.
    pub fn set_off_by(&self, ms: i64) {
        self.off_by.store(ms, Ordering::Relaxed);
    }
}

impl Clock for NodeClock {
    fn now(&self) -> Millis {
        Millis(self.time.now() + self.off_by.load(Ordering::Relaxed))
    }
}
