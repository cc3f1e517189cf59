//! Which of the centres speaks.

use std::sync::{Mutex, MutexGuard, PoisonError};

use mostik_wire::Millis;
use tokio::sync::Notify;

use crate::{app::App, outbox, refusal::Refusal, store::outbox::Share};

/// How the connection to a centre is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Its first attempt goes on: those after it wait for a moment.
    Untried,
    /// It is not there, or does not let us in.
    Down,
    /// Messages can be given to it.
    Bound,
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

    /// It takes nothing for a while, longer each time.
    pub(super) fn rests(&self, app: &App, at: usize) {
        let mut state = self.state(at);
        state.refusals += 1;
        state.rests_until = app.now().plus(outbox::pause_after(app, state.refusals));
    }

    /// The centres that messages can be given to at this moment, the best first; `None`: it is too early to tell.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn order(&self, app: &App) -> Result<Option<Vec<usize>>, Refusal> {
        let mut order = Vec::new();
        for (at, _) in self.0.iter().enumerate() {
            let State { link, rests_until, .. } = *self.state(at);
            match link {
                Link::Untried if order.is_empty() => return Ok(None),
                Link::Bound if rests_until <= app.now() => order.push(at),
                _ => {}
            }
        }
        let within = app.config.sms.receipt_within;
        if order.len() > 1 && within > 0 {
            let silent = outbox::sms::silent_centres(app, within).await?;
            // Stable: those that send receipts in their order, and then those that do not.
            order.sort_by_key(|at| silent.contains(&self.0[*at].name));
        }
        Ok(Some(order))
    }

    /// What this centre takes at this moment; `None`: nothing.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn share(&self, app: &App, at: usize) -> Result<Option<Share<'_>>, Refusal> {
        let order = self.order(app).await?.unwrap_or_default();
        Ok(match order[..] {
            [only] if only == at => Some(Share::All),
            [first, _, ..] if first == at => Some(Share::NotRefusedBy(self.name(at))),
            [first, second, ..] if second == at => Some(Share::RefusedBy(self.name(first))),
            _ => None,
        })
    }

    /// How each centre is, for the health endpoint: name and state in one word.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn states(&self, app: &App) -> Result<Vec<(String, &'static str)>, Refusal> {
        let within = app.config.sms.receipt_within;
        let silent = if within > 0 { outbox::sms::silent_centres(app, within).await? } else { Vec::new() };
        let word = |at: usize, name: &String| {
            let State { link, rests_until, .. } = *self.state(at);
            match link {
                Link::Untried => "untried",
                Link::Down => "down",
                Link::Bound if rests_until > app.now() => "resting",
                Link::Bound if silent.contains(name) => "silent",
                Link::Bound => "up",
            }
        };
        Ok(self.0.iter().enumerate().map(|(at, centre)| (centre.name.clone(), word(at, &centre.name))).collect())
    }

    fn state(&self, at: usize) -> MutexGuard<'_, State> {
        self.0[at].state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
