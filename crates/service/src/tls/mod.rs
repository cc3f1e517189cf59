//! TLS by the service itself: its certificate, read anew when it changes, and the listener that speaks with it.

mod care;
mod certificates;
mod listener;

pub use care::run;
pub use certificates::{Certificates, State};
pub use listener::TlsListener;
