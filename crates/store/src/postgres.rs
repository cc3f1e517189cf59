//! What is PostgreSQL's own: how a connection is set up, and how a change begins.

use std::time::Duration;

use sqlx::{
    ConnectOptions, Connection, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{Address, OpenError, deadline::PATIENCE};

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

/// The same for work that may take its time: migrations, moves, backups.
pub(super) fn unhurried(options: PgConnectOptions) -> PgConnectOptions {
    connect_options(options).options([("statement_timeout", "0"), ("idle_in_transaction_session_timeout", "0")])
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

/// Connects to it, or says what stands in the way.
pub(super) async fn connect(address: &Address, options: &PgConnectOptions) -> Result<PgConnection, OpenError> {
    let connected = tokio::time::timeout(PATIENCE, PgConnection::connect_with(options)).await;
    let error = match connected {
        Ok(Ok(conn)) => return Ok(conn),
        Ok(Err(error)) => error,
        Err(_) => std::io::Error::new(std::io::ErrorKind::TimedOut, "no answer for 5 s").into(),
    };
    let code = error.as_database_error().and_then(|e| e.code()).unwrap_or_default();
    let next = match &*code {
        "28P01" | "28000" => {
            "Set user and password in `database` to what PostgreSQL knows, and let pg_hba.conf admit this host"
        }
        "3D000" => "Create it: `createdb --owner mostik mostik`, or name the one that exists",
        "53300" => "Raise max_connections of PostgreSQL, or end what holds its connections",
        _ => match &error {
            sqlx::Error::Tls(_) => "See to PostgreSQL's certificate, or name its authority: `?sslrootcert=FILE`",
            _ => "See that PostgreSQL runs and listens at that host and port",
        },
    };
    Err(OpenError::Unreachable { address: address.to_string(), source: error, next })
}
