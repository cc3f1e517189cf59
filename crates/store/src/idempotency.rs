//! Requests that may be repeated: the key of each, and the answer that it got.

use mostik_wire::Millis;

use super::{
    Conn, Error,
    hold::{self, Name},
    sql,
};

/// A key as it was last seen.
#[derive(sqlx::FromRow)]
pub struct KeyState {
    /// A keyed hash of path and body.
    pub body_hash: String,
    /// While unanswered: until when the request is believed to be under way.
    pub claimed_until: i64,
    /// When the key is free again.
    pub expires_at: i64,
    /// The answer's status.
    pub status: Option<i64>,
    /// The answer.
    pub sealed_answer: Option<String>,
}

/// What is known of an account's key. In a change, nobody else claims it until that ends.
pub async fn seen(conn: &mut Conn, account: &str, key: &str) -> Result<Option<KeyState>, Error> {
    hold::name(conn, Name::Request { account, key }).await?;
    Ok(sql::query_as(
        "SELECT body_hash, claimed_until, expires_at, status, sealed_answer
         FROM idempotency WHERE account_id = $1 AND idempotency_key = $2",
    )
    .bind(account)
    .bind(key)
    .fetch_optional(conn)
    .await?)
}

/// Claims a key for a request.
pub async fn claim(
    conn: &mut Conn,
    account: &str,
    key: &str,
    body_hash: &str,
    claimed_until: Millis,
    expires_at: Millis,
) -> Result<(), Error> {
    sql::query(
        "INSERT INTO idempotency (account_id, idempotency_key, body_hash, claimed_until, expires_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (account_id, idempotency_key)
         DO UPDATE SET body_hash = $3, claimed_until = $4, expires_at = $5, status = NULL, sealed_answer = NULL",
    )
    .bind(account)
    .bind(key)
    .bind(body_hash)
    .bind(claimed_until.0)
    .bind(expires_at.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// Stores the answer of the request that holds the key.
pub async fn store(conn: &mut Conn, account: &str, key: &str, status: u16, sealed: &str) -> Result<(), Error> {
    sql::query("UPDATE idempotency SET status = $3, sealed_answer = $4 WHERE account_id = $1 AND idempotency_key = $2")
        .bind(account)
        .bind(key)
        .bind(i64::from(status))
        .bind(sealed)
        .execute(conn)
        .await?;
    Ok(())
}

/// Gives back a key that was not answered.
pub async fn give_back(conn: &mut Conn, account: &str, key: &str) -> Result<(), Error> {
    sql::query("DELETE FROM idempotency WHERE account_id = $1 AND idempotency_key = $2 AND status IS NULL")
        .bind(account)
        .bind(key)
        .execute(conn)
        .await?;
    Ok(())
}
