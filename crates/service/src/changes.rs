//! What has changed: told to who follows it here, and by the database to the other nodes.

use std::time::Duration;

use tokio::sync::{broadcast, mpsc};

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
    /// Of a node whose `exchange` tells the others; where that does not run, they look for themselves.
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

    /// Tells all who listen here: another node has told it, or something may have been missed.
    pub fn hear(&self, change: Change) {
        // No listener is no fault.
        drop(self.here.send(change));
    }

    /// From now on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Change> {
        self.here.subscribe()
    }
}

impl Untold {
    /// Waits for some, and takes at most so many.
    pub async fn take(&mut self, most: usize) -> Vec<String> {
        let mut some = Vec::new();
        self.0.recv_many(&mut some, most).await;
        some
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
