//! Deletions that one operator has asked for and another one has to confirm. They go with the profile.

use mostik_wire::Millis;
use serde::Serialize;

use super::{Conn, Error, sql};

/// A deletion that was asked for. The names of the fields are the format of the support's `--json`; moments are UTC milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Pending {
    pub id: String,
    pub profile_id: String,
    /// The operator's name.
    pub asked_by: String,
    pub asked_at: i64,
    /// From then on it is worth nothing.
    pub expires_at: i64,
}

/// Asks for a deletion; answers whether it was not asked for already. One whose time is over gives way.
pub async fn ask(conn: &mut Conn, asked: &Pending) -> Result<bool, Error> {
    let written = sql::query(
        "INSERT INTO deletion_requests (id, profile_id, asked_by, asked_at, expires_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (profile_id) DO UPDATE SET id = $1, asked_by = $3, asked_at = $4, expires_at = $5
         WHERE deletion_requests.expires_at <= $4",
    )
    .bind(&asked.id)
    .bind(&asked.profile_id)
    .bind(&asked.asked_by)
    .bind(asked.asked_at)
    .bind(asked.expires_at)
    .execute(conn)
    .await?;
    Ok(written.rows_affected() == 1)
}

/// Takes a deletion out, to carry it out in this transaction: of two who confirm at once the later one finds none.
pub async fn take(conn: &mut Conn, id: &str) -> Result<Option<Pending>, Error> {
    Ok(sql::query_as(
        "DELETE FROM deletion_requests WHERE id = $1 RETURNING id, profile_id, asked_by, asked_at, expires_at",
    )
    .bind(id)
    .fetch_optional(conn)
    .await?)
}

/// Those that can be confirmed, oldest first.
pub async fn pending(conn: &mut Conn, now: Millis) -> Result<Vec<Pending>, Error> {
    Ok(sql::query_as(
        "SELECT id, profile_id, asked_by, asked_at, expires_at FROM deletion_requests WHERE expires_at > $1
         ORDER BY asked_at, id",
    )
    .bind(now.0)
    .fetch_all(conn)
    .await?)
}
