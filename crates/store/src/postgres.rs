//! What is PostgreSQL's own: how a connection is set up, and how a change begins.

use std::time::Duration;

use sqlx::{
    ConnectOptions, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::OpenError;

/// The oldest version that is known to do.
const OLDEST: i32 = 150_000;

/// A change: what is read to be changed is locked row by row; see `hold`.
pub(super) const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";

/// Several questions whose answers belong together.
pub(super) const BEGIN_SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Connections of one node. Three nodes stay well below PostgreSQL's usual 100.
pub(super) const CONNECTIONS: u32 = 16;

/// How a connection is set up: the server gives up what takes too long, a lock that does not come, and a change that its node has
/// left.
pub(super) fn connect_options(options: PgConnectOptions) -> PgConnectOptions {
    options
        .application_name(concat!("mostik-service ", env!("CARGO_PKG_VERSION")))
        .options([
            ("statement_timeout", "7s"),
            ("lock_timeout", "4s"),
            ("idle_in_transaction_session_timeout", "30s"),
            // A node that was cut off is noticed, and what it held comes free.
            ("tcp_keepalives_idle", "5"),
            ("tcp_keepalives_interval", "2"),
            ("tcp_keepalives_count", "3"),
        ])
        // Statements bear hashes and sealed texts; they are in no log.
        .disable_statement_logging()
}

pub(super) fn pool_options(patience: Duration) -> PgPoolOptions {
    PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(patience)
}

/// Refuses a server that is too old; answers its version.
pub(super) async fn refuse_old(conn: &mut PgConnection) -> Result<String, OpenError> {
    let number: String = sqlx::query_scalar("SHOW server_version_num").fetch_one(&mut *conn).await?;
    let shown = sqlx::query_scalar("SHOW server_version").fetch_one(conn).await?;
    if number.parse().unwrap_or(0) < OLDEST { Err(OpenError::TooOld(shown)) } else { Ok(shown) }
}
