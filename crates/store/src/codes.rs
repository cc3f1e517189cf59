//! Codes that were sent: keyed hashes, with where they went.

use mostik_linking::Purpose;
use mostik_wire::{Contact, Millis};

use super::contact;
use super::{Conn, Error, sql};

const fn name(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Contact => "contact",
        Purpose::Recovery => "recovery",
        Purpose::Owner => "owner",
    }
}

/// A code to be kept.
pub struct NewCode<'a> {
    /// Its linking.
    pub linking: &'a str,
    /// Its number among all codes of the linking.
    pub nth: u32,
    /// What it proves.
    pub purpose: Purpose,
    /// A keyed hash of it, of its linking and of where it went.
    pub hash: &'a str,
    /// Where it went.
    pub contact: &'a Contact,
    /// When it stops working.
    pub expires_at: Millis,
}

/// Keeps a code.
pub async fn keep(conn: &mut Conn, code: &NewCode<'_>) -> Result<(), Error> {
    sql::query(
        "INSERT INTO codes (linking_id, nth, purpose, code_hash, channel, contact, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(code.linking)
    .bind(i64::from(code.nth))
    .bind(name(code.purpose))
    .bind(code.hash)
    .bind(contact::channel_name(code.contact.channel()))
    .bind(contact::text(code.contact))
    .bind(code.expires_at.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// How many codes of a purpose the linking has sent, as far as they are kept.
pub async fn count(conn: &mut Conn, linking: &str, purpose: Purpose) -> Result<u32, Error> {
    let count: i64 = sql::query_scalar("SELECT COUNT(*) FROM codes WHERE linking_id = $1 AND purpose = $2")
        .bind(linking)
        .bind(name(purpose))
        .fetch_one(conn)
        .await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// A code that was kept.
pub struct StoredCode {
    /// Its number among all codes of the linking.
    pub nth: u32,
    /// The keyed hash.
    pub hash: String,
    /// Where it went.
    pub contact: Contact,
}

/// The codes of a purpose that the linking has sent, newest first.
pub async fn of(conn: &mut Conn, linking: &str, purpose: Purpose) -> Result<Vec<StoredCode>, Error> {
    let rows: Vec<(i64, String, String, String)> = sql::query_as(
        "SELECT nth, code_hash, channel, contact FROM codes WHERE linking_id = $1 AND purpose = $2 ORDER BY nth DESC",
    )
    .bind(linking)
    .bind(name(purpose))
    .fetch_all(conn)
    .await?;
    let kept = rows.into_iter().filter_map(|(nth, hash, channel, text)| {
        Some(StoredCode { nth: u32::try_from(nth).ok()?, hash, contact: contact::stored(&channel, &text)? })
    });
    Ok(kept.collect())
}

/// When the newest code of a linking stops working, whatever it proves.
pub async fn newest_expires_at(conn: &mut Conn, linking: &str) -> Result<Option<Millis>, Error> {
    let at: Option<i64> =
        sql::query_scalar("SELECT expires_at FROM codes WHERE linking_id = $1 ORDER BY nth DESC LIMIT 1")
            .bind(linking)
            .fetch_optional(conn)
            .await?;
    Ok(at.map(Millis))
}
