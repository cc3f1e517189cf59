//! Where a change can be interrupted, for who simulates that: ends of processes, waits, and a database that takes nothing.

use std::{future::Future, io::ErrorKind, pin::Pin, sync::Arc};

use crate::Error;

/// A place in a node's work at which everything else may happen first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Point {
    /// A question is about to be asked, or a snapshot taken.
    Question,
    /// A change is about to begin.
    Change,
    /// A change is about to be kept.
    Commit,
    /// A change is on the disk, and nobody has been told.
    Committed,
}

/// Comes back when the work may go on.
///
/// # Errors
/// What the database is to answer instead; at [`Point::Committed`] that counts for nothing, for the change is kept.
pub type Passed<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'a>>;

/// What a database answers that cannot do it at this moment.
#[must_use]
pub fn unavailable(why: ErrorKind) -> Error {
    sqlx::Error::Io(why.into()).into()
}

/// Is asked at each [`Point`]. Whoever never comes back has ended the process there: what was not kept is undone.
pub trait Interruptions: Send + Sync {
    /// The work of a node has come to `point`.
    fn at(&self, point: Point) -> Passed<'_>;

    /// The change that was begun last, and let pass, has ended, kept or not.
    fn ended(&self);
}

/// The change under way, until it ends in whichever way.
pub(crate) struct UnderWay(Option<Arc<dyn Interruptions>>);

impl UnderWay {
    pub(crate) fn of(interruptions: Option<&Arc<dyn Interruptions>>) -> Self {
        Self(interruptions.cloned())
    }

    pub(crate) async fn pass(&self, point: Point) -> Result<(), Error> {
        pass(self.0.as_ref(), point).await
    }

    /// It is kept: the next may begin, and then whoever waits for it is told.
    pub(crate) async fn kept(mut self) {
        let interruptions = self.0.take();
        if let Some(interruptions) = &interruptions {
            interruptions.ended();
        }
        // Kept, whatever is said now.
        pass(interruptions.as_ref(), Point::Committed).await.ok();
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        if let Some(interruptions) = &self.0 {
            interruptions.ended();
        }
    }
}

pub(crate) async fn pass(interruptions: Option<&Arc<dyn Interruptions>>, point: Point) -> Result<(), Error> {
    match interruptions {
        Some(interruptions) => interruptions.at(point).await,
        None => Ok(()),
    }
}
