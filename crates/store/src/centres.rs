//! What SMS centres have of the outbox: what was given to which, what they have said, and whose receipt is whose.

use mostik_wire::Millis;

use super::{Conn, Error, outbox::CodeRef, receipts, sql};

/// An SMS centre that a message is given to.
pub struct Submission<'a> {
    /// Its name.
    pub centre: &'a str,
    /// The recipient as receipts are compared with it: a keyed hash.
    pub recipient_key: &'a str,
    /// When.
    pub now: Millis,
}

/// Gives a message that was looked at to an SMS centre; answers whether nobody else was faster.
pub async fn give(conn: &mut Conn, id: &str, attempts: i64, giving: &Submission<'_>) -> Result<bool, Error> {
    let given = sql::query(
        "UPDATE outbox SET state = 'sent', centre = $3, handed_at = $4, receipt_at = NULL, attempts = attempts + 1,
             provider_id = NULL, provider_key = NULL, recipient_key = $5
         WHERE id = $1 AND state = 'queued' AND attempts = $2",
    )
    .bind(id)
    .bind(attempts)
    .bind(giving.centre)
    .bind(giving.now.0)
    .bind(giving.recipient_key)
    .execute(conn)
    .await?;
    Ok(given.rows_affected() == 1)
}

/// The codes that were given to an SMS centre, are worth something yet, and have no answer.
pub async fn unanswered_codes(conn: &mut Conn, now: Millis) -> Result<Vec<CodeRef>, Error> {
    let given: Vec<(Option<String>, Option<i64>)> = sql::query_as(
        "SELECT linking_id, nth FROM outbox
         WHERE kind = 'sms' AND state = 'sent' AND centre IS NOT NULL AND provider_id IS NULL AND expires_at > $1",
    )
    .bind(now.0)
    .fetch_all(conn)
    .await?;
    Ok(given.into_iter().filter_map(|(linking, nth)| CodeRef::of(linking, nth)).collect())
}

/// An SMS centre's yes.
pub struct Acceptance<'a> {
    /// Its id for the message, as it writes it.
    pub provider_id: &'a str,
    /// That id as receipts are compared with it; `None`: it is empty.
    pub provider_key: Option<&'a str>,
    /// What the message says and to whom is erased: no other centre will need it.
    pub erase: bool,
}

/// Notes that an SMS centre has taken a message; answers with the recipient as receipts are compared with it.
pub async fn note_yes(conn: &mut Conn, id: &str, yes: &Acceptance<'_>) -> Result<Option<String>, Error> {
    let key: Option<Option<String>> = sql::query_scalar(
        "UPDATE outbox SET provider_id = $2, provider_key = $3, recipient = CASE WHEN $4 = 1 THEN NULL ELSE recipient END,
             sealed_payload = CASE WHEN $4 = 1 THEN NULL ELSE sealed_payload END
         WHERE id = $1 AND state = 'sent' RETURNING recipient_key",
    )
    .bind(id)
    .bind(yes.provider_id)
    .bind(yes.provider_key)
    .bind(i64::from(yes.erase))
    .fetch_optional(conn)
    .await?;
    Ok(key.flatten())
}

/// A message that an SMS centre has taken.
#[derive(Debug, PartialEq, Eq)]
pub struct AcceptedMessage {
    /// Its id.
    pub id: String,
    /// The centre's id for it, as receipts are compared with it.
    pub provider_key: String,
    /// Its recipient, as receipts are compared with it.
    pub recipient_key: Option<String>,
    /// The code that it bears.
    pub about: Option<CodeRef>,
}

/// The messages that an SMS centre has taken under any of these ids, as receipts are compared with them.
pub async fn taken_as(conn: &mut Conn, centre: &str, provider_keys: &[String]) -> Result<Vec<AcceptedMessage>, Error> {
    type Row = (String, String, Option<String>, Option<String>, Option<i64>);
    receipts::hold_all(conn, centre, provider_keys).await?;
    let mut taken: Vec<AcceptedMessage> = Vec::new();
    // An array is not a form that databases share; there are three at the most for one id of a receipt.
    for key in provider_keys {
        if taken.iter().any(|known| known.provider_key == *key) {
            continue;
        }
        let rows: Vec<Row> = sql::query_as(
            "SELECT id, provider_key, recipient_key, linking_id, nth FROM outbox
             WHERE kind = 'sms' AND centre = $1 AND provider_key = $2",
        )
        .bind(centre)
        .bind(key)
        .fetch_all(&mut *conn)
        .await?;
        taken.extend(rows.into_iter().map(|(id, provider_key, recipient_key, linking, nth)| AcceptedMessage {
            id,
            provider_key,
            recipient_key,
            about: CodeRef::of(linking, nth),
        }));
    }
    Ok(taken)
}

/// A message whose receipt has come.
#[derive(Debug, PartialEq, Eq)]
pub struct ReceiptedMessage {
    /// The code that it bears.
    pub about: Option<CodeRef>,
    /// What it says is kept: another centre could have it.
    pub is_kept: bool,
    /// When it is worth nothing any more.
    pub expires_at: Millis,
    /// How often receipts before this one have said that it was not delivered.
    pub undelivered: i64,
}

/// Notes that the receipt of a message has come; `None`: its end is known already.
pub async fn note_receipt(conn: &mut Conn, id: &str, now: Millis) -> Result<Option<ReceiptedMessage>, Error> {
    type Row = (Option<String>, Option<i64>, bool, i64, i64);
    let row: Option<Row> = sql::query_as(
        "UPDATE outbox SET receipt_at = $2 WHERE id = $1 AND state = 'sent'
         RETURNING linking_id, nth, sealed_payload IS NOT NULL, expires_at, undelivered",
    )
    .bind(id)
    .bind(now.0)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(linking, nth, is_kept, expires_at, undelivered)| ReceiptedMessage {
        about: CodeRef::of(linking, nth),
        is_kept,
        expires_at: Millis(expires_at),
        undelivered,
    }))
}

/// The SMS centres that were given a message after `since` and until `until`, and have sent no receipt from then on.
pub async fn silent_centres(conn: &mut Conn, since: Millis, until: Millis) -> Result<Vec<String>, Error> {
    Ok(sql::query_scalar(
        "SELECT DISTINCT o.centre FROM outbox o
         WHERE o.kind = 'sms' AND o.state = 'sent' AND o.centre IS NOT NULL AND o.handed_at <= $2 AND o.handed_at > $1
             AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.centre = o.centre AND e.receipt_at >= o.handed_at)",
    )
    .bind(since.0)
    .bind(until.0)
    .fetch_all(conn)
    .await?)
}
