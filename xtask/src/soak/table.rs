//! What a soak comes to.

use std::{collections::BTreeMap, io::Write, time::Duration};

use anyhow::Result;

use crate::{checks::Counts, console};

/// What the command of a run has told.
#[derive(Default)]
pub struct Told {
    tests: Counts,
    /// By what they are.
    counted: BTreeMap<String, u64>,
}

impl Told {
    /// Takes a line in: `soak: 1242 cases`, libFuzzer's own count of them, the closing line of tests; or any other, which changes nothing.
    pub fn read(&mut self, line: &str) {
        self.tests.read(line);
        let ours = line.strip_prefix("soak: ").and_then(|told| told.split_once(' '));
        let fuzzer = line.strip_prefix("stat::number_of_executed_units:").map(|number| (number.trim(), "cases"));
        let told = ours.or(fuzzer).and_then(|(number, what)| Some((number.parse::<u64>().ok()?, what)));
        if let Some((number, what)) = told {
            *self.counted.entry(what.to_owned()).or_default() += number;
        }
    }

    fn shown(&self) -> String {
        let counted = self.counted.iter().map(|(what, number)| format!("{} {what}", in_thousands(*number)));
        let Counts { passed, failed } = self.tests;
        let tests = match (passed, failed) {
            _ if failed > 0 => Some(format!("{failed} of {} tests failed", passed + failed)),
            // A test that counts something says more by that.
            (0, _) => None,
            _ if !self.counted.is_empty() => None,
            _ => Some(format!("{passed} tests")),
        };
        let all: Vec<_> = counted.chain(tests).collect();
        if all.is_empty() { "-".to_owned() } else { all.join(", ") }
    }
}

/// `1 234 567`
fn in_thousands(number: u64) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(" ")
}

/// Whether it held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// All of it.
    Yes,
    /// Something did not.
    No,
    /// It did, until all time was up.
    CutShort,
    /// There was no time to begin it.
    LeftOut,
}

impl Held {
    const fn shown(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "NO",
            Self::CutShort => "until its time was up",
            Self::LeftOut => "left out: no time",
        }
    }
}

/// A line of the table.
pub struct Row {
    /// The part, and what of it.
    pub name: String,
    /// Where its dice began.
    pub seed: Option<u32>,
    /// How long it took.
    pub took: Duration,
    /// What it counted.
    pub told: Told,
    /// What came of it.
    pub held: Held,
}

impl Row {
    fn bare(name: &str, held: Held) -> Self {
        Self { name: name.to_owned(), seed: None, took: Duration::ZERO, told: Told::default(), held }
    }

    /// Of what could not be begun any more.
    pub fn left_out(name: &str) -> Self {
        Self::bare(name, Held::LeftOut)
    }

    /// Of what could not be begun at all.
    pub fn failed(name: &str) -> Self {
        Self::bare(name, Held::No)
    }
}

/// Writes the table; whether nothing in it did not hold.
pub fn write(out: &mut impl Write, rows: &[Row], took: Duration) -> Result<bool> {
    writeln!(out, "\n{:<20} {:>10} {:>13}  {:<28} held", "part", "seed", "time", "counted")?;
    for Row { name, seed, took, told, held } in rows {
        let seed = seed.map_or_else(|| "-".to_owned(), |seed| seed.to_string());
        let took = if *held == Held::LeftOut { "-".to_owned() } else { console::duration(*took) };
        writeln!(out, "{name:<20} {seed:>10} {took:>13}  {:<28} {}", told.shown(), held.shown())?;
    }
    let of = |wanted: Held| rows.iter().filter(|row| row.held == wanted).count();
    let [yes, no, cut, left] = [Held::Yes, Held::No, Held::CutShort, Held::LeftOut].map(of);
    writeln!(out, "\nin {}: {yes} held, {no} did not, {cut} cut short, {left} left out", console::duration(took))?;
    Ok(no == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(lines: &[&str]) -> String {
        let mut told = Told::default();
        lines.iter().for_each(|line| told.read(line));
        told.shown()
    }

    #[test]
    fn what_is_counted_is_told_in_its_own_words() {
        assert_eq!(told(&["running 1 test", "soak: none"]), "-");
        assert_eq!(told(&["soak: 1234567 cases", "test result: ok. 1 passed; 0 failed;"]), "1 234 567 cases");
        assert_eq!(told(&["stat::number_of_executed_units: 1000", "soak: 7 cases"]), "1 007 cases");
        assert_eq!(told(&["soak: 12 pupils", "soak: 3 kills", "soak: 30 pupils"]), "3 kills, 42 pupils");
        assert_eq!(told(&["test result: ok. 9 passed; 0 failed;"]), "9 tests");
        assert_eq!(
            told(&["test result: FAILED. 8 passed; 1 failed;", "soak: 5 cases"]),
            "5 cases, 1 of 9 tests failed"
        );
    }

    #[test]
    fn what_was_left_out_or_cut_short_is_no_failure() {
        let rows = [Held::Yes, Held::CutShort, Held::LeftOut].map(|held| Row::bare("x", held));
        let mut written = Vec::new();
        assert!(write(&mut written, &rows, Duration::ZERO).unwrap());
        assert!(String::from_utf8(written).unwrap().ends_with("1 held, 0 did not, 1 cut short, 1 left out\n"));
        assert!(!write(&mut Vec::new(), &[Row::failed("x")], Duration::ZERO).unwrap());
    }
}
