//! What has changed: told to who follows it here, and by the database to the other nodes.

use std::{collections::BTreeSet, time::Duration};

use mostik_store::changes::News;
use tokio::sync::{broadcast, mpsc};

use crate::app::App;

/// How long it takes until what failed is tried again.
const PAUSE: Duration = Duration::from_millis(250);

/// A change, as its followers hear of it.
#[derive(Clone, Debug)]
pub enum Change {
    /// Of the linking, hand-off, pupil or session with this id.
    Of(String),
    /// Of anything: something may have been missed.
    Any,
}

/// The changes of this node and of the others.
pub struct Changes {
    here: broadcast::Sender<Change>,
    elsewhere: mpsc::UnboundedSender<String>,
}

/// Changes of this node that the others were not told of yet.
pub struct Untold(mpsc::UnboundedReceiver<String>);

impl Changes {
    /// For a node that [`tell`]s the others; where nobody does, they look for themselves.
    #[must_use]
    pub fn new() -> (Self, Untold) {
        let (elsewhere, untold) = mpsc::unbounded_channel();
        (Self { here: broadcast::channel(1024).0, elsewhere }, Untold(untold))
    }

    /// Tells all who listen, on whichever node.
    pub fn publish(&self, id: &str) {
        if !id.is_empty() {
            // No listener is no fault.
            drop(self.here.send(Change::Of(id.to_owned())));
            drop(self.elsewhere.send(id.to_owned()));
        }
    }

    /// From now on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Change> {
        self.here.subscribe()
    }
}

/// How often a follower looks for itself: what nobody could tell, because the node died, is found so. On a file of SQLite other processes
/// tell nothing.
pub const fn look_every(is_told: bool) -> Duration {
    Duration::from_secs(if is_told { 15 } else { 1 })
}

/// Waits for a change that concerns the follower.
pub async fn next(changes: &mut broadcast::Receiver<Change>, concerns: impl Fn(&str) -> bool) {
    use broadcast::error::RecvError;
    loop {
        match changes.recv().await {
            Ok(Change::Of(id)) if !concerns(&id) => {}
            Ok(_) | Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}

/// Tells the other nodes what changes here, until the service ends.
pub async fn tell(app: App, mut untold: Untold) {
    /// In one go: a burst is told together.
    const MOST: usize = 1_000;
    let mut stopping = app.stopping.clone();
    let mut some = Vec::new();
    loop {
        tokio::select! {
            _ = untold.0.recv_many(&mut some, MOST) => {}
            _ = stopping.changed() => return,
        }
        let ids: Vec<String> = some.drain(..).collect::<BTreeSet<_>>().into_iter().collect();
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
            drop(app.changes.here.send(Change::Any));
            loop {
                match listener.next(&app.node).await? {
                    News::Changed(ids) => ids.into_iter().for_each(|id| drop(app.changes.here.send(Change::Of(id)))),
                    News::Missed => drop(app.changes.here.send(Change::Any)),
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
