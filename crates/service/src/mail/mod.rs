//! Letters: what they say, how they are written, and how they go out (SMTP).

mod send;
mod texts;
mod write;

pub use send::{Mailer, mailer, run};
pub use texts::{Event, Letter, News};
