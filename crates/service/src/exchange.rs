//! Changes, told to the other nodes and heard from them.

use std::{collections::BTreeSet, time::Duration};

use mostik_store::changes::News;

use crate::{
    app::App,
    changes::{Change, Untold},
};

/// How long it takes until what failed is tried again.
const PAUSE: Duration = Duration::from_millis(250);

/// Tells the other nodes what changes here, until the service ends.
pub async fn tell(app: App, mut untold: Untold) {
    /// In one go: a burst is told together.
    const MOST: usize = 1_000;
    let mut stopping = app.stopping.clone();
    loop {
        let some = tokio::select! {
            some = untold.take(MOST) => some,
            _ = stopping.changed() => return,
        };
        let ids: Vec<String> = some.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        while let Err(error) = app.store.tell(&app.node, &ids).await {
            tracing::warn!(%error, "the other nodes were not told of a change");
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                _ = stopping.changed() => return,
            }
        }
    }
}

/// Hears what changes on the other nodes, until the service ends.
pub async fn hear(app: App) {
    let mut stopping = app.stopping.clone();
    while !*stopping.borrow() {
        let heard = async {
            let Some(mut listener) = app.store.listen().await? else { return std::future::pending().await };
            // Whatever happened before this.
            app.changes.hear(Change::Any);
            loop {
                match listener.next(&app.node).await? {
                    News::Changed(ids) => ids.into_iter().for_each(|id| app.changes.hear(Change::Of(id))),
                    News::Missed => app.changes.hear(Change::Any),
                }
            }
        };
        let lost: Result<(), mostik_store::Error> = tokio::select! {
            lost = heard => lost,
            _ = stopping.changed() => return,
        };
        if let Err(error) = lost {
            tracing::warn!(%error, "changes of other nodes are not heard");
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            _ = stopping.changed() => {}
        }
    }
}
