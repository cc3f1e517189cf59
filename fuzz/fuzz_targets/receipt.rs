//! What SMS centres write about a message: `cargo +nightly fuzz run receipt`.
#![no_main]

#[path = "../properties/receipt.rs"]
mod receipt;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    receipt::holds(bytes);
});
