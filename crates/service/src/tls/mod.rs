//! TLS by the service itself: its certificate, read anew when it changes.

mod care;
mod certificates;

pub use care::run;
pub use certificates::{Certificates, State};
