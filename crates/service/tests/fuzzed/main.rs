//! The fuzzer's corpora (`fuzz/`) and mutants of them.

#[path = "../../../../fuzz/properties/code.rs"]
mod code;
#[path = "../../../../fuzz/properties/configuration.rs"]
mod configuration;
#[path = "../../../../fuzz/properties/idempotency.rs"]
mod idempotency;
#[path = "../../../../fuzz/properties/letter.rs"]
mod letter;
#[expect(clippy::disallowed_methods, reason = "a long run ends by the machine's clock")]
#[path = "../../../../fuzz/properties/mutate.rs"]
mod mutate;
#[path = "../../../../fuzz/properties/receipt.rs"]
mod receipt;

const CODES: [&str; 16] =
    [" ", "-", "\u{a0}", "\n", "481902", "0", "٤", "۴", "４", "²", "④", "код ", "\u{200b}", "\u{20e3}", "8", "\0"];

#[test]
fn a_code_is_six_digits_for_the_window_and_for_the_service() {
    let codes = mutate::run("code", &CODES, 2_000, code::holds);
    assert!(codes > 200, "the mutants are no codes that people type: {codes}");
}

/// Fields, states and separators of receipts.
const RECEIPTS: [&str; 32] = [
    "id:",
    "ID=",
    "\"id\": \"",
    "stat:",
    "status:",
    "err:",
    "text:",
    "text",
    "sub:001 ",
    "dlvrd:001 ",
    "DELIVRD",
    "UNDELIV",
    "EXPIRED",
    "REJECTD",
    "ENROUTE",
    "2",
    "5",
    "\r\n",
    "\0",
    ";",
    "|",
    "0x",
    "1f",
    "31",
    "class=4 ",
    "class=68",
    "coding=8 ",
    "state=2 ",
    "id=1F ",
    "answer=31 ",
    "+",
    "й",
];

#[test]
fn a_receipt_tells_what_its_centre_has_said_in_any_spelling() {
    let ends = mutate::run("receipt", &RECEIPTS, 20_000, receipt::holds);
    assert!(ends > 2_000, "the mutants are no receipts that centres send: {ends}");
}

/// What would end a header or a line, and what passes for markup.
const LETTERS: [&str; 30] = [
    "\r\n",
    "\n",
    "\r",
    "\r\n\r\n",
    "\r\nBcc: x@y.example",
    "\n.\n",
    "=?utf-8?B?",
    "?=",
    "=0D=0A",
    "<",
    ">",
    "&",
    "\"",
    "'",
    "@",
    ",",
    ";",
    ":",
    "¦",
    "аня",
    "xn--",
    "..",
    "\u{2028}",
    "\0",
    "\u{1b}",
    "😀",
    "\u{94d}",
    "From ",
    "        ",
    "--",
];

#[test]
fn a_letter_reaches_one_mailbox_and_says_what_it_should_and_no_more() {
    let letters = mutate::run("letter", &LETTERS, 5_000, letter::holds);
    assert!(letters > 1_000, "the mutants are no letters that are sent: {letters}");
}

/// Keys, values and slips of TOML.
const SETTINGS: [&str; 34] = [
    "\"",
    "'",
    "\n",
    "=",
    " = \"",
    "\"\n",
    "[",
    "]",
    "[[sms.centre]]\n",
    "#",
    "\\",
    "\"\"\"",
    "{",
    "}",
    "0",
    "-1",
    "65536",
    "4294967296",
    "true",
    "127.0.0.1",
    "::1",
    "https://",
    "http://",
    "postgres://u:Passw0rd@",
    "@",
    "/",
    "password = \"",
    "token = ",
    "secret_key = \"",
    "--- environment\n",
    "MOSTIK_MAX_TOKEN=",
    "MOSTIK_SMS_MAIN_PASSWORD=",
    "vk",
    "\u{0}",
];

#[test]
fn settings_are_refused_by_their_names_and_no_secret_is_told() {
    let accepted = mutate::run("configuration", &SETTINGS, 2_500, configuration::holds);
    assert!(accepted > 100, "the mutants are no settings that operators write: {accepted}");
}

/// Requests, whole and in parts.
const REQUESTS: [&str; 20] = [
    "\na key-of-the-case-00 again",
    "\nb key-of-the-case-00 again",
    "\na key-of-the-case-01 again",
    "\na key-of-the-case-01 contact 3",
    "\na key-of-the-case-02 code 000000",
    "\na key-of-the-case-02 resend at-once",
    "\na key-of-the-case-03 cancel",
    "\nb key-of-the-case-03 create 1",
    "\na key-of-the-case-04 max-proof at-once",
    "\n+61",
    "\n+601",
    "\n+86400",
    "\na ",
    "\nb ",
    " at-once",
    " stale",
    "0",
    "1",
    "\n",
    "_",
];

#[test]
fn one_key_has_one_effect_and_one_answer() {
    let repeated = mutate::run("idempotency", &REQUESTS, 60, idempotency::holds);
    assert!(repeated > 20, "the mutants repeat nothing: {repeated}");
}
