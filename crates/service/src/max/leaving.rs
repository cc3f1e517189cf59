//! Who stops the bot is not written to, and has to open a link again.

use mostik_linking::Action;
use mostik_store::{
    Tx,
    linkings::{self, Selection},
    max::Dialog,
};
use mostik_wire::Millis;

use super::dialogs;
use crate::{app::App, linkings::act_on_all, outbox, refusal::Refusal};

/// The person is not written to any more: what waits is dropped, and a link opened in MAX waits to be opened again.
/// Answers with the linkings that changed.
pub(super) async fn close(app: &App, tx: &mut Tx, user: i64) -> Result<Vec<String>, Refusal> {
    outbox::drop_queued_in_max(app, tx, user).await?;
    let waiting = linkings::find(tx, &Selection::Visitor(user)).await?;
    act_on_all(app, tx, waiting, || Action::LeaveBot { user }).await
}

/// MAX denied the dialog: it counts as stopped, unless the person has spoken since `seen`.
pub(super) async fn note_denied(app: &App, user: i64, seen: Option<Dialog>) -> Result<(), Refusal> {
    let mut tx = app.store.write().await?;
    // The moment stays: any newer word of the person opens the dialog, whatever the two clocks say.
    let said_at = seen.map_or(Millis(0), |dialog| dialog.said_at);
    let noted = dialogs::note(app, &mut tx, user, false, said_at.0).await?;
    let changed = if noted { close(app, &mut tx, user).await? } else { Vec::new() };
    tx.commit().await?;
    app.publish_changes(&changed);
    Ok(())
}
