//! The guided tour, as `cargo xtask run` gives it where there is no display.

use std::process::Command;

use anyhow::{Result, ensure};
use mostik_world::root;

/// Shows B15, A1, A4, A7, A8, A9, A12, A13, A14, A15, A17, B6, B8.
#[test]
fn the_tour_ends_with_everybody_linked_and_a_picture_of_every_step() -> Result<()> {
    let output = Command::new(env!("CARGO_BIN_EXE_mostik-tour")).env_remove("DISPLAY").output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "the tour fails:\n{said}");
    for picture in [
        "01-sign-in.png",
        "04-diary.png",
        "09-max-is-left.png",
        "11-linked.png",
        "11-linked-dark.png",
        "22-password-phone.png",
        "27-whose-max.png",
        "29-security-phone.png",
        "31-unlink.png",
        "33-both-linked.png",
        "34-max-in-place-of-the-sms.png",
        "36-whose-max-and-whose-diary-phone.png",
        "38-linked-from-max.png",
    ] {
        let size = root().join("target/tour").join(picture).metadata()?.len();
        ensure!(size > 20_000, "{picture} shows nothing: {size} bytes");
    }
    Ok(())
}
