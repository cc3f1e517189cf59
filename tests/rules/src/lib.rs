//! What must stay true of the repository itself: see `tests/rules.rs`.
