//! Who can be written to: nobody is, who has stopped the bot, until the dialog is started again.

use mostik_wire::Millis;

use crate::{
    app::App,
    refusal::Refusal,
    store::{
        Tx,
        max::{self, Dialog},
        outbox::{self as stored, Kind},
    },
};

fn hash(app: &App, user: i64) -> String {
    app.keys.token_hash("max user", &user.to_string())
}

/// Notes that the dialog runs, or was stopped, at a moment of MAX's clock, and says whether that is the newest word.
pub(super) async fn note(app: &App, tx: &mut Tx, user: i64, running: bool, at: i64) -> Result<bool, Refusal> {
    Ok(max::note_dialog(tx, &hash(app, user), Dialog { running, said_at: Millis(at) }).await?)
}

/// The person is not written to any more: what waits is dropped, and a link opened in MAX waits to be opened again.
/// Answers with the linkings that changed.
pub(super) async fn close(app: &App, tx: &mut Tx, user: i64) -> Result<Vec<String>, Refusal> {
    stored::drop_queued(tx, Kind::Max, &user.to_string()).await?;
    let changed = sqlx::query_scalar(
        "UPDATE linkings SET max_user = NULL, opened_at = NULL, trouble = NULL, trouble_phone = NULL,
             version = version + 1, updated_at = $2
         WHERE max_user = $1 AND step = 'max' RETURNING id",
    )
    .bind(user)
    .bind(app.now().0)
    .fetch_all(&mut **tx)
    .await?;
    Ok(changed)
}

/// Whether the person has not stopped the bot.
///
/// # Errors
/// When the database does not answer.
pub async fn runs(app: &App, tx: &mut Tx, user: i64) -> Result<bool, Refusal> {
    let dialog = max::dialog(tx, &hash(app, user)).await?;
    Ok(dialog.is_none_or(|dialog| dialog.running))
}

/// What MAX last said of the dialog, before a message is sent into it.
pub(super) async fn seen(app: &App, user: i64) -> Result<Option<Dialog>, Refusal> {
    Ok(max::dialog(&mut *app.db.reader().await?, &hash(app, user)).await?)
}

/// MAX denied the dialog: it counts as stopped, unless the person has spoken since `seen`.
pub(super) async fn denied(app: &App, user: i64, seen: Option<Dialog>) -> Result<(), Refusal> {
    let mut tx = app.db.write().await?;
    // The moment stays: any newer word of the person opens the dialog, whatever the two clocks say.
    let said_at = seen.map_or(Millis(0), |dialog| dialog.said_at);
    let noted = max::note_dialog(&mut tx, &hash(app, user), Dialog { running: false, said_at }).await?;
    let changed = if noted { close(app, &mut tx, user).await? } else { Vec::new() };
    tx.commit().await?;
    for linking in changed {
        app.announce(&linking);
    }
    Ok(())
}
