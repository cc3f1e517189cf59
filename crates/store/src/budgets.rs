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
    read(conn, key, now).await
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

/// Counts something against a budget that is locked.
pub async fn count(conn: &mut Conn, id: &str, key: &KeyedHash, counted: BudgetKind, now: Millis) -> Result<(), Error> {
    sql::query("INSERT INTO contact_events (id, contact, kind, happened_at) VALUES ($1, $2, $3, $4)")
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
