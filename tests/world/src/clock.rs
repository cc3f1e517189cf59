//! Programs that believe in another time.

use std::{path::Path, process::Command};

use anyhow::{Context, Result};

/// Where systems keep libfaketime.
const LIBRARIES: [&str; 4] = [
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib64/faketime/libfaketimeMT.so.1",
    "/usr/lib/faketime/libfaketimeMT.so.1",
];

/// Lets a program and all it starts see the wall clock shifted by `shift`, such as `+3d` or `-2h`. What they measure stays
/// true: only the wall clock is shifted.
///
/// # Errors
/// When libfaketime is not on this system.
pub fn shift_clock(command: &mut Command, shift: &str) -> Result<()> {
    let library =
        LIBRARIES.iter().find(|path| Path::new(path).exists()).context("libfaketime is not on this system")?;
    command.env("LD_PRELOAD", library).env("FAKETIME", shift).env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    Ok(())
}
