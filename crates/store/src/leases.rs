//! Work that one node does at a time: who has it, and until when. The clock is the database's, so that nodes whose clocks differ agree.

use crate::{Conn, Error, sql};

macro_rules! now {
    (postgres) => {
        "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"
    };
    (sqlite) => {
        "CAST(unixepoch('subsec') * 1000 AS INTEGER)"
    };
}

/// The database's clock in UTC milliseconds, as an expression.
pub(crate) const fn now_of(conn: &Conn) -> &'static str {
    if conn.is_postgres() { now!(postgres) } else { now!(sqlite) }
}

macro_rules! take {
    ($db:ident) => {
        concat!(
            "INSERT INTO leases (name, holder, expires_at) VALUES ($1, $2, $3 + ",
            now!($db),
            ") ON CONFLICT (name) DO UPDATE SET holder = $2, expires_at = $3 + ",
            now!($db),
            " WHERE leases.holder = $2 OR leases.expires_at <= ",
            now!($db)
        )
    };
}

/// Takes a lease, or keeps it, for so many milliseconds; answers whether the holder has it.
pub async fn take(conn: &mut Conn, name: &str, holder: &str, for_ms: i64) -> Result<bool, Error> {
    let sql = if conn.is_shared_writer() { take!(postgres) } else { take!(sqlite) };
    let taken = sql::query(sql).bind(name).bind(holder).bind(for_ms).execute(conn).await?;
    Ok(taken.rows_affected() == 1)
}

/// Gives a lease back, if the holder has it: another one can take it at once.
pub async fn give_back(conn: &mut Conn, name: &str, holder: &str) -> Result<(), Error> {
    sql::query("DELETE FROM leases WHERE name = $1 AND holder = $2").bind(name).bind(holder).execute(conn).await?;
    Ok(())
}

/// Who holds what.
pub async fn held(conn: &mut Conn) -> Result<Vec<(String, String)>, Error> {
    Ok(sql::query_as("SELECT name, holder FROM leases ORDER BY name").fetch_all(conn).await?)
}
