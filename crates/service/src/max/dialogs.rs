//! Who can be written to: nobody is, who has stopped the bot, until the dialog is started again.

use mostik_linking::Action;
use mostik_wire::Millis;

use crate::{
    app::App,
    linkings::act_on_all,
    refusal::Refusal,
    store::{
        Tx,
        linkings::{self, Which},
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
    let waiting = linkings::find(tx, &Which::Visitor(user)).await?;
    act_on_all(app, tx, waiting, || Action::LeaveBot { user }).await
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
    Ok(max::dialog(&mut *app.store.reader().await?, &hash(app, user)).await?)
}

/// MAX denied the dialog: it counts as stopped, unless the person has spoken since `seen`.
pub(super) async fn denied(app: &App, user: i64, seen: Option<Dialog>) -> Result<(), Refusal> {
    let mut tx = app.store.write().await?;
    // The moment stays: any newer word of the person opens the dialog, whatever the two clocks say.
    let said_at = seen.map_or(Millis(0), |dialog| dialog.said_at);
    let noted = max::note_dialog(&mut tx, &hash(app, user), Dialog { running: false, said_at }).await?;
    let changed = if noted { close(app, &mut tx, user).await? } else { Vec::new() };
    tx.commit().await?;
    app.publish_changes(&changed);
    Ok(())
}
