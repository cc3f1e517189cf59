//! What an operator's support may look at and do, each time with a right, a reason and an entry in the audit log. See ADR 24.

pub mod acts;
pub mod block;
pub mod deletion;
pub mod desk;
pub mod find;
pub mod message;
pub mod operators;
pub mod reason;
pub mod statistics;
