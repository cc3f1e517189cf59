//! The audit log: who did what to which profile, pupil, account or linking. Entries and their places are only added; the
//! database refuses everything else.
//!
//! An entry is written in the transaction of what it tells of, without a place. One node gives places afterwards, so that no
//! two changes wait for each other: see ADR 21.

use mostik_wire::Millis;

use super::{Conn, Error, sql};

/// An entry. All that names somebody is an id; only operators are named.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// When it happened, in milliseconds since 1970.
    pub happened_at: i64,
    /// `account`, `operator`, or `service`: a messenger's word, or time.
    pub actor: String,
    /// The account's id, or the operator's name.
    pub actor_id: Option<String>,
    /// What was done.
    pub action: String,
    /// The profile that it was done to.
    pub profile_id: Option<String>,
    /// The pupil.
    pub pupil_id: Option<String>,
    /// The account.
    pub account_id: Option<String>,
    /// The linking.
    pub linking_id: Option<String>,
    /// The session.
    pub session_id: Option<String>,
    /// Why, where an operator did it.
    pub reason: Option<String>,
    /// A keyed hash of all of the above.
    pub mac: String,
}

/// An entry's place in the order of all.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Place {
    /// Its number: 1, 2, 3…
    pub place: i64,
    /// The entry.
    pub entry_id: String,
    /// A keyed hash of the number, the link before and the entry's own.
    pub link: String,
}

/// Which entries are asked for. What is not set fits all.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Of this profile.
    pub profile: Option<String>,
    /// Of this pupil.
    pub pupil: Option<String>,
    /// Of this account: what it did, and what was done to it.
    pub account: Option<String>,
    /// From this moment on.
    pub from: Option<Millis>,
    /// Before this moment.
    pub until: Option<Millis>,
}

macro_rules! columns {
    () => {
        "e.id, e.happened_at, e.actor, e.actor_id, e.action, e.profile_id, e.pupil_id, e.account_id, e.linking_id, \
         e.session_id, e.reason, e.mac"
    };
}

/// Writes an entry down; it waits for its place.
pub async fn write(conn: &mut Conn, entry: &Entry) -> Result<(), Error> {
    sql::query(
        "INSERT INTO audit_entries (id, happened_at, actor, actor_id, action, profile_id, pupil_id, account_id, linking_id,
             session_id, reason, mac)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(&entry.id)
    .bind(entry.happened_at)
    .bind(&entry.actor)
    .bind(&entry.actor_id)
    .bind(&entry.action)
    .bind(&entry.profile_id)
    .bind(&entry.pupil_id)
    .bind(&entry.account_id)
    .bind(&entry.linking_id)
    .bind(&entry.session_id)
    .bind(&entry.reason)
    .bind(&entry.mac)
    .execute(conn)
    .await?;
    sql::query("INSERT INTO audit_waiting (entry_id) VALUES ($1)").bind(&entry.id).execute(conn).await?;
    Ok(())
}

/// Whether an entry waits for its place.
pub async fn is_waited_for(conn: &mut Conn) -> Result<bool, Error> {
    Ok(sql::query_scalar("SELECT EXISTS (SELECT 1 FROM audit_waiting)").fetch_one(conn).await?)
}

/// So many entries that wait for their place, oldest of them first.
pub async fn waiting(conn: &mut Conn, most: i64) -> Result<Vec<Entry>, Error> {
    // Few wait, and the log is long: PostgreSQL would read all of it in the order of time until it meets one that waits.
    Ok(sql::query_as(concat!(
        "WITH w AS MATERIALIZED (SELECT entry_id FROM audit_waiting LIMIT $1) SELECT ",
        columns!(),
        " FROM w JOIN audit_entries e ON e.id = w.entry_id ORDER BY e.happened_at, e.id"
    ))
    .bind(most)
    .fetch_all(conn)
    .await?)
}

/// The newest place.
pub async fn head(conn: &mut Conn) -> Result<Option<Place>, Error> {
    Ok(sql::query_as("SELECT place, entry_id, link FROM audit_chain ORDER BY place DESC LIMIT 1")
        .fetch_optional(conn)
        .await?)
}

/// Gives an entry its place.
///
/// # Errors
/// When the database does not answer; when another node has given the place or the entry away: then all of the transaction is
/// undone, and what waits is to be read anew.
pub async fn give_place(conn: &mut Conn, place: &Place) -> Result<(), Error> {
    sql::query("INSERT INTO audit_chain (place, entry_id, link) VALUES ($1, $2, $3)")
        .bind(place.place)
        .bind(&place.entry_id)
        .bind(&place.link)
        .execute(conn)
        .await?;
    sql::query("DELETE FROM audit_waiting WHERE entry_id = $1").bind(&place.entry_id).execute(conn).await?;
    Ok(())
}

/// Places behind that one, in order.
pub async fn places(conn: &mut Conn, after: i64, most: i64) -> Result<Vec<Place>, Error> {
    Ok(sql::query_as("SELECT place, entry_id, link FROM audit_chain WHERE place > $1 ORDER BY place LIMIT $2")
        .bind(after)
        .bind(most)
        .fetch_all(conn)
        .await?)
}

/// The entries at the places from the first to the last; of a place whose entry is gone there is none.
pub async fn entries_at(conn: &mut Conn, first: i64, last: i64) -> Result<Vec<Entry>, Error> {
    Ok(sql::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM audit_chain c JOIN audit_entries e ON e.id = c.entry_id WHERE c.place BETWEEN $1 AND $2 ORDER BY c.place"
    ))
    .bind(first)
    .bind(last)
    .fetch_all(conn)
    .await?)
}

/// Ids of entries that neither have a place nor wait for one: somebody has taken it away.
pub async fn without_place(conn: &mut Conn, most: i64) -> Result<Vec<String>, Error> {
    Ok(sql::query_scalar(
        "SELECT e.id FROM audit_entries e WHERE NOT EXISTS (SELECT 1 FROM audit_chain c WHERE c.entry_id = e.id)
             AND NOT EXISTS (SELECT 1 FROM audit_waiting w WHERE w.entry_id = e.id) ORDER BY e.happened_at, e.id LIMIT $1",
    )
    .bind(most)
    .fetch_all(conn)
    .await?)
}

/// The newest entries that fit, oldest of them first.
pub async fn find(conn: &mut Conn, filter: &Filter, most: i64) -> Result<Vec<Entry>, Error> {
    let mut found: Vec<Entry> = sql::query_as(concat!(
        "SELECT ",
        columns!(),
        " FROM audit_entries e WHERE ($1 IS NULL OR e.profile_id = $1) AND ($2 IS NULL OR e.pupil_id = $2)
             AND ($3 IS NULL OR e.account_id = $3 OR (e.actor = 'account' AND e.actor_id = $3))
             AND e.happened_at >= $4 AND e.happened_at < $5 ORDER BY e.happened_at DESC, e.id DESC LIMIT $6"
    ))
    .bind(&filter.profile)
    .bind(&filter.pupil)
    .bind(&filter.account)
    .bind(filter.from.map_or(i64::MIN, |at| at.0))
    .bind(filter.until.map_or(i64::MAX, |at| at.0))
    .bind(most)
    .fetch_all(conn)
    .await?;
    found.reverse();
    Ok(found)
}
