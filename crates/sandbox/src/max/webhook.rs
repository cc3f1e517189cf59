//! Pushing updates to a webhook: one at a time and in order, again after a pause when it fails.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::mpsc;

use crate::journal::{Direction, Protocol};
use crate::shared::{FOREVER, Shared};

use super::subscription::Subscription;

const MOST_TRIES: u32 = 10;
const GROWTH: f64 = 2.5;
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// The other side must answer within this.
const PATIENCE: Duration = Duration::from_secs(30);

/// Begins to push.
pub(super) fn open(
    shared: &Arc<Shared>,
    url: String,
    update_types: Option<Vec<String>>,
    secret: Option<String>,
) -> Subscription {
    let (queue, updates) = mpsc::unbounded_channel();
    tokio::spawn(push(Arc::clone(shared), url.clone(), secret, updates));
    Subscription { url, time: shared.clock.now(), update_types, queue }
}

/// Ends a subscription; `false` when there is none.
pub(super) fn close(shared: &Shared, url: &str) -> bool {
    let mut messenger = shared.messenger();
    let before = messenger.subscriptions.len();
    messenger.subscriptions.retain(|one| one.url != url);
    messenger.subscriptions.len() < before
}

async fn push(shared: Arc<Shared>, url: String, secret: Option<String>, mut updates: mpsc::UnboundedReceiver<Value>) {
    // A proxy would carry loopback addresses to another computer.
    let client = match reqwest::Client::builder().no_proxy().timeout(PATIENCE).build() {
        Ok(client) => client,
        Err(error) => {
            tracing::error!(%error, "no HTTP client for webhooks");
            return;
        }
    };
    loop {
        let update = tokio::select! {
            update = updates.recv() => update,
            () = shared.stopped() => return,
        };
        let Some(update) = update else { return };
        let kind = update["update_type"].as_str().unwrap_or_default().to_owned();
        let mut pause = shared.webhook_pause;
        for attempt in 1..=MOST_TRIES {
            shared.wait_for(FOREVER, |shared| (!shared.faults().max.down).then_some(())).await;
            let mut request = client.post(&url).json(&update);
            if let Some(secret) = &secret {
                request = request.header("X-Max-Bot-Api-Secret", secret);
            }
            let outcome = match request.send().await {
                Ok(response) if response.status().is_success() => {
                    shared.log(
                        Protocol::Max,
                        Direction::Out,
                        format!("webhook {kind} → {}", response.status().as_u16()),
                    );
                    break;
                }
                Ok(response) => response.status().as_u16().to_string(),
                Err(error) if error.is_timeout() => "нет ответа".to_owned(),
                Err(_) => "нет связи".to_owned(),
            };
            shared.log(Protocol::Max, Direction::Out, format!("webhook {kind} → {outcome}, попытка {attempt}"));
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = shared.stopped() => return,
            }
            pause = pause.mul_f64(GROWTH).min(LONGEST_PAUSE);
        }
    }
}
