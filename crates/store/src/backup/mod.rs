//! Backups: all that is kept at one moment, taken while nodes serve, and put into an empty place.
//!
//! A backup is a folder with two files: the database as its own tools read it (a file of SQLite, or an archive of `pg_dump`), and
//! `manifest.json`, which says what it is and how to tell that it is whole. It comes into being under another name and gets its own
//! when it is whole and on the disk. See ADR 23.

mod coming;
mod disk;
mod error;
mod manifest;
mod postgres_tools;
mod restore;
mod settle;
mod tables;
mod take;
mod trial;

pub use error::BackupError;
pub use manifest::{DatabaseKind, Manifest, TableSum};
pub use restore::restore;
pub use settle::Restoring;
pub use take::{Origin, back_up};
pub use trial::try_out;
