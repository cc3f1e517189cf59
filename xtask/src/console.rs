//! What a person reads. Progress goes to standard error: standard output belongs to answers (`up`'s line of JSON).

use std::{
    io::{self, IsTerminal, Write},
    time::Duration,
};

/// A line that begins something.
pub fn step(text: &str) {
    line(&paint("36", &format!("▸ {text}")));
}

/// A line under a step.
pub fn detail(text: &str) {
    line(&format!("  {text}"));
}

/// What went wrong, with its reasons.
pub fn failure(error: &anyhow::Error) {
    line(&paint("31", &format!("✗ {error:#}")));
}

/// Words as they are.
pub fn plain(text: &str) {
    line(text);
}

/// `1 min 05 s`, `3.2 s`.
pub fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f32())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

/// Colour, where there is somebody to see it.
pub fn paint(colour: &str, text: &str) -> String {
    if io::stderr().is_terminal() { format!("\x1b[{colour}m{text}\x1b[0m") } else { text.to_owned() }
}

fn line(text: &str) {
    // A closed standard error is no reason to stop.
    writeln!(io::stderr(), "{text}").ok();
}
