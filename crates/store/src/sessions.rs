//! Sessions and their tokens. The tokens of a session come in generations, one at each answer that bears tokens.

use mostik_wire::Millis;

use super::{
    Conn, Error,
    hold::{self, Row},
    sql,
};

/// A session that begins.
pub struct NewSession<'a> {
    /// Its id.
    pub id: &'a str,
    /// The account that signs in.
    pub account: &'a str,
    /// The client that it signs in with.
    pub client: &'a str,
    /// When.
    pub now: Millis,
}

/// Begins a session, without tokens.
pub async fn begin(conn: &mut Conn, session: &NewSession<'_>) -> Result<(), Error> {
    sql::query(
        "INSERT INTO sessions (id, account_id, client_id, created_at, generation, confirmed) VALUES ($1, $2, $3, $4, 0, 0)",
    )
    .bind(session.id)
    .bind(session.account)
    .bind(session.client)
    .bind(session.now.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// The session that a token is of.
#[derive(Debug, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: String,
    /// The account that signed in.
    pub account: String,
    /// The client that it signed in with.
    pub client: String,
    /// The newest generation of its tokens.
    pub newest: i64,
    /// The newest generation that the client has shown to hold.
    pub confirmed: i64,
    /// When it was ended.
    pub ended_at: Option<Millis>,
    /// An operator has blocked its account.
    pub blocked: bool,
}

type SessionColumns = (String, String, String, i64, i64, Option<i64>, Option<i64>);

impl From<SessionColumns> for Session {
    fn from((id, account, client, newest, confirmed, ended_at, blocked_at): SessionColumns) -> Self {
        let (ended_at, blocked) = (ended_at.map(Millis), blocked_at.is_some());
        Self { id, account, client, newest, confirmed, ended_at, blocked }
    }
}

/// An access token.
#[derive(Debug, PartialEq, Eq)]
pub struct AccessToken {
    /// Its session.
    pub session: Session,
    /// Its generation.
    pub generation: i64,
    /// When it stops working.
    pub expires_at: Millis,
}

/// The access token with this keyed hash.
pub async fn of_access_token(conn: &mut Conn, hash: &str) -> Result<Option<AccessToken>, Error> {
    type Row = (String, String, String, i64, i64, Option<i64>, Option<i64>, i64, i64);
    let row: Option<Row> = sql::query_as(
        "SELECT s.id, s.account_id, s.client_id, s.generation, s.confirmed, s.ended_at, a.blocked_at,
                t.generation, t.expires_at
         FROM access_tokens t JOIN sessions s ON s.id = t.session_id JOIN accounts a ON a.id = s.account_id
         WHERE t.token_hash = $1",
    )
    .bind(hash)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(id, account, client, newest, confirmed, ended_at, blocked_at, generation, expires_at)| AccessToken {
        session: (id, account, client, newest, confirmed, ended_at, blocked_at).into(),
        generation,
        expires_at: Millis(expires_at),
    }))
}

/// A refresh token.
#[derive(Debug, PartialEq, Eq)]
pub struct RefreshToken {
    /// Its session.
    pub session: Session,
    /// Its generation.
    pub generation: i64,
    /// When it stops working.
    pub expires_at: Millis,
    /// When it was spent.
    pub spent_at: Option<Millis>,
}

/// The refresh token with this keyed hash. In a change, its session is held until that ends.
pub async fn of_refresh_token(conn: &mut Conn, hash: &str) -> Result<Option<RefreshToken>, Error> {
    type Columns = (String, String, String, i64, i64, Option<i64>, Option<i64>, i64, i64, Option<i64>);
    if conn.is_shared_writer() {
        let session: Option<String> = sql::query_scalar("SELECT session_id FROM refresh_tokens WHERE token_hash = $1")
            .bind(hash)
            .fetch_optional(conn)
            .await?;
        if let Some(session) = session {
            hold::row(conn, Row::Session(&session)).await?;
        }
    }
    let row: Option<Columns> = sql::query_as(
        "SELECT s.id, s.account_id, s.client_id, s.generation, s.confirmed, s.ended_at, a.blocked_at,
                t.generation, t.expires_at, t.rotated_at
         FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id JOIN accounts a ON a.id = s.account_id
         WHERE t.token_hash = $1",
    )
    .bind(hash)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(id, account, client, newest, confirmed, ended_at, blocked_at, generation, expires_at, spent_at)| {
        RefreshToken {
            session: (id, account, client, newest, confirmed, ended_at, blocked_at).into(),
            generation,
            expires_at: Millis(expires_at),
            spent_at: spent_at.map(Millis),
        }
    }))
}

/// Spends a refresh token; answers whether it was unspent until now.
pub async fn spend(conn: &mut Conn, refresh_hash: &str, now: Millis) -> Result<bool, Error> {
    let spent = sql::query("UPDATE refresh_tokens SET rotated_at = $2 WHERE token_hash = $1 AND rotated_at IS NULL")
        .bind(refresh_hash)
        .bind(now.0)
        .execute(conn)
        .await?;
    Ok(spent.rows_affected() == 1)
}

