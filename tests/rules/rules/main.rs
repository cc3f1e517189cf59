//! The repository's rules. Each test is one, and its message says what to do when it is broken.

mod dependencies;
mod files;
mod layers;
mod licences;
mod migrations;
mod parts;
mod platforms;
mod promises;
mod sbom;
mod window;
mod words;
