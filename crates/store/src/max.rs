//! What MAX has told: updates, who can be written to, and where long polling stands.

use mostik_wire::Millis;

use super::{
    Conn, Error, KeyedHash,
    hold::{self, Name},
    secret_keys::is_under,
    sql,
};

/// Notes that something of MAX was heard, under a keyed hash of it; answers whether it is new.
pub async fn hear(conn: &mut Conn, hash: &KeyedHash, now: Millis) -> Result<bool, Error> {
    if let Some(other) = &hash.other {
        hold::name(conn, Name::Hashed { what: "update", hash: hash.least() }).await?;
        let heard: i64 = sql::query_scalar("SELECT COUNT(*) FROM max_updates WHERE update_key = $1")
            .bind(other)
            .fetch_one(conn)
            .await?;
        if heard > 0 {
            return Ok(false);
        }
    }
    let heard = sql::query("INSERT INTO max_updates (update_key, seen_at) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(&hash.written)
        .bind(now.0)
        .execute(conn)
        .await?;
    Ok(heard.rows_affected() == 1)
}

/// A person's dialog with the bot, by MAX's newest word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialog {
    /// The person has not stopped the bot.
    pub running: bool,
    /// When MAX said so: a moment of its clock, for words come late and out of order.
    pub said_at: Millis,
}

/// The dialog of a person, who is a keyed hash; `None`: MAX has said nothing of it.
pub async fn dialog(conn: &mut Conn, user: &KeyedHash) -> Result<Option<Dialog>, Error> {
    let row: Option<(i64, i64)> = sql::query_as(
        "SELECT running, changed_at FROM max_dialogs WHERE user_hash IN ($1, $2) ORDER BY changed_at DESC LIMIT 1",
    )
    .bind(&user.written)
    .bind(user.second())
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(running, said_at)| Dialog { running: running == 1, said_at: Millis(said_at) }))
}

/// Notes what MAX says of a dialog, unless a later word of it is known; answers whether it was noted.
pub async fn note_dialog(conn: &mut Conn, user: &KeyedHash, dialog: Dialog) -> Result<bool, Error> {
    rekey_dialog(conn, user).await?;
    let noted = sql::query(
        "INSERT INTO max_dialogs (user_hash, running, changed_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_hash) DO UPDATE SET running = excluded.running, changed_at = excluded.changed_at
         WHERE max_dialogs.changed_at <= excluded.changed_at",
    )
    .bind(&user.written)
    .bind(i64::from(dialog.running))
    .bind(dialog.said_at.0)
    .execute(conn)
    .await?;
    Ok(noted.rows_affected() == 1)
}

/// Keeps what is known of a dialog under the hash that is written, where it was kept under the other one.
pub async fn rekey_dialog(conn: &mut Conn, user: &KeyedHash) -> Result<(), Error> {
    let Some(other) = &user.other else { return Ok(()) };
    hold::name(conn, Name::Hashed { what: "dialog", hash: user.least() }).await?;
    sql::query(
        "INSERT INTO max_dialogs (user_hash, running, changed_at)
         SELECT $1, running, changed_at FROM max_dialogs WHERE user_hash = $2
         ON CONFLICT (user_hash) DO UPDATE SET running = excluded.running, changed_at = excluded.changed_at
         WHERE max_dialogs.changed_at <= excluded.changed_at",
    )
    .bind(&user.written)
    .bind(other)
    .execute(conn)
    .await?;
    sql::query("DELETE FROM max_dialogs WHERE user_hash = $1").bind(other).execute(conn).await?;
    Ok(())
}

/// Whether a dialog is kept under this key.
pub async fn has_dialogs_under(conn: &mut Conn, number: i64) -> Result<bool, Error> {
    let sql = format!("SELECT COUNT(*) FROM max_dialogs WHERE {}", is_under("user_hash", number));
    let count: i64 = sql::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(conn).await?;
    Ok(count > 0)
}

/// Deletes dialogs that are kept under this key and of which nothing was heard since then.
pub async fn forget_dialogs_under(conn: &mut Conn, number: i64, since: Millis) -> Result<(), Error> {
    let sql = format!("DELETE FROM max_dialogs WHERE {} AND changed_at <= $1", is_under("user_hash", number));
    sql::query(sqlx::AssertSqlSafe(sql)).bind(since.0).execute(conn).await?;
    Ok(())
}

/// MAX accounts that something here can be said to, behind that one.
pub async fn known_users(conn: &mut Conn, after: i64, most: i64) -> Result<Vec<i64>, Error> {
    Ok(sql::query_scalar(
        "SELECT max_user FROM profiles WHERE max_user > $1 UNION SELECT former_max_user FROM profiles WHERE former_max_user > $1
         UNION SELECT max_user FROM linkings WHERE max_user > $1 ORDER BY 1 LIMIT $2",
    )
    .bind(after)
    .bind(most)
    .fetch_all(conn)
    .await?)
}

/// Where a bot's long polling stands.
pub async fn marker(conn: &mut Conn, bot: &str) -> Result<Option<i64>, Error> {
    Ok(sql::query_scalar("SELECT marker FROM max_markers WHERE bot = $1").bind(bot).fetch_optional(conn).await?)
}

/// Keeps where a bot's long polling stands.
pub async fn keep_marker(conn: &mut Conn, bot: &str, marker: i64) -> Result<(), Error> {
    sql::query("INSERT INTO max_markers (bot, marker) VALUES ($1, $2) ON CONFLICT (bot) DO UPDATE SET marker = $2")
        .bind(bot)
        .bind(marker)
        .execute(conn)
        .await?;
    Ok(())
}
