//! Where the database is: a file of SQLite, or PostgreSQL.

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use sqlx::postgres::PgConnectOptions;

/// Where the database is.
#[derive(Clone)]
pub struct Address(pub(crate) Kind);

#[derive(Clone)]
pub(crate) enum Kind {
    Sqlite(PathBuf),
    Postgres { options: Box<PgConnectOptions>, shown: String },
}

/// What is wrong with an address.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It names another kind of database.
    #[error("{0:?} is no kind of database that is known here")]
    UnknownKind(String),
    /// It is no address of PostgreSQL.
    #[error("it is no address of PostgreSQL: {0}")]
    NotPostgres(String),
    /// It names no database.
    #[error("it names no database")]
    NoDatabase,
    /// It is empty.
    #[error("it is empty")]
    Empty,
}

impl FromStr for Address {
    type Err = AddressError;

    /// Reads `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, with libpq's parameters behind a `?`, or the path of a file.
    fn from_str(text: &str) -> Result<Self, AddressError> {
        if text.trim().is_empty() {
            return Err(AddressError::Empty);
        }
        let Some((scheme, _)) = text.split_once("://") else { return Ok(Self(Kind::Sqlite(text.into()))) };
        if !["postgres", "postgresql"].contains(&scheme) {
            return Err(AddressError::UnknownKind(scheme.to_owned()));
        }
        // What the parser says may quote the address, and that may bear a password.
        let options =
            PgConnectOptions::from_str(text).map_err(|e| AddressError::NotPostgres(without(text, &e.to_string())))?;
        let database = options.get_database().filter(|name| !name.is_empty()).ok_or(AddressError::NoDatabase)?;
        let host =
            options.get_socket().map_or_else(|| options.get_host().to_owned(), |path| path.display().to_string());
        let shown = format!("postgres://{}@{host}:{}/{database}", options.get_username(), options.get_port());
        Ok(Self(Kind::Postgres { options: Box::new(options), shown }))
    }
}

fn without(address: &str, said: &str) -> String {
    if said.contains(address) { "it cannot be read".to_owned() } else { said.to_owned() }
}

impl From<&Path> for Address {
    fn from(path: &Path) -> Self {
        Self(Kind::Sqlite(path.to_owned()))
    }
}

impl Address {
    /// Whether several nodes can work on it.
    #[must_use]
    pub const fn is_postgres(&self) -> bool {
        matches!(self.0, Kind::Postgres { .. })
    }
}

/// As people read it: without a password.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Sqlite(path) => path.display().fmt(f),
            Kind::Postgres { shown, .. } => f.write_str(shown),
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> AddressError {
        text.parse::<Address>().unwrap_err()
    }

    #[test]
    fn what_is_no_address_is_refused_and_no_password_is_repeated() {
        assert_eq!(refused(" "), AddressError::Empty);
        assert_eq!(refused("mysql://a:b@host/x"), AddressError::UnknownKind("mysql".into()));
        assert_eq!(refused("postgres://host"), AddressError::NoDatabase);
        for wrong in ["postgres://u:s3cret@host:port/x", "postgres://u:s3cret@/x?sslmode=perhaps"] {
            let said = refused(wrong).to_string();
            assert!(said.starts_with("it is no address of PostgreSQL") && !said.contains("s3cret"), "{said}");
        }
    }

    #[test]
    fn a_file_and_postgres_are_told_apart_and_shown_without_the_password() {
        let file: Address = "/var/lib/mostik/мостик.sqlite".parse().unwrap();
        assert!(!file.is_postgres() && file.to_string() == "/var/lib/mostik/мостик.sqlite");
        let shared: Address = "postgres://mostik:s3cret@db.test:5433/mostik?sslmode=require".parse().unwrap();
        assert!(shared.is_postgres());
        assert_eq!(
            format!("{shared} {shared:?}"),
            "postgres://mostik@db.test:5433/mostik postgres://mostik@db.test:5433/mostik"
        );
    }
}
