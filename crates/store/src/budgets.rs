//! What contacts and profiles have cost: sends and failed tries, by a keyed hash of whose they are.

use mostik_linking::Budget;
use mostik_wire::Millis;

use super::{
    Conn, Error, KeyedHash,
    hold::{self, Name},
    sql,
};

/// What is counted.
#[derive(Clone, Copy)]
pub enum BudgetKind {
    /// A message was sent.
    Send,
    /// A try failed.
    Failure,
}

impl BudgetKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::Failure => "failure",
        }
    }
}

/// Reads a budget and locks it until the transaction ends, so that two nodes never count past each other.
///
/// # Errors
/// When the database does not answer; then nothing may be admitted.
pub async fn lock(conn: &mut Conn, key: &KeyedHash, now: Millis) -> Result<Budget, Error> {
    hold(conn, key, now).await?;
    read(conn, key, now).await
}

/// Locks what is counted under a key until the transaction ends.
///
/// # Errors
/// When the database does not answer; then nothing may be admitted.
pub async fn hold(conn: &mut Conn, key: &KeyedHash, now: Millis) -> Result<(), Error> {
    // Another node may still count under the other key: the row alone would not keep the two apart.
    if key.other.is_some() {
        hold::name(conn, Name::Hashed { what: "budget", hash: key.least() }).await?;
    }
    sql::query(
        "INSERT INTO contacts (contact, touched_at) VALUES ($1, $2)
         ON CONFLICT (contact) DO UPDATE SET touched_at = $2",
    )
    .bind(&key.written)
    .bind(now.0)
    .execute(&mut *conn)
    .await?;
    Ok(())
}

/// Makes a key ready for being counted under, without locking it: for one that all people share.
///
/// # Errors
/// When the database does not answer.
pub async fn ready(conn: &mut Conn, key: &KeyedHash, now: Millis) -> Result<(), Error> {
    // So that the sweep does not find it over while it is counted under.
    const AGE: i64 = 60 * 60 * 1_000;
    sql::query("UPDATE contacts SET touched_at = $2 WHERE contact = $1 AND touched_at < $3")
        .bind(&key.written)
        .bind(now.0)
        .bind(now.plus(-AGE).0)
        .execute(&mut *conn)
        .await?;
    sql::query("INSERT INTO contacts (contact, touched_at) VALUES ($1, $2) ON CONFLICT (contact) DO NOTHING")
        .bind(&key.written)
        .bind(now.0)
        .execute(conn)
        .await?;
    Ok(())
}

/// When the `nth` newest of what was counted under a key after a moment has happened, from 1; `None`: so many were not.
///
/// # Errors
/// When the database does not answer; then nothing may be admitted.
pub async fn nth_newest(
    conn: &mut Conn,
    key: &KeyedHash,
    counted: BudgetKind,
    after: Millis,
    nth: usize,
) -> Result<Option<Millis>, Error> {
    // Not IN where one key is enough: it would sort what the index has in order.
    let sql = if key.other.is_none() {
        "SELECT happened_at FROM contact_events WHERE contact = $1 AND kind = $3 AND happened_at > $4
         ORDER BY happened_at DESC LIMIT 1 OFFSET $5"
    } else {
        "SELECT happened_at FROM contact_events WHERE contact IN ($1, $2) AND kind = $3 AND happened_at > $4
         ORDER BY happened_at DESC LIMIT 1 OFFSET $5"
    };
    let found: Option<(i64,)> = sql::query_as(sql)
        .bind(&key.written)
        .bind(key.second())
        .bind(counted.name())
        .bind(after.0)
        .bind(i64::try_from(nth.saturating_sub(1)).unwrap_or(i64::MAX))
        .fetch_optional(conn)
        .await?;
    Ok(found.map(|(at,)| Millis(at)))
}

/// Whether something was counted under this id after a moment.
///
/// # Errors
/// When the database does not answer.
pub async fn was_counted(conn: &mut Conn, id: &KeyedHash, after: Millis) -> Result<bool, Error> {
    let found: Option<(i64,)> =
        sql::query_as("SELECT happened_at FROM contact_events WHERE id IN ($1, $2) AND happened_at > $3")
            .bind(&id.written)
            .bind(id.second())
            .bind(after.0)
            .fetch_optional(conn)
            .await?;
    Ok(found.is_some())
}

/// Reads a budget for who only looks.
pub async fn read(conn: &mut Conn, key: &KeyedHash, now: Millis) -> Result<Budget, Error> {
    let events: Vec<(String, i64)> = sql::query_as(
        "SELECT kind, happened_at FROM contact_events WHERE contact IN ($1, $2) AND happened_at > $3
         ORDER BY happened_at DESC",
    )
    .bind(&key.written)
    .bind(key.second())
    .bind(Budget::horizon(now).0)
    .fetch_all(conn)
    .await?;
    let of = |counted: BudgetKind| {
        events.iter().filter(|(kind, _)| kind == counted.name()).map(|(_, at)| Millis(*at)).collect()
    };
    Ok(Budget { sends: of(BudgetKind::Send), failures: of(BudgetKind::Failure) })
}

/// Counts something under a key that is locked, or [`ready`]. What was counted under the same id before is counted no more.
pub async fn count(conn: &mut Conn, id: &str, key: &KeyedHash, counted: BudgetKind, now: Millis) -> Result<(), Error> {
    sql::query(
        "INSERT INTO contact_events (id, contact, kind, happened_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (id) DO UPDATE SET happened_at = excluded.happened_at",
    )
    .bind(id)
    .bind(&key.written)
    .bind(counted.name())
    .bind(now.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes back what was counted under that id: it was no failure after all.
pub async fn forgive(conn: &mut Conn, id: &str) -> Result<(), Error> {
    sql::query("DELETE FROM contact_events WHERE id = $1").bind(id).execute(conn).await?;
    Ok(())
}

/// Takes back all failures: what was guessed at is no longer there.
pub async fn forgive_failures(conn: &mut Conn, key: &KeyedHash) -> Result<(), Error> {
    sql::query("DELETE FROM contact_events WHERE contact IN ($1, $2) AND kind = 'failure'")
        .bind(&key.written)
        .bind(key.second())
        .execute(conn)
        .await?;
    Ok(())
}
