//! Who can be written to: nobody is, who has stopped the bot, until the dialog is started again.

use mostik_store::{
    KeyedHash, Tx,
    max::{self, Dialog},
};
use mostik_wire::Millis;

use crate::{app::App, refusal::Refusal};

fn hash(app: &App, user: i64) -> KeyedHash {
    app.live().keys.keyed(|key| key.max_user(user))
}

/// Notes that the dialog runs, or was stopped, at a moment of MAX's clock, and says whether that is the newest word.
pub(super) async fn note(app: &App, tx: &mut Tx, user: i64, running: bool, at: i64) -> Result<bool, Refusal> {
    Ok(max::note_dialog(tx, &hash(app, user), Dialog { running, said_at: Millis(at) }).await?)
}

/// Whether the person has not stopped the bot.
pub async fn runs(app: &App, tx: &mut Tx, user: i64) -> Result<bool, Refusal> {
    let dialog = max::dialog(tx, &hash(app, user)).await?;
    Ok(dialog.is_none_or(|dialog| dialog.running))
}

/// What MAX last said of the dialog, before a message is sent into it.
pub(super) async fn seen(app: &App, user: i64) -> Result<Option<Dialog>, Refusal> {
    Ok(max::dialog(&mut *app.store.reader().await?, &hash(app, user)).await?)
}
