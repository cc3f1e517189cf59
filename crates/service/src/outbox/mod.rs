//! Messages to people. Letters and messages in MAX are handed over at least once, an SMS at most once: see `sms::delivery`.

mod claimed;
pub mod delivery;
mod message;
mod pause;
mod queue;
pub mod recipient;

use std::time::Duration;

pub use claimed::Claimed;
pub use message::{MaxButton, MaxMessage};
pub use pause::pause_after;
pub use queue::{drop_codes_of, drop_queued_in_max, queue_mail, queue_max, queue_sms};

/// How often the outbox is looked at without a call: other nodes write into it too, and pauses end.
pub const LOOK: Duration = Duration::from_millis(250);
