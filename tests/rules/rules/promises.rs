//! Every promise of `docs/intended-behaviour.md` is shown by a journey in the real window.

use std::collections::BTreeSet;

use mostik_rules::{text, texts};

const DOCUMENT: &str = "docs/intended-behaviour.md";

/// Row ids in a list such as `A1, B3.`
fn ids(list: &str) -> BTreeSet<String> {
    let words = list.split(|sign: char| !sign.is_ascii_alphanumeric());
    let is_id = |word: &&str| {
        let (letter, number) = word.split_at(word.len().min(1));
        matches!(letter, "A" | "B") && !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit())
    };
    words.filter(is_id).map(str::to_owned).collect()
}

fn promised() -> BTreeSet<String> {
    let document = text(DOCUMENT).unwrap_or_else(|| panic!("{DOCUMENT} cannot be read"));
    let delivered = document.split("## Not yet").next().unwrap_or_default();
    delivered.lines().filter_map(|line| line.strip_prefix("- **")?.split("**").next()).flat_map(ids).collect()
}

fn shown() -> BTreeSet<String> {
    let journeys = texts(&[".rs"]).into_iter().filter(|(path, _)| path.starts_with("tests/journeys/journeys/"));
    let named = journeys.flat_map(|(_, text)| {
        let lines = text.lines().filter_map(|line| line.trim().strip_prefix("/// Shows "));
        lines.flat_map(ids).collect::<Vec<_>>()
    });
    named.collect()
}

#[test]
fn every_promised_row_has_a_journey_in_the_real_window() {
    let (promised, shown) = (promised(), shown());
    assert!(!promised.is_empty(), "{DOCUMENT} promises nothing that this rule can read");
    let missing: Vec<_> = promised.difference(&shown).collect();
    assert!(missing.is_empty(), "no journey shows {missing:?}: add one, or move the promise under «Not yet»");
    let unpromised: Vec<_> = shown.difference(&promised).collect();
    assert!(unpromised.is_empty(), "journeys show {unpromised:?}, which {DOCUMENT} does not promise");
}

#[test]
fn no_test_is_left_out() {
    // Put together here, so that this file does not break its own rule.
    let marks = ["ignore", "ignore ="].map(|word| format!("#[{word}"));
    for (path, text) in texts(&[".rs"]) {
        for mark in &marks {
            assert!(!text.contains(mark.as_str()), "{path} leaves a test out");
        }
    }
    for (path, text) in texts(&[".test.ts", ".spec.ts"]) {
        for mark in [".skip(", ".only(", ".todo("] {
            assert!(!text.contains(mark), "{path} has {mark}…)");
        }
    }
}
