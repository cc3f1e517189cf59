//! Whether MAX answers at this moment.

use std::time::Duration;

use maxoxide::MaxError;
use mostik_wire::Code;
use tracing::Instrument;

use super::causes::Cause;
use crate::{
    app::App,
    metrics::{CallOutcome, Provider},
    refusal::Refusal,
    traces,
};

/// A person waits for the answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// Calls MAX, counts how that went, and hands on what came of it.
pub(super) async fn counted<T>(app: &App, call: impl Future<Output = Result<T, MaxError>>) -> Result<T, MaxError> {
    let span = traces::call(Provider::Max);
    let answer = call.instrument(span.clone()).await;
    let outcome = match &answer {
        Ok(_) => CallOutcome::Ok,
        // It answers, in words that the crate does not know.
        Err(MaxError::Json(error)) if error.is_data() => CallOutcome::Ok,
        Err(error) => Cause::of(error).outcome(),
    };
    app.metrics.called(Provider::Max, outcome);
    traces::called(&span, outcome);
    answer
}

/// Asks MAX who the bot is: a link into a dialog in which nobody answers would lead nowhere.
///
/// # Errors
/// `max_unavailable`, with the moment that MAX named, if it did.
pub async fn answers(app: &App) -> Result<(), Refusal> {
    let live = app.live();
    let Some(bot) = &live.bot else { return Err(Refusal::new(Code::MaxUnavailable)) };
    let cause = match tokio::time::timeout(PATIENCE, counted(app, bot.get_me())).await {
        Ok(Ok(_)) => return Ok(()),
        Ok(Err(MaxError::Json(error))) if error.is_data() => return Ok(()),
        Ok(Err(error)) => Cause::of(&error),
        Err(_) => {
            app.metrics.called(Provider::Max, CallOutcome::Failed);
            Cause::Unreachable
        }
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
