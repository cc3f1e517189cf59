//! Letters: what they say, how they are written, and how they go out (SMTP).

mod send;
mod server;
mod texts;
mod write;

pub use send::run;
pub(crate) use server::tls;
pub use server::{Mailer, mailer};
pub use texts::{Event, Letter, News};
pub use write::{Unwritable, write};
