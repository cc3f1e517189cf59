//! The service through its public HTTP, with the outside parties on their real protocols.

mod answer;
mod codes;
mod commands;
mod docs;
mod letters;
mod mail;
mod outages;
mod profiles;
mod repeats;
mod secrets;
mod sessions;
mod sign_in;
mod story;
mod through_max;
mod world;
