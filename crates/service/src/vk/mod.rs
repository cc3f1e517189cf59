//! VK Messenger: binding a person's VK account, by VK ID, to the learning profile that a linking found.
//!
//! The app asks for an address (`begin`) and opens it in the system's browser. VK ID sends the browser back (`callback`) and
//! says whose account it is. Whoever sits there is asked whether that account belongs to that profile, and only the answer
//! binds (`answer`): the address may have been opened by somebody else, or in a browser where VK knows another person.

pub mod answer;
mod begin;
pub mod callback;
mod id;
mod outcome;
mod sign_in;

pub(crate) use begin::begin;
pub(crate) use id::authorize_url;
