//! What each operation of the store promises, by the operations alone.

mod family;
mod opened;
mod sessions;
mod sign_ins;
