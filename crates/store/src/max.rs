//! What MAX has told: updates, who can be written to, and where long polling stands.

use mostik_wire::Millis;

use super::{Conn, Error, sql};

/// Notes that something of MAX was heard, under a keyed hash of it; answers whether it is new.
pub async fn hear(conn: &mut Conn, hash: &str, now: Millis) -> Result<bool, Error> {
    let heard = sql::query("INSERT INTO max_updates (update_key, seen_at) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(hash)
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
pub async fn dialog(conn: &mut Conn, user_hash: &str) -> Result<Option<Dialog>, Error> {
    let row: Option<(i64, i64)> = sql::query_as("SELECT running, changed_at FROM max_dialogs WHERE user_hash = $1")
        .bind(user_hash)
        .fetch_optional(conn)
        .await?;
    Ok(row.map(|(running, said_at)| Dialog { running: running == 1, said_at: Millis(said_at) }))
}

/// Notes what MAX says of a dialog, unless a later word of it is known; answers whether it was noted.
pub async fn note_dialog(conn: &mut Conn, user_hash: &str, dialog: Dialog) -> Result<bool, Error> {
    let noted = sql::query(
        "INSERT INTO max_dialogs (user_hash, running, changed_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_hash) DO UPDATE SET running = excluded.running, changed_at = excluded.changed_at
         WHERE max_dialogs.changed_at <= excluded.changed_at",
    )
    .bind(user_hash)
    .bind(i64::from(dialog.running))
    .bind(dialog.said_at.0)
    .execute(conn)
    .await?;
    Ok(noted.rows_affected() == 1)
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
