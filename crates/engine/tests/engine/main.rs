//! The engine against a scripted service on loopback: every request it sends is seen, every answer can be spoilt.

mod about;
mod following;
mod keyring;
mod secrets;
mod service_faults;
mod session;
mod sign_in;
mod storing;
mod world;
