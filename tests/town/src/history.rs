//! What happened, line by line: the same for the same options, byte for byte.

use std::{
    collections::VecDeque,
    fmt::{self, Display},
};

use sha2::{Digest, Sha256};

use crate::time::{BEGINNING, DAY, HOUR, MINUTE, SECOND};

/// Lines that are kept; the digest is of all of them.
const KEPT: usize = 20_000;

/// Whom a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Everybody: nodes, the database, the clock.
    All,
    /// A family.
    Family(u32),
}

/// All that happened.
#[derive(Default)]
pub struct History {
    digest: Sha256,
    lines: VecDeque<(About, String)>,
    count: u64,
    /// Each line is printed at once.
    pub(crate) is_told: bool,
}

impl History {
    /// Writes a line down.
    pub fn note(&mut self, now: i64, about: About, what: impl Display) {
        let line = match about {
            About::All => format!("{} {what}", Moment(now)),
            About::Family(family) => format!("{} family {family}: {what}", Moment(now)),
        };
        if self.is_told {
            println!("{line}");
        }
        self.digest.update(&line);
        self.digest.update("\n");
        self.count += 1;
        if self.lines.len() == KEPT {
            self.lines.pop_front();
        }
        self.lines.push_back((about, line));
    }

    /// How many lines there were.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// A digest of every line.
    #[must_use]
    pub fn digest(&self) -> String {
        self.digest.clone().finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// The kept lines that are about a family, and about everybody.
    #[must_use]
    pub fn of(&self, family: Option<u32>) -> Vec<String> {
        let is_about = |about: &About| match (about, family) {
            (About::Family(one), Some(asked)) => *one == asked,
            _ => true,
        };
        self.lines.iter().filter(|(about, _)| is_about(about)).map(|(_, line)| line.clone()).collect()
    }
}

/// A moment of September: day, hour, minute, second, millisecond.
struct Moment(i64);

impl Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let since = self.0 - BEGINNING;
        let (day, hour, minute) = (since / DAY + 1, since % DAY / HOUR, since % HOUR / MINUTE);
        write!(f, "{day:02} {hour:02}:{minute:02}:{:02}.{:03}", since % MINUTE / SECOND, since % SECOND)
    }
}
