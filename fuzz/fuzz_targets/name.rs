//! What people type as names, and what others tell: `cargo +nightly fuzz run name`.
#![no_main]

#[path = "../properties/name.rs"]
mod name;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    name::holds(bytes);
});
