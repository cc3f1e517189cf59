//! What is typed and pasted into the field for a code: `cargo +nightly fuzz run code`.
#![no_main]

#[path = "../properties/code.rs"]
mod code;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    code::holds(bytes);
});
