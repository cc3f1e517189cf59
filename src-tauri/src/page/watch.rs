//! When a page that does not paint, or whose process ends, is begun anew, and when that is given up. It decides; it touches
//! nothing, and looks at no clock.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use mostik_flow::SafeReason;

/// Between two looks at a page that has not painted yet.
pub const LOOK: Duration = Duration::from_millis(250);

/// So long a window may stay empty. Looks are counted, not time: a machine that slept meanwhile has looked once.
const PATIENCE: Duration = Duration::from_secs(5);

/// So many ends of the page's process within [`SPELL`] are no accident any more.
const TOO_MANY: usize = 3;
const SPELL: Duration = Duration::from_secs(60);

/// What is left to be tried when the page does not paint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// The program once more, with the safe renderer.
    SafeRenderer,
    /// The page once more: this system has one renderer.
    Reload,
    /// Nothing that the program can do.
    Nothing,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Look again in a moment.
    LookAgain,
    /// Nothing, and there is nothing to look for.
    Rest,
    /// Load the page anew, in this window.
    Reload,
    /// Start the program again with the safe renderer.
    StartSafely(SafeReason),
    /// Tell the person by the system's own means.
    GiveUp,
}

/// What is known of the page.
pub struct Watch {
    left: Left,
    empty_for: Duration,
    painted: bool,
    given_up: bool,
    ends: VecDeque<Instant>,
}

impl Watch {
    /// Of a page that is about to be loaded.
    pub const fn new(left: Left) -> Self {
        Self { left, empty_for: Duration::ZERO, painted: false, given_up: false, ends: VecDeque::new() }
    }

    /// One look, [`LOOK`] after the one before. A window that nobody can see (`seen` is false) need not paint.
    pub fn look(&mut self, seen: bool) -> Act {
        if self.painted || self.given_up {
            return Act::Rest;
        }
        if seen {
            self.empty_for += LOOK;
        }
        if self.empty_for < PATIENCE {
            return Act::LookAgain;
        }
        self.try_what_is_left(SafeReason::White)
    }

    /// The page has painted. Whether that is new.
    pub const fn painted(&mut self) -> bool {
        let new = !self.painted;
        self.painted = true;
        self.given_up = false;
        new
    }

    /// Whether the page that is there now has painted.
    pub const fn has_painted(&self) -> bool {
        self.painted
    }

    /// The page's process has ended by itself.
    pub fn ended(&mut self, now: Instant) -> Act {
        if self.given_up {
            return Act::Rest;
        }
        self.ends.retain(|end| now.saturating_duration_since(*end) < SPELL);
        self.ends.push_back(now);
        self.begin();
        if self.ends.len() < TOO_MANY { Act::Reload } else { self.try_what_is_left(SafeReason::Crashes) }
    }

    fn try_what_is_left(&mut self, reason: SafeReason) -> Act {
        self.begin();
        match std::mem::replace(&mut self.left, Left::Nothing) {
            Left::SafeRenderer => Act::StartSafely(reason),
            // It was loaded anew after each end already.
            Left::Reload if reason == SafeReason::White => Act::Reload,
            Left::Reload | Left::Nothing => {
                self.given_up = true;
                Act::GiveUp
            }
        }
    }

    const fn begin(&mut self) {
        self.painted = false;
        self.empty_for = Duration::ZERO;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks until something is to be done, and says after how long.
    fn looked(watch: &mut Watch) -> (Act, Duration) {
        for looks in 1..1000 {
            let act = watch.look(true);
            if act != Act::LookAgain {
                return (act, LOOK * looks);
            }
        }
        panic!("nothing is ever done")
    }

    #[test]
    fn a_window_that_stays_white_is_given_one_safe_start_and_then_a_word() {
        let mut usual = Watch::new(Left::SafeRenderer);
        assert_eq!(looked(&mut usual), (Act::StartSafely(SafeReason::White), PATIENCE));
        let mut safe = Watch::new(Left::Nothing);
        assert_eq!(looked(&mut safe), (Act::GiveUp, PATIENCE));
        assert_eq!(safe.look(true), Act::Rest, "the word is said once");
    }

    #[test]
    fn where_there_is_one_renderer_the_page_is_loaded_once_more() {
        let mut watch = Watch::new(Left::Reload);
        assert_eq!(looked(&mut watch), (Act::Reload, PATIENCE));
        assert_eq!(looked(&mut watch), (Act::GiveUp, PATIENCE));
    }

    #[test]
    fn what_nobody_can_see_need_not_paint_and_what_has_painted_is_left_alone() {
        let mut watch = Watch::new(Left::SafeRenderer);
        assert!((0..100).all(|_| watch.look(false) == Act::LookAgain));
        assert!(watch.painted() && !watch.painted());
        assert_eq!(watch.look(true), Act::Rest);
    }

    #[test]
    fn a_page_that_paints_late_is_as_good_as_any() {
        let mut watch = Watch::new(Left::Nothing);
        looked(&mut watch);
        assert!(watch.painted());
        assert_eq!(watch.ended(Instant::now()), Act::Reload);
    }

    #[test]
    fn a_process_that_ends_is_begun_anew_and_the_third_end_in_a_minute_is_no_accident() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut watch = Watch::new(Left::SafeRenderer);
        for seconds in [0, 50, 70, 120, 140] {
            watch.painted();
            assert_eq!(watch.ended(at(seconds)), Act::Reload, "{seconds}");
        }
        assert_eq!(watch.ended(at(150)), Act::StartSafely(SafeReason::Crashes));
        let mut apple = Watch::new(Left::Reload);
        assert_eq!([0, 1, 2].map(|seconds| apple.ended(at(seconds))), [Act::Reload, Act::Reload, Act::GiveUp]);
        assert_eq!(apple.ended(at(3)), Act::Rest);
    }

    #[test]
    fn a_page_that_was_begun_anew_has_its_time_again() {
        let mut watch = Watch::new(Left::SafeRenderer);
        (0..19).for_each(|_| assert_eq!(watch.look(true), Act::LookAgain));
        assert_eq!(watch.ended(Instant::now()), Act::Reload);
        assert_eq!(looked(&mut watch), (Act::StartSafely(SafeReason::White), PATIENCE));
    }
}
