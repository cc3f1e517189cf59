//! Whether MAX answers at this moment.

use std::time::Duration;

use maxoxide::MaxError;
use mostik_wire::Code;

use super::causes::Cause;
use crate::{app::App, refusal::Refusal};

/// A person waits for the answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// Asks MAX who the bot is: a link into a dialog in which nobody answers would lead nowhere.
///
/// # Errors
/// `max_unavailable`, with the moment that MAX named, if it did.
pub async fn answers(app: &App) -> Result<(), Refusal> {
    let Some(bot) = &app.bot else { return Err(Refusal::new(Code::MaxUnavailable)) };
    let cause = match tokio::time::timeout(PATIENCE, bot.get_me()).await {
        Ok(Ok(_)) => return Ok(()),
        Ok(Err(MaxError::Json(error))) if error.is_data() => return Ok(()),
        Ok(Err(error)) => Cause::of(&error),
        Err(_) => Cause::Unreachable,
    };
    // It answers, and will again in a moment.
    if matches!(cause, Cause::TooMany(_)) {
        return Ok(());
    }
    tracing::warn!(cause = cause.words(), "no link into MAX was given out");
    let (refusal, now) = (Refusal::new(Code::MaxUnavailable), app.now());
    Err(match cause.wait_ms() {
        Some(wait) => refusal.retry_at(now.plus(wait), now),
        None => refusal,
    })
}
