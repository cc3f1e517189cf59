//! The service through its public HTTP, with the outside parties on their real protocols.

mod alike;
mod answer;
mod by_mail;
mod codes;
mod commands;
mod docs;
mod erasure;
mod exists;
mod letters;
mod mail;
mod migrations;
mod outages;
mod owner;
mod profiles;
mod repeats;
mod secrets;
mod sessions;
mod sign_in;
mod story;
mod through_max;
mod through_vk;
mod world;
