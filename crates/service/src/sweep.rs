//! What time ends: profiles whose deletion is due, idle linkings, and rows that nobody will ask for again.

use mostik_linking::Action;
use mostik_store::{
    expiry::{self, Cutoffs},
    linkings::{self, IDLE_AT_ONCE, Selection},
};

use crate::{
    app::App,
    clock::{DAY, MINUTE},
    linkings::act_on_all,
    profiles,
    refusal::Refusal,
    rotation,
};

/// How long a linking may lie still.
pub(crate) const IDLE: i64 = 30 * DAY;

/// How far back «Безопасность» looks.
const HISTORY: i64 = 366 * DAY;

/// How far back the support tells the way of a message.
const MESSAGES: i64 = 35 * DAY;

/// For how long an update may come again: MAX tries ten times, the first pause a minute, each 2.5 times as long.
const REPEATS: i64 = 7 * DAY;

/// Deletes what is due, closes what is idle and erases what is over.
pub async fn sweep(app: &App) -> Result<(), Refusal> {
    profiles::erase_due(app).await?;
    close_idle(app).await?;
    let now = app.now();
    let mut tx = app.store.write().await?;
    // A day of grace: who comes late is told «expired», not «unknown».
    let over = now.plus(-DAY);
    let (history, messages, updates) = (now.plus(-HISTORY), now.plus(-MESSAGES), now.plus(-REPEATS));
    let before = Cutoffs { over, now, history, messages, updates };
    expiry::delete(&mut tx, &before).await?;
    tx.commit().await?;
    // What was erased must not linger in the journal.
    app.store.empty_journal().await?;
    rotation::renew(app).await
}

/// Closes some at a time: people must not wait for all of them.
async fn close_idle(app: &App) -> Result<(), Refusal> {
    loop {
        let mut tx = app.store.write().await?;
        let idle = Selection::Idle { since: app.now().plus(-IDLE), of: None };
        let idle = linkings::find(&mut tx, &idle).await?;
        let is_last = idle.len() < IDLE_AT_ONCE;
        let changed = act_on_all(app, &mut tx, idle, || Action::Expire).await?;
        tx.commit().await?;
        app.publish_changes(&changed);
        if is_last || changed.is_empty() {
            return Ok(());
        }
    }
}

/// Sweeps every ten minutes, and after the settings have changed, until the service ends.
pub async fn run(app: App) {
    let (mut stopping, mut settings) = (app.stopping.clone(), app.present.changes());
    loop {
        if let Err(refusal) = sweep(&app).await {
            tracing::warn!(code = ?refusal.code(), "the sweep did not finish");
        }
        let pause = std::time::Duration::from_millis(u64::try_from(10 * MINUTE).unwrap_or(600_000));
        tokio::select! {
            _ = stopping.changed() => return,
            () = tokio::time::sleep(pause) => {}
            _ = settings.changed() => {}
        }
    }
}
