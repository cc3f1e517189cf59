//! Long polling, for services that MAX cannot reach from outside. The marker is stored after a page was handled.

use std::time::Duration;

use maxoxide::Bot;
use mostik_store::max;

use super::{causes::Cause, health::counted, read::update_in};
use crate::app::App;

/// Seconds that MAX may hold a request without news.
const HOLD: u32 = 25;
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
/// How often one page may fail before what fails in it is passed over: it must not hold back everybody else's.
const PATIENCE: u32 = 8;
const NOT_HANDLED: &str = "an update was not handled";
/// MAX admits two polls a second.
const LEAST_INTERVAL: Duration = Duration::from_millis(500);

/// Asks for updates until the service ends.
pub async fn run(app: App) {
    let (mut stopping, mut settings) = (app.stopping.clone(), app.present.changes());
    let mut pause = FIRST_PAUSE;
    let mut failures = 0;
    let mut interval = tokio::time::interval(LEAST_INTERVAL);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while !*stopping.borrow() {
        interval.tick().await;
        // A request that is held goes on with the token that it began with: what it brings must not be dropped half handled.
        let live = app.live();
        let Some(bot) = &live.bot else { return };
        let asked = tokio::select! {
            asked = page(&app, bot, failures >= PATIENCE) => asked,
            _ = stopping.changed() => return,
        };
        match asked {
            Ok(()) => (pause, failures) = (FIRST_PAUSE, 0),
            Err(Failure { what, wait }) => {
                failures += u32::from(what == NOT_HANDLED);
                tracing::warn!(what, "updates of MAX could not be handled");
                tokio::select! {
                    () = tokio::time::sleep(wait.unwrap_or(pause)) => {}
                    _ = settings.changed() => {}
                    _ = stopping.changed() => return,
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
}

struct Failure {
    what: &'static str,
    /// For how long MAX asked to be left alone.
    wait: Option<Duration>,
}

impl From<&'static str> for Failure {
    fn from(what: &'static str) -> Self {
        Self { what, wait: None }
    }
}

async fn page(app: &App, bot: &Bot, pass_over: bool) -> Result<(), Failure> {
    let name = &app.live().config.max.bot.clone();
    let known = async { max::marker(&mut *app.store.reader().await?, name).await };
    let marker = known.await.map_err(|_| "the database does not answer")?;
    // Raw, because one update that the crate cannot read must not hide the others of its page.
    let page = counted(app, bot.get_updates_raw(marker, Some(HOLD), Some(100))).await.map_err(|error| {
        let cause = Cause::of(&error);
        Failure { what: cause.words(), wait: cause.wait() }
    })?;
    for heard in page.updates.iter().filter_map(update_in) {
        if let Err(refusal) = super::handle(app, heard).await {
            if !pass_over {
                return Err(NOT_HANDLED.into());
            }
            tracing::error!(code = ?refusal.code(), "an update was passed over");
        }
    }
    let Some(next) = page.marker.filter(|next| Some(*next) != marker) else { return Ok(()) };
    let stored = async {
        let mut tx = app.store.write().await?;
        max::keep_marker(&mut tx, name, next).await?;
        tx.commit().await
    };
    stored.await.map_err(|_| "the marker was not stored".into())
}
