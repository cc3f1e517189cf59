//! What people paste into «Телефон или почта»: `cargo +nightly fuzz run contact`.
#![no_main]

#[path = "../properties/contact.rs"]
mod contact;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    contact::holds(bytes);
});
