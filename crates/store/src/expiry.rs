//! Rows that nobody will ask for again.

use mostik_wire::Millis;

use super::{Conn, Error, sql};

/// What is deleted, with the moment that its statement is held against.
pub struct Cutoffs {
    /// What is over since then, or longer: whoever comes late until then is told «expired», not «unknown».
    pub over: Millis,
    /// Now.
    pub now: Millis,
    /// What happened to pupils' links.
    pub history: Millis,
    /// The ways of messages.
    pub messages: Millis,
    /// Updates of MAX, which it brings again for days.
    pub updates: Millis,
}

/// Deletes what is over.
pub async fn delete(conn: &mut Conn, before: &Cutoffs) -> Result<(), Error> {
    for (sql, at) in [
        ("DELETE FROM idempotency WHERE expires_at <= $1", before.over),
        ("DELETE FROM sign_ins WHERE expires_at <= $1", before.over),
        ("DELETE FROM auth_codes WHERE expires_at <= $1", before.over),
        ("DELETE FROM access_tokens WHERE expires_at <= $1", before.over),
        ("DELETE FROM refresh_tokens WHERE expires_at <= $1", before.over),
        ("DELETE FROM contact_events WHERE happened_at <= $1", before.over),
        ("DELETE FROM receipts WHERE received_at <= $1", before.over),
        ("DELETE FROM launches WHERE page_expires_at <= $1 AND COALESCE(grant_expires_at, 0) <= $1", before.over),
        ("DELETE FROM hand_offs WHERE expires_at <= $1 AND COALESCE(seen_until, 0) <= $1", before.over),
        ("DELETE FROM outbox WHERE expires_at <= $1 AND state <> 'queued'", before.over),
        (
            // The newest of an open linking still says that it is over. None stays with those who are linked: the index on `expires_at`
            // would be walked over all of them each time.
            "DELETE FROM codes WHERE expires_at <= $1 AND EXISTS (SELECT 1 FROM linkings WHERE linkings.id = codes.linking_id
             AND (linkings.codes > codes.nth OR linkings.step IN ('linked', 'closed')))",
            before.over,
        ),
        (
            // Not `NOT IN`: PostgreSQL reads the whole of the other table for each row once it is large.
            "DELETE FROM contacts WHERE touched_at <= $1
             AND NOT EXISTS (SELECT 1 FROM contact_events WHERE contact_events.contact = contacts.contact)",
            before.over,
        ),
        ("DELETE FROM max_updates WHERE seen_at <= $1", before.updates),
        ("DELETE FROM max_dialogs WHERE changed_at <= $1 AND running = 1", before.updates),
        // Kept for another centre while the code lived.
        (
            "UPDATE outbox SET recipient = NULL, sealed_payload = NULL WHERE state = 'sent' AND expires_at <= $1",
            before.now,
        ),
        // It may name whom VK ID has named, and nobody asked for anything by it.
        ("DELETE FROM vk_sign_ins WHERE expires_at <= $1", before.now),
        ("DELETE FROM messages WHERE queued_at <= $1", before.messages),
        ("DELETE FROM history WHERE happened_at <= $1", before.history),
    ] {
        sql::query(sql).bind(at.0).execute(&mut *conn).await?;
    }
    Ok(())
}
