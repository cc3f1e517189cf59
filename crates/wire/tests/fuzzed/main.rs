//! The fuzzer's corpora (`fuzz/`) and mutants of them.

#[path = "../../../../fuzz/properties/mutate.rs"]
mod mutate;
#[path = "../../../../fuzz/properties/name.rs"]
mod name;

/// What parts and turns names, and what passes for something else.
const NAMES: [&str; 32] = [
    "|",
    " ",
    "-",
    "—",
    "'",
    "’",
    "ʼ",
    ".",
    "ё",
    "е\u{308}",
    "и\u{306}",
    "й",
    "Й",
    "a",
    "е",
    "ß",
    "ŉ",
    "İ",
    "ı",
    "ς",
    "ｱ",
    "\u{200d}",
    "\u{202e}",
    "\u{2069}",
    "\u{34f}",
    "\u{301}",
    "\u{3164}",
    "د",
    "ﷺ",
    "क्ष",
    "한",
    "🇷🇺",
];

#[test]
fn a_name_is_itself_in_any_spelling_and_no_other_and_shows_what_it_may() {
    let names = mutate::run("name", &NAMES, 3_000, name::holds);
    assert!(names > 300, "the mutants are no names that people type: {names}");
}
