//! `POST /max/webhook`: MAX brings the updates itself.

use std::time::Duration;

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use mostik_wire::Code;

use maxoxide::{Bot, types::SubscribeBody};

use crate::{app::App, config::MaxMode, keys, refusal::Refusal};

const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Tells MAX where to bring the updates; tried until it takes it.
pub async fn subscribe(app: App, bot: Bot) {
    let mut stopping = app.stopping.clone();
    let mut pause = FIRST_PAUSE;
    loop {
        let body = SubscribeBody {
            url: format!("{}/max/webhook", app.public_url),
            update_types: Some(vec!["bot_started".into(), "message_created".into()]),
            version: None,
            secret: app.config.max.webhook_secret.clone(),
        };
        match bot.subscribe(body).await {
            Ok(answer) if answer.success => return,
            Ok(_) => tracing::warn!("MAX did not take the webhook's address: is it https on port 443?"),
            Err(error) => {
                let status = error.api_error().map(|e| e.status);
                tracing::warn!(?status, "MAX cannot be told the webhook's address");
            }
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
            _ = stopping.changed() => return,
        }
    }
}

/// Takes one update. MAX repeats it until it gets 200.
///
/// # Errors
/// `not_found` without the right secret, or where the service asks for updates itself; `malformed_request`.
#[utoipa::path(post, path = "/max/webhook", tag = "max",
    params(("X-Max-Bot-Api-Secret" = String, Header, description = "`max.webhook_secret`")),
    request_body(content = String, content_type = "application/json", description = "One update object of the MAX Bot API"),
    responses((status = 200, description = "Handled")))]
pub async fn webhook(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Result<StatusCode, Refusal> {
    let given = headers.get("x-max-bot-api-secret").and_then(|v| v.to_str().ok()).unwrap_or_default();
    let right = app.config.max.webhook_secret.as_deref().is_some_and(|secret| keys::same(secret, given));
    if !app.config.messengers.max || app.config.max.mode != MaxMode::Webhook || !right {
        return Err(Refusal::new(Code::NotFound));
    }
    let update = serde_json::from_slice(&body)
        .map_err(|_| Refusal::new(Code::MalformedRequest).detail("body: an update object is expected"))?;
    super::handle(&app, update).await?;
    Ok(StatusCode::OK)
}
