//! The fuzzer's corpus (`fuzz/`) and mutants of it.

#[path = "../../../../fuzz/properties/contact.rs"]
mod contact;
#[path = "../../../../fuzz/properties/mutate.rs"]
mod mutate;

/// What numbers, addresses, cards and links are made of.
const WORDS: [&str; 22] = [
    "+7",
    "8 900 222-33-44",
    "9002223344",
    "@",
    "anya@mail.ru",
    "mail,ru",
    "а",
    "я",
    "TEL:",
    "BEGIN:VCARD\n",
    "END:VCARD",
    "=\n",
    "tel:",
    "mailto:",
    "https://wa.me/",
    "%2B",
    "доб. 12",
    "\u{200e}",
    "\n ",
    "xn--",
    "٨",
    "14:30",
];

#[test]
fn whatever_is_pasted_is_one_contact_or_an_error_with_a_name() {
    let read = mutate::run("contact", &WORDS, 20_000, contact::holds);
    assert!(read > 2_000, "the mutants are no texts that people paste: {read}");
}
