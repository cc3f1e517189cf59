//! Hand-offs: from a signed-in device to another one.

use mostik_wire::{HandOffPlace, Millis};

use super::{
    Conn, DbRow, Error,
    hold::{self, Row},
    inconsistent, sql,
};

const PLACES: [(HandOffPlace, &str); 3] =
    [(HandOffPlace::Diary, "diary"), (HandOffPlace::Linking, "linking"), (HandOffPlace::Security, "security")];

fn place_name(place: HandOffPlace) -> &'static str {
    PLACES.into_iter().find(|(known, _)| *known == place).map_or("diary", |(_, name)| name)
}

/// A hand-off to be made.
pub struct NewHandOff<'a> {
    /// Its id.
    pub id: &'a str,
    /// The keyed hash of what its code bears.
    pub token_hash: &'a str,
    /// The session that makes it.
    pub session: &'a str,
    /// Whose diary it leads to.
    pub pupil: &'a str,
    /// Where it leads to.
    pub place: HandOffPlace,
    /// Now.
    pub now: Millis,
    /// Until when it can be opened.
    pub expires_at: Millis,
}

/// Makes a hand-off.
pub async fn make(conn: &mut Conn, hand_off: &NewHandOff<'_>) -> Result<(), Error> {
    sql::query(
        "INSERT INTO hand_offs (id, token_hash, session_id, pupil_id, place, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(hand_off.id)
    .bind(hand_off.token_hash)
    .bind(hand_off.session)
    .bind(hand_off.pupil)
    .bind(place_name(hand_off.place))
    .bind(hand_off.now.0)
    .bind(hand_off.expires_at.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// A hand-off, with whose it is.
#[derive(Debug, PartialEq, Eq)]
pub struct HandOff {
    /// Its id.
    pub id: String,
    /// The session that has made it.
    pub session: String,
    /// When that session was ended.
    pub session_ended_at: Option<Millis>,
    /// Whose diary it leads to.
    pub pupil: String,
    /// The pupil's first name.
    pub first_name: String,
    /// The pupil's surname.
    pub last_name: String,
    /// Where it leads to.
    pub place: HandOffPlace,
    /// Until when it can be opened.
    pub expires_at: Millis,
    /// Once an app has opened it: until when the person may sign in there.
    pub seen_until: Option<Millis>,
    /// When it was taken.
    pub taken_at: Option<Millis>,
    /// The family of the device that has taken it, where that is known.
    pub taken_by_device: Option<String>,
}

fn read(row: &DbRow) -> Result<HandOff, Error> {
    let moment = |column: &str| Ok::<_, Error>(row.try_get::<Option<i64>>(column)?.map(Millis));
    let (id, place): (String, String) = (row.try_get("id")?, row.try_get("place")?);
    let place = PLACES.into_iter().find(|(_, name)| *name == place).map(|(place, _)| place);
    let place = place.ok_or_else(|| inconsistent("hand_offs", &id, "unknown place"))?;
    Ok(HandOff {
        id,
        session: row.try_get("session_id")?,
        session_ended_at: moment("session_ended_at")?,
        pupil: row.try_get("pupil_id")?,
        first_name: row.try_get("first_name")?,
        last_name: row.try_get("last_name")?,
        place,
        expires_at: Millis(row.try_get("expires_at")?),
        seen_until: moment("seen_until")?,
        taken_at: moment("taken_at")?,
        taken_by_device: row.try_get("taken_by_device")?,
    })
}

/// What a hand-off is found by.
#[derive(Clone, Copy)]
pub enum HandOffKey<'a> {
    /// Its id.
    Id(&'a str),
    /// The keyed hash of what its code bears.
    Token(&'a str),
}

/// The hand-off that is found by this.
pub async fn find(conn: &mut Conn, by: HandOffKey<'_>) -> Result<Option<HandOff>, Error> {
    let (id, token) = match by {
        HandOffKey::Id(id) => (Some(id), None),
        HandOffKey::Token(hash) => (None, Some(hash)),
    };
    if conn.is_shared_writer() {
        let found: Option<String> = sql::query_scalar("SELECT id FROM hand_offs WHERE id = $1 OR token_hash = $2")
            .bind(id)
            .bind(token)
            .fetch_optional(conn)
            .await?;
        if let Some(id) = found {
            hold::row(conn, Row::HandOff(&id)).await?;
        }
    }
    let row = sql::query(
        "SELECT h.*, s.ended_at AS session_ended_at, u.first_name, u.last_name
         FROM hand_offs h JOIN sessions s ON s.id = h.session_id JOIN pupils u ON u.id = h.pupil_id
         WHERE h.id = $1 OR h.token_hash = $2",
    )
    .bind(id)
    .bind(token)
    .fetch_optional(conn)
    .await?;
    row.as_ref().map(read).transpose()
}

/// When an account has made hand-offs after that moment, newest first. In a change, no other makes one for it until that ends.
pub async fn made_since(conn: &mut Conn, account: &str, since: Millis) -> Result<Vec<Millis>, Error> {
    hold::row(conn, Row::Account(account)).await?;
    let made: Vec<i64> = sql::query_scalar(
        "SELECT h.created_at FROM hand_offs h JOIN sessions s ON s.id = h.session_id
         WHERE s.account_id = $1 AND h.created_at > $2 ORDER BY h.created_at DESC",
    )
    .bind(account)
    .bind(since.0)
    .fetch_all(conn)
    .await?;
    Ok(made.into_iter().map(Millis).collect())
}

/// Puts an end to those of a session that could still be taken; answers with their ids.
pub async fn end_of_session(conn: &mut Conn, session: &str, now: Millis) -> Result<Vec<String>, Error> {
    Ok(sql::query_scalar(
        "UPDATE hand_offs SET expires_at = $2, seen_until = CASE WHEN seen_until IS NULL THEN NULL ELSE $2 END
         WHERE session_id = $1 AND taken_at IS NULL AND COALESCE(seen_until, expires_at) > $2 RETURNING id",
    )
    .bind(session)
    .bind(now.0)
    .fetch_all(conn)
    .await?)
}

/// Notes that an app has opened it, and until when the person may sign in there, if it can still be opened and none has;
/// answers whether it did.
pub async fn see(conn: &mut Conn, id: &str, until: Millis, now: Millis) -> Result<bool, Error> {
    let seen = sql::query(
        "UPDATE hand_offs SET seen_until = $2
         WHERE id = $1 AND seen_until IS NULL AND taken_at IS NULL AND expires_at > $3",
    )
    .bind(id)
    .bind(until.0)
    .bind(now.0)
    .execute(conn)
    .await?;
    Ok(seen.rows_affected() == 1)
}

/// Notes that a device has taken it, if none has; answers whether it did.
pub async fn take(conn: &mut Conn, id: &str, device: Option<&str>, now: Millis) -> Result<bool, Error> {
    let taken =
        sql::query("UPDATE hand_offs SET taken_at = $2, taken_by_device = $3 WHERE id = $1 AND taken_at IS NULL")
            .bind(id)
            .bind(now.0)
            .bind(device)
            .execute(conn)
            .await?;
    Ok(taken.rows_affected() == 1)
}
