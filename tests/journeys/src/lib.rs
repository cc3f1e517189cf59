//! The stand.
