//! Stops the work of nodes at each question and each change, so that the town says what happens next.
//!
//! One piece of work runs at a time; all others stand at a gate. So the order of everything follows from the seed alone, whatever threads
//! the database's driver has.

use std::{
    any::Any,
    io::ErrorKind,
    sync::{Arc, Mutex, PoisonError},
};

use mostik_store::interruptions::{Interruptions, Passed, Point, unavailable};
use tokio::sync::{mpsc, oneshot};

/// The number of a piece of work.
pub type WorkId = u64;

/// What a piece of work ends with.
pub type Output = Box<dyn Any + Send>;

/// Why the work that runs does not go on by itself.
pub enum Stop {
    /// It stands at a gate: `true` lets it through, `false` says that the database takes nothing.
    At(Point, oneshot::Sender<bool>),
    /// It is done; `None`: it panicked.
    Done(Option<Output>),
}

/// Which work runs, and which has the one writer.
#[derive(Default)]
pub struct Running {
    /// The work that runs.
    pub work: Option<WorkId>,
    /// The work whose change is under way.
    pub writer: Option<WorkId>,
}

/// What the works of all nodes share.
#[derive(Clone)]
pub struct Gate {
    running: Arc<Mutex<Running>>,
    stops: mpsc::UnboundedSender<Stop>,
}

impl Gate {
    /// A gate, and what is told of at it.
    #[must_use]
    pub fn new() -> (Self, mpsc::UnboundedReceiver<Stop>) {
        let (stops, told) = mpsc::unbounded_channel();
        (Self { running: Arc::default(), stops }, told)
    }

    /// Who runs and who writes.
    pub fn with<T>(&self, look: impl FnOnce(&mut Running) -> T) -> T {
        look(&mut self.running.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The work that runs is done.
    pub fn done(&self, output: Option<Output>) {
        self.stops.send(Stop::Done(output)).ok();
    }
}

impl Interruptions for Gate {
    fn at(&self, point: Point) -> Passed<'_> {
        Box::pin(async move {
            // Outside of any work: the town itself looks.
            if self.with(|running| running.work.is_none()) {
                return Ok(());
            }
            let (go, gone) = oneshot::channel();
            self.stops.send(Stop::At(point, go)).ok();
            match gone.await {
                Ok(true) => Ok(()),
                Ok(false) => Err(unavailable(ErrorKind::StorageFull)),
                // The node has ended here.
                Err(_) => std::future::pending().await,
            }
        })
    }

    fn ended(&self) {
        self.with(|running| running.writer = None);
    }
}
