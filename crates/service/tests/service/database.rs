//! Databases of tests: files, or the PostgreSQL that all of them share.

use std::path::Path;

use mostik_world::postgres;

/// A database of a test's own, for as long as this lives.
pub enum Database {
    /// A file in a folder of the test's choice.
    File,
    /// One of the PostgreSQL that the tests share.
    Postgres(postgres::Database),
}

impl Database {
    pub fn new() -> Self {
        if on_postgres() { Self::Postgres(postgres::Database::new().unwrap()) } else { Self::File }
    }

    /// What the setting says; `dir` is where a file is.
    pub fn address(&self, dir: &Path) -> String {
        match self {
            Self::File => dir.join("mostik.sqlite").display().to_string(),
            Self::Postgres(database) => database.url.clone(),
        }
    }
}

/// Whether the tests stand on PostgreSQL: `MOSTIK_TEST_DATABASE=postgres`, as a step of `cargo xtask test` says.
pub fn on_postgres() -> bool {
    std::env::var("MOSTIK_TEST_DATABASE").is_ok_and(|kind| kind == "postgres")
}