/// The client has shown to hold a generation of tokens.
pub async fn confirm(conn: &mut Conn, session: &str, generation: i64) -> Result<(), Error> {
    sql::query("UPDATE sessions SET confirmed = $2 WHERE id = $1 AND confirmed < $2")
        .bind(session)
        .bind(generation)
        .execute(conn)
        .await?;
    Ok(())
}

/// Tokens to be given out.
pub struct NewTokens<'a> {
    /// The keyed hash of the access token.
    pub access_hash: &'a str,
    /// When that stops working.
    pub access_expires_at: Millis,
    /// The keyed hash of the refresh token.
    pub refresh_hash: &'a str,
    /// When that stops working.
    pub refresh_expires_at: Millis,
    /// The family of the device that they go to, where that is known.
    pub device: Option<&'a str>,
    /// Now.
    pub now: Millis,
}

/// Gives a session its next generation of tokens.
///
/// # Errors
/// When the database does not answer, or there is no such session.
pub async fn give_tokens(conn: &mut Conn, session: &str, new: &NewTokens<'_>) -> Result<(), Error> {
    let generation: i64 = sql::query_scalar(
        "UPDATE sessions SET generation = generation + 1, seen_at = $2, device = COALESCE($3, device)
         WHERE id = $1 RETURNING generation",
    )
    .bind(session)
    .bind(new.now.0)
    .bind(new.device)
    .fetch_one(&mut *conn)
    .await?;
    for (sql, hash, expires_at) in [
        (
            "INSERT INTO access_tokens (token_hash, session_id, generation, expires_at) VALUES ($1, $2, $3, $4)",
            new.access_hash,
            new.access_expires_at,
        ),
        (
            "INSERT INTO refresh_tokens (token_hash, session_id, generation, expires_at) VALUES ($1, $2, $3, $4)",
            new.refresh_hash,
            new.refresh_expires_at,
        ),
    ] {
        sql::query(sql).bind(hash).bind(session).bind(generation).bind(expires_at.0).execute(&mut *conn).await?;
    }
    Ok(())
}

/// Takes the newest generation of tokens back, if this still is the newest.
pub async fn take_tokens_back(conn: &mut Conn, session: &str, newest: i64) -> Result<(), Error> {
    for sql in [
        "DELETE FROM refresh_tokens WHERE session_id = $1 AND generation = $2",
        "DELETE FROM access_tokens WHERE session_id = $1 AND generation = $2",
        "UPDATE sessions SET generation = generation - 1 WHERE id = $1 AND generation = $2",
    ] {
        sql::query(sql).bind(session).bind(newest).execute(&mut *conn).await?;
    }
    Ok(())
}

/// Ends one session of an account, or all of them (`None`): their tokens are worth nothing from the next request on. Another
/// account's session stays. Answers which were ended.
pub async fn end(conn: &mut Conn, account: &str, session: Option<&str>, now: Millis) -> Result<Vec<String>, Error> {
    Ok(sql::query_scalar(
        "UPDATE sessions SET ended_at = $3 WHERE account_id = $1 AND ended_at IS NULL AND (id = $2 OR $2 IS NULL) RETURNING id",
    )
    .bind(account)
    .bind(session)
    .bind(now.0)
    .fetch_all(conn)
    .await?)
}

/// Whether there is such a session, and it was not ended.
pub async fn stands(conn: &mut Conn, session: &str) -> Result<bool, Error> {
    Ok(sql::query_scalar("SELECT EXISTS (SELECT 1 FROM sessions WHERE id = $1 AND ended_at IS NULL)")
        .bind(session)
        .fetch_one(conn)
        .await?)
}

/// A session that a person is signed in with.
#[derive(Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// Its id.
    pub id: String,
    /// The family of its device, where that is known.
    pub device: Option<String>,
    /// When it began.
    pub began_at: Millis,
    /// When its tokens were renewed last.
    pub seen_at: Millis,
}

/// The sessions that an account is signed in with: this one first, the others by their last use.
pub async fn of_account(conn: &mut Conn, account: &str, first: &str) -> Result<Vec<OpenSession>, Error> {
    let rows: Vec<(String, Option<String>, i64, i64)> = sql::query_as(
        "SELECT s.id, s.device, s.created_at, COALESCE(s.seen_at, s.created_at) AS seen FROM sessions s
         WHERE s.account_id = $1 AND s.ended_at IS NULL AND s.generation > 0
           AND EXISTS (SELECT 1 FROM refresh_tokens t WHERE t.session_id = s.id AND t.rotated_at IS NULL)
         ORDER BY CASE WHEN s.id = $2 THEN 0 ELSE 1 END, seen DESC, s.id",
    )
    .bind(account)
    .bind(first)
    .fetch_all(conn)
    .await?;
    let open = rows.into_iter().map(|(id, device, began_at, seen_at)| OpenSession {
        id,
        device,
        began_at: Millis(began_at),
        seen_at: Millis(seen_at),
    });
    Ok(open.collect())
}
