//! What happened to a pupil's link.

use mostik_wire::{LogKind, Millis};

use super::{Conn, Error, inconsistent, sql};

const NAMES: [(&str, LogKind); 11] = [
    ("signed_in", LogKind::SignedIn),
    ("linked", LogKind::Linked),
    ("in_max", LogKind::InMax),
    ("in_vk", LogKind::InVk),
    ("left_max", LogKind::LeftMax),
    ("left_vk", LogKind::LeftVk),
    ("unlinked", LogKind::Unlinked),
    ("password_changed", LogKind::PasswordChanged),
    ("exported", LogKind::Exported),
    ("deletion_asked", LogKind::DeletionAsked),
    ("deletion_called_off", LogKind::DeletionCalledOff),
];

/// Something that happened to a pupil's link.
pub struct Event {
    /// What.
    pub kind: LogKind,
    /// When.
    pub at: Millis,
    /// The family of the device that it was done from.
    pub device: Option<String>,
    /// The account that did it; `None`: the bot, or an account that is gone.
    pub account: Option<String>,
    /// First name and surname of that account.
    pub by: Option<(String, String)>,
}

/// Writes an event down; `by` is the account and the family of its device.
pub async fn note(
    conn: &mut Conn,
    id: &str,
    pupil: &str,
    by: Option<(&str, Option<&str>)>,
    kind: LogKind,
    now: Millis,
) -> Result<(), Error> {
    let name = NAMES.iter().find(|(_, known)| *known == kind).map_or("", |(name, _)| *name);
    let (account, device) = by.unzip();
    sql::query(
        "INSERT INTO history (id, pupil_id, account_id, kind, device, happened_at) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(pupil)
    .bind(account)
    .bind(name)
    .bind(device.flatten())
    .bind(now.0)
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    kind: String,
    happened_at: i64,
    device: Option<String>,
    account_id: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
}

/// The newest events of a pupil, and the sign-ins of those who see the pupil, newest first.
pub async fn newest(conn: &mut Conn, pupil: &str, most: i64) -> Result<Vec<Event>, Error> {
    let rows: Vec<Row> = sql::query_as(
        "SELECT h.id, h.kind, h.happened_at, h.device, h.account_id, a.first_name, a.last_name
         FROM history h LEFT JOIN accounts a ON a.id = h.account_id WHERE h.pupil_id = $1
         UNION ALL
         SELECT s.id, 'signed_in', s.created_at, s.device, s.account_id, a.first_name, a.last_name
         FROM account_pupils p JOIN accounts a ON a.id = p.account_id JOIN sessions s ON s.account_id = a.id
         WHERE p.pupil_id = $1 AND s.generation > 0
         ORDER BY 3 DESC, 1 LIMIT $2",
    )
    .bind(pupil)
    .bind(most)
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let kind = NAMES.iter().find(|(name, _)| *name == row.kind).map(|(_, kind)| *kind);
            Ok(Event {
                kind: kind.ok_or_else(|| inconsistent("history", &row.id, "unknown kind"))?,
                at: Millis(row.happened_at),
                device: row.device,
                account: row.account_id,
                by: row.first_name.zip(row.last_name),
            })
        })
        .collect()
}
