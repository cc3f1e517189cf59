//! Bodies that come to the address of the webhook: `cargo +nightly fuzz run webhook`.
#![no_main]

#[path = "../properties/webhook.rs"]
mod webhook;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    webhook::holds(bytes);
});
