//! Receipts of SMS that came before the centre's answer, which tells the message's id.

use mostik_wire::Millis;

use super::{
    Conn, Error,
    hold::{self, Name},
    inconsistent, sql,
};

/// What came of a message in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is on the phone.
    Delivered,
    /// This centre could not, or would not: it says no after it has said yes.
    Undelivered,
    /// Its life was over.
    Expired,
}

const OUTCOMES: [(Outcome, &str); 3] =
    [(Outcome::Delivered, "delivered"), (Outcome::Undelivered, "undelivered"), (Outcome::Expired, "expired")];

/// A receipt to be kept.
pub struct NewReceipt<'a> {
    /// What it is told from others by.
    pub id: &'a str,
    /// The centre that sent it.
    pub centre: &'a str,
    /// The centre's ids for the message: a receipt may name it twice, in two ways.
    pub provider_keys: &'a [String],
    /// A keyed hash for each address that it bears.
    pub recipient_keys: &'a [String],
    /// What it tells.
    pub outcome: Outcome,
    /// When it came.
    pub now: Millis,
}

/// Keeps a receipt.
pub async fn keep(conn: &mut Conn, receipt: &NewReceipt<'_>) -> Result<(), Error> {
    let outcome = OUTCOMES.iter().find(|(known, _)| *known == receipt.outcome).map(|(_, name)| *name);
    for key in receipt.provider_keys {
        sql::query(
            "INSERT INTO receipts (receipt, centre, provider_key, recipient_keys, outcome, received_at)
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        )
        .bind(receipt.id)
        .bind(receipt.centre)
        .bind(key)
        .bind(receipt.recipient_keys.join(" "))
        .bind(outcome)
        .bind(receipt.now.0)
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// A receipt that was kept.
#[derive(Debug, PartialEq, Eq)]
pub struct StoredReceipt {
    /// What it is told from others by.
    pub id: String,
    /// The centre's id for the message by which it was found.
    pub provider_key: String,
    /// A keyed hash for each address that it bears.
    pub recipient_keys: Vec<String>,
    /// What it tells.
    pub outcome: Outcome,
}

/// In a change: neither an answer nor a receipt that bears any of these ids is weighed elsewhere until it ends.
pub async fn hold_all(conn: &mut Conn, centre: &str, provider_keys: &[String]) -> Result<(), Error> {
    let mut in_order: Vec<&String> = provider_keys.iter().collect();
    in_order.sort_unstable();
    for provider_key in in_order {
        hold::name(conn, Name::Receipt { centre, provider_key }).await?;
    }
    Ok(())
}

/// The receipts of a centre that bear any of these ids.
pub async fn of(conn: &mut Conn, centre: &str, provider_keys: &[String]) -> Result<Vec<StoredReceipt>, Error> {
    hold_all(conn, centre, provider_keys).await?;
    let mut kept = Vec::new();
    // An array is not a form that databases share; there are three at the most.
    for key in provider_keys {
        let rows: Vec<(String, String, String)> = sql::query_as(
            "SELECT receipt, recipient_keys, outcome FROM receipts WHERE centre = $1 AND provider_key = $2",
        )
        .bind(centre)
        .bind(key)
        .fetch_all(&mut *conn)
        .await?;
        for (id, recipients, outcome) in rows {
            let outcome = OUTCOMES.iter().find(|(_, name)| *name == outcome).map(|(known, _)| *known);
            let outcome = outcome.ok_or_else(|| inconsistent("receipts", &id, "unknown outcome"))?;
            let recipient_keys = recipients.split_whitespace().map(ToOwned::to_owned).collect();
            kept.push(StoredReceipt { id, provider_key: key.clone(), recipient_keys, outcome });
        }
    }
    Ok(kept)
}

/// Forgets a receipt, by whichever id it was found.
pub async fn forget(conn: &mut Conn, id: &str) -> Result<(), Error> {
    sql::query("DELETE FROM receipts WHERE receipt = $1").bind(id).execute(conn).await?;
    Ok(())
}
