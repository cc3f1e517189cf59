//! What operators write into the service's settings: `cargo +nightly fuzz run configuration`.
#![no_main]

#[path = "../properties/configuration.rs"]
mod configuration;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    configuration::holds(bytes);
});
