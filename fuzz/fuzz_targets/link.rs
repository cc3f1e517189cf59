//! Links that other programs hand over: `cargo +nightly fuzz run link`.
#![no_main]

#[path = "../properties/link.rs"]
mod link;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    link::holds(bytes);
});
