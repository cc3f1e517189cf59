//! Sign-ins that have ended, as long as they could be ended again, and the one-time codes that they end with.

use mostik_wire::Millis;

use super::{Conn, Error, sql};

/// Whether the sign-in with this keyed hash has ended.
pub async fn has_ended(conn: &mut Conn, hash: &str) -> Result<bool, Error> {
    let found: Option<i64> = sql::query_scalar("SELECT expires_at FROM sign_ins WHERE state_hash = $1")
        .bind(hash)
        .fetch_optional(conn)
        .await?;
    Ok(found.is_some())
}

/// Notes that somebody has ended the sign-in with this keyed hash; `false`: somebody had before.
pub async fn end(conn: &mut Conn, hash: &str, expires_at: Millis) -> Result<bool, Error> {
    // The version before kept sign-ins under way here: the other columns are its.
    let noted = sql::query(
        "INSERT INTO sign_ins (state_hash, client_id, redirect_uri, client_state, challenge, expires_at)
         VALUES ($1, '', '', '', '', $2) ON CONFLICT (state_hash) DO NOTHING",
    )
    .bind(hash)
    .bind(expires_at.0)
    .execute(conn)
    .await?;
    Ok(noted.rows_affected() == 1)
}

/// A one-time code to be given out.
pub struct NewCode<'a> {
    /// Its keyed hash.
    pub hash: &'a str,
    /// The session that it gives tokens of.
    pub session: &'a str,
    /// The address that it was made for.
    pub redirect_uri: &'a str,
    /// The PKCE challenge that it was made for.
    pub challenge: &'a str,
    /// When it stops working.
    pub expires_at: Millis,
}

/// Keeps a one-time code.
pub async fn keep_code(conn: &mut Conn, code: &NewCode<'_>) -> Result<(), Error> {
    sql::query(
        "INSERT INTO auth_codes (code_hash, session_id, redirect_uri, challenge, expires_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(code.hash)
    .bind(code.session)
    .bind(code.redirect_uri)
    .bind(code.challenge)
    .bind(code.expires_at.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// A one-time code that was presented.
#[derive(Debug, PartialEq, Eq)]
pub struct SpentCode {
    /// It had been presented before.
    pub again: bool,
    /// The session that it gives tokens of.
    pub session: String,
    /// That session's account.
    pub account: String,
    /// An operator has blocked that account.
    pub blocked: bool,
    /// The client that began the sign-in.
    pub client: String,
    /// The address that it was made for.
    pub redirect_uri: String,
    /// The PKCE challenge that it was made for.
    pub challenge: String,
    /// When it stops working.
    pub expires_at: Millis,
}

/// Session, account, since when that is blocked, client, address, challenge, end.
type CodeRow = (String, String, Option<i64>, String, String, String, i64);

/// Spends the one-time code with this keyed hash.
pub async fn spend_code(conn: &mut Conn, hash: &str, now: Millis) -> Result<Option<SpentCode>, Error> {
    let spent = sql::query("UPDATE auth_codes SET used_at = $2 WHERE code_hash = $1 AND used_at IS NULL")
        .bind(hash)
        .bind(now.0)
        .execute(&mut *conn)
        .await?;
    let row: Option<CodeRow> = sql::query_as(
        "SELECT c.session_id, s.account_id, a.blocked_at, s.client_id, c.redirect_uri, c.challenge, c.expires_at
         FROM auth_codes c JOIN sessions s ON s.id = c.session_id JOIN accounts a ON a.id = s.account_id
         WHERE c.code_hash = $1",
    )
    .bind(hash)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(session, account, blocked_at, client, redirect_uri, challenge, expires_at)| SpentCode {
        again: spent.rows_affected() == 0,
        session,
        account,
        blocked: blocked_at.is_some(),
        client,
        redirect_uri,
        challenge,
        expires_at: Millis(expires_at),
    }))
}
