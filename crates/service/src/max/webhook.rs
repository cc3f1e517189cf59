//! `POST /max/webhook`: MAX brings the updates itself.

use std::time::Duration;

use axum::{
    body,
    extract::{Request, State},
    http::StatusCode,
};
use maxoxide::types::{SubscribeBody, Subscription};
use mostik_wire::{Code, Millis};

use super::{causes::Cause, health::counted, read::read};
use crate::{app::App, clock::MINUTE, config::MaxMode, refusal::Refusal};

/// MAX unsubscribes who failed for eight hours, and does not say so.
const LOOK_EVERY: i64 = 10 * MINUTE;
/// How often the clock is asked whether it is time to look.
const GLANCE: Duration = Duration::from_secs(1);
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// A long message with many attachments; more than the other requests may bear, because what is refused comes again.
const LARGEST_UPDATE: usize = 1024 * 1024;
const WANTED: [&str; 3] = ["bot_started", "bot_stopped", "message_created"];

/// Keeps MAX told where to bring the updates, until the service ends.
pub async fn keep_subscribed(app: App) {
    let (mut stopping, mut settings) = (app.stopping.clone(), app.present.changes());
    let mut pause = FIRST_PAUSE;
    // At the start MAX is told in any case: the secret may be another one than before.
    let mut look_at: Option<Millis> = None;
    while !*stopping.borrow() {
        let mut rest = GLANCE;
        if look_at.is_none_or(|at| app.now() >= at) {
            let told = match look_at {
                Some(_) => tell_if_forgotten(&app).await,
                None => tell(&app).await,
            };
            match told {
                Ok(()) => (look_at, pause) = (Some(app.now().plus(LOOK_EVERY)), FIRST_PAUSE),
                Err(cause) => {
                    tracing::warn!(cause, "MAX cannot be told the webhook's address");
                    (rest, pause) = (pause, (pause * 2).min(LONGEST_PAUSE));
                }
            }
        }
        tokio::select! {
            () = tokio::time::sleep(rest) => {}
            // Another token is another bot to MAX's eyes, and another secret is to be told.
            _ = settings.changed() => look_at = None,
            _ = stopping.changed() => return,
        }
    }
}

async fn tell_if_forgotten(app: &App) -> Result<(), &'static str> {
    let live = app.live();
    let bot = live.bot.as_ref().ok_or("MAX is not offered")?;
    let known = counted(app, bot.get_subscriptions()).await.map_err(|error| Cause::of(&error).words())?;
    if known.subscriptions.iter().any(|known| is_ours(known, &address(&app.public_url))) {
        return Ok(());
    }
    tracing::warn!("MAX had forgotten the webhook: were its calls answered with errors?");
    tell(app).await
}

async fn tell(app: &App) -> Result<(), &'static str> {
    let live = app.live();
    let bot = live.bot.as_ref().ok_or("MAX is not offered")?;
    let body = SubscribeBody {
        url: address(&app.public_url),
        update_types: Some(WANTED.map(Into::into).into()),
        version: None,
        secret: live.config.max.webhook_secret.clone(),
    };
    match counted(app, bot.subscribe(body)).await {
        Ok(answer) if answer.success => Ok(()),
        Ok(_) => Err("MAX did not take the address: is it https on port 443, with a certificate that MAX trusts?"),
        Err(error) => Err(Cause::of(&error).words()),
    }
}

/// Where MAX brings the updates.
pub(crate) fn address(public_url: &str) -> String {
    format!("{public_url}/max/webhook")
}

/// Whether by this subscription all that the service reads is brought to this address.
pub(crate) fn is_ours(subscription: &Subscription, address: &str) -> bool {
    // No list of types means all of them.
    let types = subscription.update_types.as_ref().filter(|types| !types.is_empty());
    subscription.url == address && types.is_none_or(|types| WANTED.iter().all(|w| types.iter().any(|t| t == w)))
}

/// Takes one update. MAX repeats it until it gets 200.
///
/// # Errors
/// `not_found` without the right secret, or where the service asks for updates itself; `malformed_request`.
#[utoipa::path(post, path = "/max/webhook", tag = "max",
    params(("X-Max-Bot-Api-Secret" = String, Header, description = "`max.webhook_secret`")),
    request_body(content = String, content_type = "application/json", description = "One update object of the MAX Bot API"),
    responses((status = 200, description = "Handled")))]
pub async fn webhook(State(app): State<App>, request: Request) -> Result<StatusCode, Refusal> {
    let given = request.headers().get("x-max-bot-api-secret").and_then(|v| v.to_str().ok()).unwrap_or_default();
    let live = app.live();
    let right = live.is_webhook_secret(given, app.now());
    if !live.config.messengers.max || live.config.max.mode != MaxMode::Webhook || !right {
        return Err(Refusal::new(Code::NotFound));
    }
    let cut = |_| Refusal::new(Code::MalformedRequest).detail("body: too long, or cut short");
    let body = body::to_bytes(request.into_body(), LARGEST_UPDATE).await.map_err(cut)?;
    match read(&body)? {
        // One transaction, and nothing of MAX is waited for: what is to be said goes out by itself.
        Some(heard) => super::handle(&app, heard).await?,
        None => tracing::debug!("an update of MAX is nothing to the bot"),
    }
    Ok(StatusCode::OK)
}
