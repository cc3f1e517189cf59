//! What an operator measures: how much waits, and since when.

use mostik_wire::Millis;

use super::{Conn, Error, inconsistent, outbox::Kind, sql};

/// The queued messages of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// How they go out.
    pub kind: Kind,
    /// How many they are; never zero.
    pub messages: i64,
    /// When the oldest was queued.
    pub oldest_at: Millis,
}

/// What is queued, pauses between attempts included; kinds of which nothing waits are left out.
pub async fn waiting(conn: &mut Conn) -> Result<Vec<Waiting>, Error> {
    // The kinds are named so that the index on kind and state is used: most rows of the table have gone out.
    let rows: Vec<(String, i64, i64)> = sql::query_as(
        "SELECT kind, COUNT(*), MIN(created_at) FROM outbox WHERE kind IN ('sms', 'mail', 'max') AND state = $1
         GROUP BY kind ORDER BY kind",
    )
    .bind("queued")
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|(kind, messages, oldest_at)| {
            let kind = match kind.as_str() {
                "sms" => Kind::Sms,
                "mail" => Kind::Mail,
                "max" => Kind::Max,
                _ => return Err(inconsistent("outbox", &kind, "an unknown kind")),
            };
            Ok(Waiting { kind, messages, oldest_at: Millis(oldest_at) })
        })
        .collect()
}
