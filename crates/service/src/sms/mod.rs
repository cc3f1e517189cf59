//! SMS over SMPP 3.4: a session with each centre, and the first one that is well speaks. See ADR 12.

use mostik_store::outbox::Kind;

mod account;
mod centre;
mod centres;
mod connection;
pub mod delivery;
pub mod message_id;
mod order;
mod pdu_stream;
pub mod receipt;
mod session;
pub mod status;
mod submit;
mod trial;

pub use centres::{Centres, STATES};
pub use order::{order, states};
pub use status::Meaning;
pub(crate) use trial::{NoBind, reach, try_bind};

use crate::{
    app::App,
    outbox::{LOOK, delivery::mark_delayed},
};

/// Sends what the outbox holds until the service ends.
pub async fn run(app: App) {
    if let Err(refusal) = delivery::unanswered_before(&app).await {
        tracing::warn!(code = ?refusal.code(), "the outbox cannot be read");
    }
    let mut senders = tokio::task::JoinSet::new();
    for at in 0..app.live().config.sms.centres.len() {
        senders.spawn(centre::run(app.clone(), at));
    }
    watch(&app).await;
    while senders.join_next().await.is_some() {}
}

// Says who speaks, and to people that their message is late while nobody does.
async fn watch(app: &App) {
    let mut stopping = app.stopping.clone();
    let mut spoke = None;
    while !*stopping.borrow() {
        match order(app).await {
            Ok(Some(order)) => {
                let speaks = order.first().map(|at| app.sms.name(*at));
                if spoke != Some(speaks) {
                    match speaks {
                        Some(centre) => tracing::info!(centre, "SMS go out through this centre"),
                        None => tracing::warn!("no SMS centre takes messages: they wait"),
                    }
                    spoke = Some(speaks);
                }
                if speaks.is_none()
                    && let Err(refusal) = mark_delayed(app, Kind::Sms).await
                {
                    tracing::warn!(code = ?refusal.code(), "the outbox cannot be read");
                }
            }
            // The first centre has not answered yet.
            Ok(None) => {}
            Err(refusal) => tracing::warn!(code = ?refusal.code(), "the outbox cannot be read"),
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = stopping.changed() => {}
        }
    }
}
