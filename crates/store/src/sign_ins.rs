//! Sign-ins under way, from the app to the diary and back, and the one-time codes that they end with.

use mostik_wire::Millis;

use super::{Conn, Error, sql};

/// A sign-in under way at the diary.
#[derive(Debug, PartialEq, Eq)]
pub struct SignIn {
    /// The client that began it.
    pub client: String,
    /// Where the browser goes afterwards.
    pub redirect_uri: String,
    /// The client's own `state`.
    pub client_state: String,
    /// The client's PKCE challenge.
    pub challenge: String,
    /// When it is over.
    pub expires_at: Millis,
}

/// Begins a sign-in, under the keyed hash of its `state`.
pub async fn begin(conn: &mut Conn, state_hash: &str, sign_in: &SignIn) -> Result<(), Error> {
    sql::query(
        "INSERT INTO sign_ins (state_hash, client_id, redirect_uri, client_state, challenge, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(state_hash)
    .bind(&sign_in.client)
    .bind(&sign_in.redirect_uri)
    .bind(&sign_in.client_state)
    .bind(&sign_in.challenge)
    .bind(sign_in.expires_at.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes a sign-in out: whoever comes with the same `state` again finds none.
pub async fn take(conn: &mut Conn, state_hash: &str) -> Result<Option<SignIn>, Error> {
    let row: Option<(String, String, String, String, i64)> = sql::query_as(
        "DELETE FROM sign_ins WHERE state_hash = $1
         RETURNING client_id, redirect_uri, client_state, challenge, expires_at",
    )
    .bind(state_hash)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(client, redirect_uri, client_state, challenge, expires_at)| SignIn {
        client,
        redirect_uri,
        client_state,
        challenge,
        expires_at: Millis(expires_at),
    }))
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

/// Spends the one-time code with this keyed hash.
pub async fn spend_code(conn: &mut Conn, hash: &str, now: Millis) -> Result<Option<SpentCode>, Error> {
    let spent = sql::query("UPDATE auth_codes SET used_at = $2 WHERE code_hash = $1 AND used_at IS NULL")
        .bind(hash)
        .bind(now.0)
        .execute(&mut *conn)
        .await?;
    let row: Option<(String, String, Option<i64>, String, String, String, i64)> = sql::query_as(
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
