//! Names and addresses that stand in letters: `cargo +nightly fuzz run letter`.
#![no_main]

#[path = "../properties/letter.rs"]
mod letter;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    letter::holds(bytes);
});
