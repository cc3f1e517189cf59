//! The protocol of linking, model-checked: that nothing happens which must not, that what is wished for can come to be, and that each
//! mistake put into the protocol is found.

mod mutants;
mod stories;
