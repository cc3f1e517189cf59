//! The bot's menu in MAX: one entry, the way into the app. The bot hears it as any other words.

use std::time::Duration;

use maxoxide::types::BotCommand;

use super::{causes::Cause, health::counted};
use crate::app::App;

const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Tells MAX the menu, once; until it is told or the service ends.
pub async fn show(app: App) {
    let mut stopping = app.stopping.clone();
    let mut pause = FIRST_PAUSE;
    while !*stopping.borrow() {
        let live = app.live();
        let Some(bot) = &live.bot else { return };
        let open = BotCommand { name: "open".into(), description: Some("Открыть Мостик".into()) };
        match counted(&app, bot.set_my_commands(vec![open])).await {
            Ok(_) => return,
            Err(error) => tracing::warn!(cause = Cause::of(&error).words(), "MAX cannot be told the bot's menu"),
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stopping.changed() => return,
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}
