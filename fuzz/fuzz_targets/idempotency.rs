//! Requests with an `Idempotency-Key`, in any order: `cargo +nightly fuzz run idempotency`.
#![no_main]

#[path = "../properties/idempotency.rs"]
mod idempotency;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    idempotency::holds(bytes);
});
