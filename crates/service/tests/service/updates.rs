//! Bodies at the webhook against the fuzzer's corpus (`fuzz/`) and mutants of it.

#[expect(clippy::disallowed_methods, reason = "a long run ends by the machine's clock")]
#[path = "../../../../fuzz/properties/mutate.rs"]
mod mutate;
#[path = "../../../../fuzz/properties/webhook.rs"]
mod webhook;

const WORDS: [&str; 16] = [
    "null",
    "true",
    "-1",
    "9223372036854775808",
    "1e999",
    "\"\"",
    "{}",
    "[]",
    "{\"user_id\":",
    "\"chat_id\":",
    "\"sender\":",
    "\"update_type\":",
    "bot_started",
    "message_created",
    "\\ud800",
    "\\r\\n",
];

#[test]
fn no_update_is_taken_without_its_chat_and_user() {
    let taken = mutate::run("webhook", &WORDS, 200_000, webhook::holds);
    assert!(taken > 1000, "only {taken} updates were taken: the mutants are too wild to try anything");
}
