//! Work that one node does at a time, whichever: it holds a lease in the database, and lets go of the work before another one can have it.
//!
//! A lease lasts [`LASTS`] from the moment at which the database wrote it down. Its holder asks for more every [`RENEWED_EVERY`], and stops
//! the work [`TRUSTED`] after it asked for the last time with success: earlier than the lease can be over, whatever the network does.
//! Where nobody else can be at work, on a file of SQLite, the work is done without.

use std::{future::Future, time::Duration};

use mostik_store::leases;
use tokio::time::Instant;

use crate::{app::App, work::Work};

/// How long a lease lasts: after a node was killed another one goes on within this time and one look.
const LASTS: Duration = Duration::from_secs(10);
/// How long its holder relies on it.
const TRUSTED: Duration = Duration::from_secs(7);
/// How often its holder renews it, and others look whether it is free.
const RENEWED_EVERY: Duration = Duration::from_secs(2);

/// A lease that is held. It is over by itself where it is not given back.
pub struct Lease {
    app: App,
    kind: &'static str,
    name: String,
    relied_on_until: Instant,
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.app.leases.count(self.kind, |held| held.saturating_sub(1));
    }
}

impl Lease {
    /// Takes it, if nobody has it; `None`: another node has, or the database does not answer.
    pub async fn take(app: &App, work: Work<'_>) -> Option<Self> {
        let (kind, name) = (work.kind(), work.name());
        let relied_on_until = written(app, &name).await?;
        app.leases.count(kind, |held| held + 1);
        Some(Self { app: app.clone(), kind, name, relied_on_until })
    }

    /// Renews it for as long as that goes; comes back when it is not to be relied on any more.
    pub async fn lost(&mut self) {
        if !self.app.store.is_shared() {
            return std::future::pending().await;
        }
        loop {
            tokio::time::sleep(RENEWED_EVERY).await;
            let left = self.relied_on_until.saturating_duration_since(Instant::now());
            match tokio::time::timeout(left, written(&self.app, &self.name)).await {
                Ok(Some(until)) => self.relied_on_until = until,
                // Asked once more while there is time.
                Ok(None) if Instant::now() < self.relied_on_until => {}
                Ok(None) | Err(_) => return,
            }
        }
    }

    /// Lets another node have it at once.
    pub async fn give_back(self) {
        let (app, name) = (&self.app, &self.name);
        let given = async {
            let mut tx = app.store.write().await?;
            leases::give_back(&mut tx, name, &app.node).await?;
            tx.commit().await
        };
        if app.store.is_shared()
            && let Err(error) = given.await
        {
            tracing::info!(%error, lease = name, "a lease was not given back: it is over in some seconds");
        }
    }
}

// Until when the lease can be relied on that was written down now.
async fn written(app: &App, name: &str) -> Option<Instant> {
    let asked = Instant::now();
    if !app.store.is_shared() {
        return Some(asked + TRUSTED);
    }
    let taken = async {
        let mut tx = app.store.write().await?;
        let lasts = i64::try_from(LASTS.as_millis()).unwrap_or(i64::MAX);
        let taken = leases::take(&mut tx, name, &app.node, lasts).await?;
        tx.commit().await?;
        Ok::<_, mostik_store::Error>(taken)
    };
    match taken.await {
        Ok(taken) => taken.then_some(asked + TRUSTED),
        Err(error) => {
            tracing::warn!(%error, lease = name, "a lease cannot be asked for");
            None
        }
    }
}

/// Does the work whenever this node has the lease, until the service ends. Work that is stopped is dropped where it waits.
pub async fn while_held<F: Future<Output = ()>>(app: App, of: Work<'_>, work: impl Fn(App) -> F) {
    let mut stopping = app.stopping.clone();
    while !*stopping.borrow() {
        if let Some(mut lease) = Lease::take(&app, of).await {
            let work_is = of.kind();
            tracing::info!(work = work_is, "this node does it now");
            tokio::select! {
                () = work(app.clone()) => {}
                () = lease.lost() => tracing::warn!(work = work_is, "the lease is lost: another node does it"),
            }
            lease.give_back().await;
        }
        tokio::select! {
            () = tokio::time::sleep(RENEWED_EVERY) => {}
            _ = stopping.changed() => {}
        }
    }
}
