//! How the connection to each centre is, as far as this process knows.

use std::sync::{Mutex, MutexGuard, PoisonError};

use mostik_wire::Millis;
use tokio::sync::Notify;

/// How the connection to a centre is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Its first attempt goes on: those after it wait for a moment.
    Untried,
    /// It is not there, or does not let us in.
    Down,
    /// Messages can be given to it.
    Bound,
    /// It takes one session of the account, and another node has that.
    Elsewhere,
}

/// What this process knows of each centre, in the order of the settings.
pub struct Centres(Vec<Centre>);

struct Centre {
    name: String,
    state: Mutex<State>,
    wake: Notify,
}

#[derive(Clone, Copy)]
struct State {
    link: Link,
    /// It said that it has too much to do, or that the account is not in order.
    rests_until: Millis,
    refusals: i64,
}

/// What [`Centres::states`] can say.
pub const STATES: [&str; 6] = ["up", "untried", "down", "resting", "silent", "elsewhere"];

impl Centres {
    /// Of these names, none tried yet.
    #[must_use]
    pub fn new<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let state = State { link: Link::Untried, rests_until: Millis(0), refusals: 0 };
        Self(
            names.map(|name| Centre { name: name.to_owned(), state: Mutex::new(state), wake: Notify::new() }).collect(),
        )
    }

    /// A centre's name.
    #[must_use]
    pub fn name(&self, at: usize) -> &str {
        &self.0[at].name
    }

    /// There may be an SMS to send.
    pub fn wake(&self) {
        self.0.iter().for_each(|centre| centre.wake.notify_one());
    }

    /// Comes back when there may be one for this centre.
    pub(super) async fn woken(&self, at: usize) {
        self.0[at].wake.notified().await;
    }

    pub(super) fn link(&self, at: usize, link: Link) {
        self.state(at).link = link;
        self.wake();
    }

    /// It took a message: it is not tired any more.
    pub(super) fn took(&self, at: usize) {
        self.state(at).refusals = 0;
    }

    /// It takes nothing for a while, longer each time: `until` says up to when, after so many refusals in a row.
    pub(super) fn rests(&self, at: usize, until: impl FnOnce(i64) -> Millis) {
        let mut state = self.state(at);
        state.refusals += 1;
        state.rests_until = until(state.refusals);
    }

    /// The centres that messages can be given to at this moment, by whichever node, in the order of the settings; `None`: it is too early
    /// to tell.
    #[must_use]
    pub fn bound(&self, now: Millis) -> Option<Vec<usize>> {
        let mut bound = Vec::new();
        for at in 0..self.0.len() {
            let State { link, rests_until, .. } = *self.state(at);
            match link {
                Link::Untried if bound.is_empty() => return None,
                Link::Bound if rests_until <= now => bound.push(at),
                Link::Elsewhere => bound.push(at),
                _ => {}
            }
        }
        Some(bound)
    }

    /// How each centre is, for the health endpoint: name and state in one word. Those of `silent` leave messages without receipts.
    #[must_use]
    pub fn states(&self, now: Millis, silent: &[String]) -> Vec<(String, &'static str)> {
        let word = |at: usize, name: &String| {
            let State { link, rests_until, .. } = *self.state(at);
            match link {
                Link::Untried => "untried",
                Link::Down => "down",
                Link::Elsewhere => "elsewhere",
                Link::Bound if rests_until > now => "resting",
                Link::Bound if silent.contains(name) => "silent",
                Link::Bound => "up",
            }
        };
        self.0.iter().enumerate().map(|(at, centre)| (centre.name.clone(), word(at, &centre.name))).collect()
    }

    fn state(&self, at: usize) -> MutexGuard<'_, State> {
        self.0[at].state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
