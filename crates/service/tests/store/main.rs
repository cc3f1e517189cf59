//! What each operation of the store promises, by the operations alone.

mod family;
mod hand_offs;
mod launches;
mod max;
mod opened;
mod outbox;
mod sessions;
mod sign_ins;
mod sms;
