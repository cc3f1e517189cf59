//! Who can be written to: nobody is, who has stopped the bot, until the dialog is started again.

use mostik_linking::Action;

use crate::{
    app::App,
    db::Tx,
    linkings::act_on_all,
    refusal::Refusal,
    store::linkings::{self, Which},
};

fn hash(app: &App, user: i64) -> String {
    app.keys.token_hash("max user", &user.to_string())
}

/// Notes that the dialog runs, or was stopped, at a moment of MAX's clock, and says whether that is the newest word.
pub(super) async fn note(app: &App, tx: &mut Tx, user: i64, running: bool, at: i64) -> Result<bool, Refusal> {
    let noted = sqlx::query(
        "INSERT INTO max_dialogs (user_hash, running, changed_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_hash) DO UPDATE SET running = excluded.running, changed_at = excluded.changed_at
         WHERE max_dialogs.changed_at <= excluded.changed_at",
    )
    .bind(hash(app, user))
    .bind(i64::from(running))
    .bind(at)
    .execute(&mut **tx)
    .await?;
    Ok(noted.rows_affected() == 1)
}

/// The person is not written to any more: what waits is dropped, and a link opened in MAX waits to be opened again.
/// Answers with the linkings that changed.
pub(super) async fn close(app: &App, tx: &mut Tx, user: i64) -> Result<Vec<String>, Refusal> {
    sqlx::query(
        "UPDATE outbox SET state = 'dropped', recipient = NULL, sealed_payload = NULL
         WHERE kind = 'max' AND state = 'queued' AND recipient = $1",
    )
    .bind(user.to_string())
    .execute(&mut **tx)
    .await?;
    let waiting = linkings::find(tx, &Which::Visitor(user)).await?;
    act_on_all(app, tx, waiting, || Action::LeaveBot { user }).await
}

/// Whether the person has not stopped the bot.
///
/// # Errors
/// When the database does not answer.
pub async fn runs(app: &App, tx: &mut Tx, user: i64) -> Result<bool, Refusal> {
    let running: Option<i64> = sqlx::query_scalar("SELECT running FROM max_dialogs WHERE user_hash = $1")
        .bind(hash(app, user))
        .fetch_optional(&mut **tx)
        .await?;
    Ok(running != Some(0))
}

/// What MAX last said of the dialog, before a message is sent into it.
pub(super) async fn seen(app: &App, user: i64) -> Result<Option<i64>, Refusal> {
    let changed_at = sqlx::query_scalar("SELECT changed_at FROM max_dialogs WHERE user_hash = $1")
        .bind(hash(app, user))
        .fetch_optional(app.db.read())
        .await?;
    Ok(changed_at)
}

/// MAX denied the dialog: it counts as stopped, unless the person has spoken since `seen`.
pub(super) async fn denied(app: &App, user: i64, seen: Option<i64>) -> Result<(), Refusal> {
    let mut tx = app.db.write().await?;
    // The moment stays: any newer word of the person opens the dialog, whatever the two clocks say.
    let noted = sqlx::query(
        "INSERT INTO max_dialogs (user_hash, running, changed_at) VALUES ($1, 0, $2)
         ON CONFLICT (user_hash) DO UPDATE SET running = 0 WHERE max_dialogs.changed_at = excluded.changed_at",
    )
    .bind(hash(app, user))
    .bind(seen.unwrap_or_default())
    .execute(&mut *tx)
    .await?;
    let changed = if noted.rows_affected() == 1 { close(app, &mut tx, user).await? } else { Vec::new() };
    tx.commit().await?;
    app.publish_changes(&changed);
    Ok(())
}
