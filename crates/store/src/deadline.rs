//! How long PostgreSQL is waited for.

use std::{future::Future, time::Duration};

/// How long a request waits for the writer, or for a connection, before it is told to come again.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// How long a statement of PostgreSQL may take; the server itself gives up a little earlier (see `postgres`), so that this is for
/// one that says nothing any more.
const STATEMENT: Duration = Duration::from_secs(8);

/// Waits for PostgreSQL no longer than a statement may take.
pub(crate) async fn in_time<T>(work: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, sqlx::Error> {
    match tokio::time::timeout(STATEMENT, work).await {
        Ok(done) => done,
        Err(_) => {
            Err(sqlx::Error::Io(std::io::Error::new(std::io::ErrorKind::TimedOut, "the database does not answer")))
        }
    }
}
