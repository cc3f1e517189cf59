//! Waiting for a time, and what is said when it is over.

use std::{io, pin::Pin, time::Duration};

pub(super) type Timer = Pin<Box<tokio::time::Sleep>>;

pub(super) fn timer(within: Duration) -> Timer {
    Box::pin(tokio::time::sleep(within))
}

pub(super) fn too_late(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, what)
}
