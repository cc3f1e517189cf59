//! The one task that owns the state. Each input: step, store, publish, act, in this order.

use std::sync::Arc;

use mostik_flow::{Attempt, Call, CauseKind, Effect, Input, Language, Next, ProfileCall, Screen, State, stored};
use tokio::sync::{mpsc, oneshot, watch};

use crate::{
    Clock,
    effects::EffectRunner,
    failure::failure_reply,
    input_sender::{InputSender, Message},
    store::Store,
};

/// The owner of the state.
pub struct Actor {
    pub state: State,
    /// The state's text as it stands in the store.
    pub stored: Option<String>,
    pub store: Store,
    pub runner: EffectRunner,
    pub screens: watch::Sender<Screen>,
    pub language: watch::Sender<Language>,
    pub clock: Arc<dyn Clock>,
    pub inputs: InputSender,
}

impl Actor {
    pub async fn run(mut self, mut inbox: mpsc::UnboundedReceiver<Message>) {
        loop {
            tokio::select! {
                message = inbox.recv() => match message {
                    Some(Message::Input(input)) => self.take(input).await,
                    Some(Message::Stop(stopped)) => return self.stop(stopped).await,
                    None => return,
                },
                Some(attempt) = self.runner.next_broken() => {
                    self.inputs.reply(attempt, failure_reply(CauseKind::ServiceBroken));
                }
            }
        }
    }

    async fn take(&mut self, input: Input) {
        let next = mostik_flow::step(self.state.clone(), input, self.clock.now());
        tracing::debug!(from = self.state.name(), to = next.state.name(), verdict = ?next.verdict, "step");
        self.commit(next).await;
    }

    /// Stores, publishes, starts the effects.
    pub async fn commit(&mut self, next: Next) {
        let kept = self.keep(&next.state).await;
        self.state = next.state;
        self.publish();
        for effect in next.effects {
            if kept || !needs_memory(&effect) {
                tracing::debug!(effect = effect.name(), "act");
                self.runner.run(effect);
            } else if let Some(attempt) = attempt_of(&effect) {
                self.inputs.reply(attempt, failure_reply(CauseKind::NotStored));
            }
        }
    }

    async fn keep(&mut self, state: &State) -> bool {
        let text = match stored::save(state) {
            Ok(text) => text,
            Err(error) => {
                tracing::error!(%error, "the state has no text");
                return false;
            }
        };
        if self.stored.as_ref() == Some(&text) {
            return true;
        }
        match self.store.save(&text, self.clock.now()).await {
            Ok(()) => {
                self.stored = Some(text);
                true
            }
            Err(error) => {
                tracing::error!(%error, "the state was not stored");
                false
            }
        }
    }

    fn publish(&self) {
        self.language.send_replace(self.state.language);
        let now = self.clock.now();
        self.screens.send_if_modified(|screen| {
            let next = mostik_flow::screen_of(&self.state, screen.revision, now);
            let changed = next != *screen;
            if changed {
                *screen = Screen { revision: screen.revision + 1, ..next };
            }
            changed
        });
    }

    async fn stop(self, stopped: oneshot::Sender<()>) {
        drop(self.runner);
        if let Err(error) = self.store.close().await {
            tracing::warn!(%error, "the local database did not close well");
        }
        if stopped.send(()).is_err() {
            tracing::debug!("nobody waits for the stop");
        }
    }
}

/// Whether an effect may run only after the state was stored: it moves something at the service, and its attempt must not
/// be given out again after a restart. What only reads, opens or ends something runs anyway.
const fn needs_memory(effect: &Effect) -> bool {
    match effect {
        Effect::SignIn(_) => true,
        Effect::Call { call, .. } => !matches!(call, Call::Read(_)),
        Effect::ProfileCall { call, .. } => !matches!(call, ProfileCall::Read),
        Effect::EndSessions { .. } | Effect::AcceptLaunch { .. } => true,
        Effect::MakeHandOff { .. } | Effect::TakeHandOff { .. } => true,
        // What is not remembered would be asked or told again.
        Effect::RequestNotifyPermission | Effect::Notify(_) => true,
        Effect::ReadKeyring(_)
        | Effect::KeepInMemory
        | Effect::UseLanguage(_)
        | Effect::OpenBrowserAgain(_)
        | Effect::CancelSignIn
        | Effect::SignOut(_)
        | Effect::ReadMe(_)
        | Effect::ReadSchedule { .. }
        | Effect::ReadSecurity { .. }
        | Effect::ClaimLaunch { .. }
        | Effect::FollowHandOff { .. }
        | Effect::PreviewHandOff { .. }
        | Effect::DetectMax
        | Effect::Watch(_)
        | Effect::Unwatch
        | Effect::CheckHealth(_)
        | Effect::CheckRelease(_)
        | Effect::Open { .. } => false,
    }
}

/// The attempt that a reply to the effect bears.
const fn attempt_of(effect: &Effect) -> Option<Attempt> {
    match effect {
        Effect::ReadKeyring(attempt)
        | Effect::SignIn(attempt)
        | Effect::OpenBrowserAgain(attempt)
        | Effect::SignOut(attempt)
        | Effect::ReadMe(attempt)
        | Effect::ReadSchedule { attempt, .. }
        | Effect::Call { attempt, .. }
        | Effect::ProfileCall { attempt, .. }
        | Effect::ReadSecurity { attempt, .. }
        | Effect::EndSessions { attempt, .. }
        | Effect::ClaimLaunch { attempt, .. }
        | Effect::AcceptLaunch { attempt, .. }
        | Effect::MakeHandOff { attempt, .. }
        | Effect::FollowHandOff { attempt, .. }
        | Effect::PreviewHandOff { attempt, .. }
        | Effect::TakeHandOff { attempt, .. }
        | Effect::CheckHealth(attempt)
        | Effect::CheckRelease(attempt)
        | Effect::Open { attempt, .. } => Some(*attempt),
        Effect::KeepInMemory
        | Effect::UseLanguage(_)
        | Effect::CancelSignIn
        | Effect::DetectMax
        | Effect::Watch(_)
        | Effect::Unwatch
        | Effect::RequestNotifyPermission
        | Effect::Notify(_) => None,
    }
}
