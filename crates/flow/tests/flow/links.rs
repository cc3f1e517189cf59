//! The parser of links against the fuzzer's corpus (`fuzz/`) and mutants of it.

#[path = "../../../../fuzz/properties/link.rs"]
mod link;
#[path = "../../../../fuzz/properties/mutate.rs"]
mod mutate;

const WORDS: [&str; 18] = [
    "mostik",
    "MOSTIK",
    "://",
    "return",
    "open",
    "continue",
    "/",
    "//",
    "..",
    ".",
    "%2F",
    "@",
    ":",
    "?",
    "#",
    "\t",
    "\\",
    "AbCdEfGhIjKlMnOpQrStU-",
];

#[test]
fn nothing_but_a_link_of_the_service_is_read() {
    let read = mutate::run("link", &WORDS, 200_000, link::holds);
    assert!(read > 1000, "only {read} links were read: the mutants are too wild to try anything");
}
