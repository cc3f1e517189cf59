//! How many tests passed and failed, as the test programs tell it.

/// Tests that passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// How many passed.
    pub passed: u64,
    /// How many failed.
    pub failed: u64,
}

impl Counts {
    /// Takes a line in: the closing line of a Rust test program or of vitest, or any other, which changes nothing.
    pub fn read(&mut self, line: &str) {
        let line = without_colours(line);
        let line = line.trim();
        let told = line.strip_prefix("test result: ").or_else(|| line.strip_prefix("Tests  "));
        if let Some(told) = told {
            self.passed += before(told, " passed");
            self.failed += before(told, " failed");
        }
    }

    /// Sums both.
    pub const fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// `\x1b[32m` and the like taken out: vitest colours what it says to a pipe too.
fn without_colours(line: &str) -> String {
    let mut parts = line.split('\x1b');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').map_or(part, |(_, rest)| rest))
}

/// The number right before `word`.
fn before(text: &str, word: &str) -> u64 {
    text.split_once(word)
        .and_then(|(head, _)| head.rsplit(|sign: char| !sign.is_ascii_digit()).next()?.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::Counts;

    fn counted(lines: &[&str]) -> (u64, u64) {
        let mut counts = Counts::default();
        for line in lines {
            counts.read(line);
        }
        (counts.passed, counts.failed)
    }

    #[test]
    fn reads_the_closing_lines_and_nothing_else() {
        assert_eq!(counted(&["test screen::shown ... ok", "3 passed in a comment"]), (0, 0));
        assert_eq!(counted(&["test result: FAILED. 12 passed; 2 failed; 0 ignored; finished in 0.01s"]), (12, 2));
        assert_eq!(counted(&[" Test Files  3 passed (3)", "      Tests  1 failed | 41 passed (42)"]), (41, 1));
        assert_eq!(counted(&["\x1b[2m      Tests \x1b[22m \x1b[1m\x1b[32m52 passed\x1b[39m (52)"]), (52, 0));
        assert_eq!(counted(&["test result: ok. 5 passed; 0 failed;", "test result: ok. 7 passed; 0 failed;"]), (12, 0));
    }
}
