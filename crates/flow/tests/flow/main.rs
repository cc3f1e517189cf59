//! The machine through its public interface: stories, random walks, and the documents it prints.

mod about;
mod blocked;
mod by_mail;
mod documents;
mod from_max;
mod hand_off;
mod links;
mod notices;
mod report;
mod rules;
mod school;
mod security;
mod stored;
mod stories;
mod vk;
mod walks;
mod world;
