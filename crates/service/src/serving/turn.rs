//! Whose turn it is on a connection.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Waker},
};

use tokio::time::Instant;

use crate::config::ConnectionsConfig;

/// What is waited for.
#[derive(Clone, Copy)]
enum Waiting {
    /// A request's head, of which something may be there.
    Head,
    /// Another request.
    Next,
    /// Our answer, and the request's body, which has a time of its own.
    Answer,
}

/// Whose turn it is.
#[derive(Clone)]
pub(super) struct Turn(Arc<Mutex<Now>>);

struct Now {
    waiting: Waiting,
    since: Instant,
    /// Of who reads meanwhile, and has to look at the time when the turn changes.
    reader: Option<Waker>,
}

impl Default for Turn {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Now { waiting: Waiting::Head, since: Instant::now(), reader: None })))
    }
}

impl Turn {
    /// Until when the other side has to write something; `None`: it is not its turn, and who reads is woken when it is.
    pub(super) fn deadline(&self, times: &ConnectionsConfig, cx: &Context<'_>) -> Option<Instant> {
        let mut now = self.now();
        match now.waiting {
            Waiting::Head => Some(now.since + times.head_within),
            Waiting::Next => Some(now.since + times.idle),
            Waiting::Answer => {
                now.reader = Some(cx.waker().clone());
                None
            }
        }
    }

    /// Something of a request has come.
    pub(super) fn heard(&self) {
        if matches!(self.now().waiting, Waiting::Next) {
            self.set(Waiting::Head);
        }
    }

    /// A request is there. Until what this answers is dropped, it is our turn.
    pub(super) fn answer(&self) -> Answering {
        self.set(Waiting::Answer);
        Answering(self.clone())
    }

    fn set(&self, waiting: Waiting) {
        let mut now = self.now();
        (now.waiting, now.since) = (waiting, Instant::now());
        if let Some(reader) = now.reader.take() {
            reader.wake();
        }
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// As long as a request is answered.
pub(super) struct Answering(Turn);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.set(Waiting::Next);
    }
}
