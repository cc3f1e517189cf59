//! Sign-ins at VK ID, and the question after each: at most one a linking.

use mostik_wire::Millis;

use super::{Conn, Error, sql};

/// A sign-in that begins.
pub struct NewSignIn<'a> {
    /// Its linking.
    pub linking: &'a str,
    /// The profile that the person was shown; no other is bound.
    pub profile: &'a str,
    /// Who began it.
    pub session: &'a str,
    /// The tag of the language that the page will speak.
    pub language: &'a str,
    /// A keyed hash of what VK ID, or the person's answer, brings back.
    pub hash: &'a str,
    /// When it is over.
    pub expires_at: Millis,
}

/// Begins a sign-in; one that was begun before is over. `sealed_state` is what VK ID brings back, `client` as whom it is asked.
pub async fn begin(conn: &mut Conn, new: &NewSignIn<'_>, sealed_state: &str, client: &str) -> Result<(), Error> {
    sql::query(
        "INSERT INTO vk_sign_ins (linking_id, profile_id, session_id, language, state_hash, sealed_state, expires_at, client_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (linking_id) DO UPDATE SET profile_id = $2, session_id = $3, language = $4, state_hash = $5,
             sealed_state = $6, answer_hash = NULL, vk_user = NULL, vk_name = NULL, expires_at = $7, client_id = $8",
    )
    .bind(new.linking)
    .bind(new.profile)
    .bind(new.session)
    .bind(new.language)
    .bind(new.hash)
    .bind(sealed_state)
    .bind(new.expires_at.0)
    .bind(client)
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps the question whether an account that VK ID has named is the person's.
///
/// # Errors
/// When the database does not answer, or another sign-in was begun meanwhile.
pub async fn ask(conn: &mut Conn, new: &NewSignIn<'_>, user: i64, name: Option<&str>) -> Result<(), Error> {
    sql::query(
        "INSERT INTO vk_sign_ins (linking_id, profile_id, session_id, language, answer_hash, vk_user, vk_name, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(new.linking)
    .bind(new.profile)
    .bind(new.session)
    .bind(new.language)
    .bind(new.hash)
    .bind(user)
    .bind(name)
    .bind(new.expires_at.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// What takes a sign-in out of the store.
#[derive(Clone, Copy)]
pub enum SignInKey<'a> {
    /// A keyed hash of what VK ID has brought back.
    State(&'a str),
    /// A keyed hash of what the person's answer bears.
    Answer(&'a str),
}

/// A sign-in that was taken out, with the session that began it.
#[derive(sqlx::FromRow)]
pub struct TakenSignIn {
    /// Its linking.
    pub linking_id: String,
    /// The profile that the person was shown.
    pub profile_id: String,
    /// The session that began it.
    pub session_id: String,
    /// The tag of the language that the page speaks.
    pub language: String,
    /// The account that VK ID has named.
    pub vk_user: Option<i64>,
    /// Whose that is, masked.
    pub vk_name: Option<String>,
    /// The client as whom VK ID was asked; `None`: a version before has begun it, which knew of one alone.
    pub client_id: Option<String>,
}

/// Takes a sign-in out of the store, unless it is over: it serves once.
pub async fn take(conn: &mut Conn, by: SignInKey<'_>, now: Millis) -> Result<Option<TakenSignIn>, Error> {
    const RETURNING: &str = "RETURNING linking_id, profile_id, session_id, language, vk_user, vk_name, client_id";
    let (column, hash) = match by {
        SignInKey::State(hash) => ("state_hash", hash),
        SignInKey::Answer(hash) => ("answer_hash", hash),
    };
    let sql = format!("DELETE FROM vk_sign_ins WHERE {column} = $1 AND expires_at > $2 {RETURNING}");
    Ok(sql::query_as(sqlx::AssertSqlSafe(sql)).bind(hash).bind(now.0).fetch_optional(conn).await?)
}

/// Ends the sign-in of a linking, if one is under way.
pub async fn end(conn: &mut Conn, linking: &str) -> Result<(), Error> {
    sql::query("DELETE FROM vk_sign_ins WHERE linking_id = $1").bind(linking).execute(conn).await?;
    Ok(())
}

/// The account and the device of a session, if it stands.
pub async fn session(conn: &mut Conn, id: &str) -> Result<Option<(String, Option<String>)>, Error> {
    Ok(sql::query_as("SELECT account_id, device FROM sessions WHERE id = $1 AND ended_at IS NULL")
        .bind(id)
        .fetch_optional(conn)
        .await?)
}
