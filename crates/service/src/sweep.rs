//! What time ends: profiles whose deletion is due, idle linkings, and rows that nobody will ask for again.

use crate::{
    app::App,
    clock::{DAY, MINUTE},
    db::Tx,
    profiles,
    refusal::Refusal,
};

/// How long a linking may lie still.
const IDLE: i64 = 30 * DAY;

/// How far back «Безопасность» looks.
const HISTORY: i64 = 366 * DAY;

/// For how long an update may come again: MAX tries ten times, the first pause a minute, each 2.5 times as long.
const REPEATS: i64 = 7 * DAY;

/// Closes linkings that lay still for 30 days.
///
/// # Errors
/// When the database does not answer.
pub async fn close_idle(app: &App, tx: &mut Tx) -> Result<(), Refusal> {
    let now = app.now();
    // Where the link to the diary stands, MAX was only an offer.
    sqlx::query(
        "UPDATE linkings SET step = 'linked', ticket_hash = NULL, sealed_ticket = NULL, trouble = NULL, trouble_phone = NULL,
             version = version + 1, moved_at_version = version + 1, updated_at = $2
         WHERE step = 'max' AND updated_at <= $1 AND id IN (SELECT linking_id FROM links)",
    )
    .bind(now.plus(-IDLE).0)
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        "UPDATE linkings SET step = 'closed', closed_reason = 'expired', channel = NULL, contact = NULL, password_hash = NULL, ticket_hash = NULL, sealed_ticket = NULL,
             version = version + 1, moved_at_version = version + 1, updated_at = $2
         WHERE step NOT IN ('linked', 'closed') AND updated_at <= $1",
    )
    .bind(now.plus(-IDLE).0)
    .bind(now.0)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Deletes what is due, closes what is idle and erases what is over.
///
/// # Errors
/// When the database does not answer.
pub async fn sweep(app: &App) -> Result<(), Refusal> {
    profiles::erase_due(app).await?;
    let now = app.now();
    let mut tx = app.db.write().await?;
    close_idle(app, &mut tx).await?;
    // A day of kindness: who comes late is told «expired», not «unknown».
    let day_ago = now.plus(-DAY).0;
    for sql in [
        "DELETE FROM idempotency WHERE expires_at <= $1",
        "DELETE FROM sign_ins WHERE expires_at <= $1",
        "DELETE FROM auth_codes WHERE expires_at <= $1",
        "DELETE FROM access_tokens WHERE expires_at <= $1",
        "DELETE FROM refresh_tokens WHERE expires_at <= $1",
        "DELETE FROM contact_events WHERE happened_at <= $1",
        "DELETE FROM receipts WHERE received_at <= $1",
        "DELETE FROM launches WHERE door_expires_at <= $1 AND COALESCE(grant_expires_at, 0) <= $1",
        "DELETE FROM hand_offs WHERE expires_at <= $1 AND COALESCE(seen_until, 0) <= $1",
        "DELETE FROM outbox WHERE expires_at <= $1 AND state <> 'queued'",
        "DELETE FROM codes WHERE expires_at <= $1 AND nth < (SELECT nth FROM linkings WHERE id = linking_id)",
        "DELETE FROM codes WHERE linking_id IN (SELECT id FROM linkings WHERE step = 'closed' AND updated_at <= $1)",
        "DELETE FROM contacts WHERE touched_at <= $1 AND contact NOT IN (SELECT contact FROM contact_events)",
    ] {
        sqlx::query(sql).bind(day_ago).execute(&mut *tx).await?;
    }
    // Kept for another centre while the code lived.
    sqlx::query("UPDATE outbox SET recipient = NULL, sealed_payload = NULL WHERE state = 'sent' AND expires_at <= $1")
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
    // It may name whom VK ID has named, and nobody asked for anything by it.
    sqlx::query("DELETE FROM vk_sign_ins WHERE expires_at <= $1").bind(now.0).execute(&mut *tx).await?;
    sqlx::query("DELETE FROM history WHERE happened_at <= $1").bind(now.plus(-HISTORY).0).execute(&mut *tx).await?;
    // MAX brings an update again for days; who has stopped the bot stays stopped.
    let long_ago = now.plus(-REPEATS).0;
    for sql in [
        "DELETE FROM max_updates WHERE seen_at <= $1",
        "DELETE FROM max_dialogs WHERE changed_at <= $1 AND running = 1",
    ] {
        sqlx::query(sql).bind(long_ago).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    // What was erased must not linger in the journal.
    app.db.empty_journal().await?;
    Ok(())
}

/// Sweeps every ten minutes until the service ends.
pub async fn run(app: App) {
    let mut stopping = app.stopping.clone();
    loop {
        if let Err(refusal) = sweep(&app).await {
            tracing::warn!(code = ?refusal.code(), "the sweep did not finish");
        }
        let pause = std::time::Duration::from_millis(u64::try_from(10 * MINUTE).unwrap_or(600_000));
        tokio::select! {
            _ = stopping.changed() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}
