//! The service through its public HTTP, with the outside parties on their real protocols.

mod again;
mod alike;
mod answer;
mod by_mail;
mod by_max;
mod codes;
mod commands;
mod docs;
mod erasure;
mod exists;
mod launches;
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
