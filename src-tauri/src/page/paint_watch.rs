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
pub enum Fallback {
    /// The program once more, with the safe renderer.
    SafeRenderer,
    /// The page once more: this system has one renderer.
    Reload,
    /// Nothing that the program can do.
    Nothing,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WatchAction {
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
pub struct PaintWatch {
    fallback: Fallback,
    empty_for: Duration,
    painted: bool,
    given_up: bool,
    ends: VecDeque<Instant>,
}

impl PaintWatch {
    /// The watch of a page that is about to be loaded.
    pub const fn new(fallback: Fallback) -> Self {
        Self { fallback, empty_for: Duration::ZERO, painted: false, given_up: false, ends: VecDeque::new() }
    }

    /// One look, [`LOOK`] after the one before. A window that nobody can see (`seen` is false) need not paint.
    pub fn look(&mut self, seen: bool) -> WatchAction {
        if self.painted || self.given_up {
            return WatchAction::Rest;
        }
        if seen {
            self.empty_for += LOOK;
        }
        if self.empty_for < PATIENCE {
            return WatchAction::LookAgain;
        }
        self.try_fallback(SafeReason::White)
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
    pub fn ended(&mut self, now: Instant) -> WatchAction {
        if self.given_up {
            return WatchAction::Rest;
        }
        self.ends.retain(|end| now.saturating_duration_since(*end) < SPELL);
        self.ends.push_back(now);
        self.begin();
        if self.ends.len() < TOO_MANY { WatchAction::Reload } else { self.try_fallback(SafeReason::Crashes) }
    }

    fn try_fallback(&mut self, reason: SafeReason) -> WatchAction {
        self.begin();
        match std::mem::replace(&mut self.fallback, Fallback::Nothing) {
            Fallback::SafeRenderer => WatchAction::StartSafely(reason),
            // It was loaded anew after each end already.
            Fallback::Reload if reason == SafeReason::White => WatchAction::Reload,
            Fallback::Reload | Fallback::Nothing => {
                self.given_up = true;
                WatchAction::GiveUp
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
    fn looked(watch: &mut PaintWatch) -> (WatchAction, Duration) {
        for looks in 1..1000 {
            let action = watch.look(true);
            if action != WatchAction::LookAgain {
                return (action, LOOK * looks);
            }
        }
        panic!("nothing is ever done")
    }

    #[test]
    fn a_window_that_stays_white_is_given_one_safe_start_and_then_a_word() {
        let mut usual = PaintWatch::new(Fallback::SafeRenderer);
        assert_eq!(looked(&mut usual), (WatchAction::StartSafely(SafeReason::White), PATIENCE));
        let mut safe = PaintWatch::new(Fallback::Nothing);
        assert_eq!(looked(&mut safe), (WatchAction::GiveUp, PATIENCE));
        assert_eq!(safe.look(true), WatchAction::Rest, "the word is said once");
    }

    #[test]
    fn where_there_is_one_renderer_the_page_is_loaded_once_more() {
        let mut watch = PaintWatch::new(Fallback::Reload);
        assert_eq!(looked(&mut watch), (WatchAction::Reload, PATIENCE));
        assert_eq!(looked(&mut watch), (WatchAction::GiveUp, PATIENCE));
    }

    #[test]
    fn what_nobody_can_see_need_not_paint_and_what_has_painted_is_left_alone() {
        let mut watch = PaintWatch::new(Fallback::SafeRenderer);
        assert!((0..100).all(|_| watch.look(false) == WatchAction::LookAgain));
        assert!(watch.painted() && !watch.painted());
        assert_eq!(watch.look(true), WatchAction::Rest);
    }

    #[test]
    fn a_page_that_paints_late_is_as_good_as_any() {
        let mut watch = PaintWatch::new(Fallback::Nothing);
        looked(&mut watch);
        assert!(watch.painted());
        assert_eq!(watch.ended(Instant::now()), WatchAction::Reload);
    }

    #[test]
    fn a_process_that_ends_is_begun_anew_and_the_third_end_in_a_minute_is_no_accident() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut watch = PaintWatch::new(Fallback::SafeRenderer);
        for seconds in [0, 50, 70, 120, 140] {
            watch.painted();
            assert_eq!(watch.ended(at(seconds)), WatchAction::Reload, "{seconds}");
        }
        assert_eq!(watch.ended(at(150)), WatchAction::StartSafely(SafeReason::Crashes));
        let mut apple = PaintWatch::new(Fallback::Reload);
        assert_eq!(
            [0, 1, 2].map(|seconds| apple.ended(at(seconds))),
            [WatchAction::Reload, WatchAction::Reload, WatchAction::GiveUp]
        );
        assert_eq!(apple.ended(at(3)), WatchAction::Rest);
    }

    #[test]
    fn a_page_that_was_begun_anew_has_its_time_again() {
        let mut watch = PaintWatch::new(Fallback::SafeRenderer);
        (0..19).for_each(|_| assert_eq!(watch.look(true), WatchAction::LookAgain));
        assert_eq!(watch.ended(Instant::now()), WatchAction::Reload);
        assert_eq!(looked(&mut watch), (WatchAction::StartSafely(SafeReason::White), PATIENCE));
    }
}
