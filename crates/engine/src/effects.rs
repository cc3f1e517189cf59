//! Runs effects: each in a task of its own, each reply under the attempt of its effect.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, OnceLock},
    time::Duration,
};

use mostik_flow::{Attempt, CauseKind, Effect, News, Reply, Target, Watched};
use tokio::{
    sync::oneshot,
    task::{AbortHandle, Id, JoinSet},
};

use crate::{
    api::Api,
    context::EffectContext,
    failure::{Failure, failure_reply},
    reachability, sign_in, watch,
};

/// What ends a session at the service may take this long; the person is signed out on this device by then.
const REVOCATION: Duration = Duration::from_secs(5);

/// The effects that are running.
pub struct EffectRunner {
    context: Arc<EffectContext>,
    tasks: JoinSet<()>,
    answers: HashMap<Id, Attempt>,
    sign_in: Option<SignIn>,
    watch: Option<(Watched, AbortHandle)>,
}

struct SignIn {
    task: AbortHandle,
    address: Arc<OnceLock<String>>,
    /// Closes when nothing of the task is left.
    ended: oneshot::Receiver<Infallible>,
}

impl EffectRunner {
    pub fn new(context: EffectContext) -> Self {
        let context = Arc::new(context);
        let mut tasks = JoinSet::new();
        tasks.spawn(reachability::probe(Arc::clone(&context.api)));
        Self { context, tasks, answers: HashMap::new(), sign_in: None, watch: None }
    }

    /// The attempt of an effect that broke down and will not answer; pends for ever while none does.
    pub async fn next_broken(&mut self) -> Option<Attempt> {
        loop {
            match self.tasks.join_next_with_id().await {
                None => std::future::pending().await,
                Some(Ok((id, ()))) => {
                    self.answers.remove(&id);
                }
                Some(Err(error)) => {
                    let attempt = self.answers.remove(&error.id());
                    if error.is_panic() {
                        tracing::error!("an effect broke down");
                        if attempt.is_some() {
                            return attempt;
                        }
                    }
                }
            }
        }
    }

    /// Starts an effect.
    pub fn run(&mut self, effect: Effect) {
        let context = Arc::clone(&self.context);
        let api = Arc::clone(&context.api);
        match effect {
            Effect::ReadKeyring(attempt) => self.answer(attempt, async move {
                match api.session.load().await {
                    Ok(session) => Reply::KeyringRead { session },
                    Err(problem) => Reply::KeyringFailed(problem),
                }
            }),
            Effect::UseLanguage(language) => api.http.use_language(language),
            Effect::KeepInMemory => api.session.keep_in_memory(),
            Effect::SignIn(attempt) => self.begin_sign_in(attempt),
            Effect::OpenBrowserAgain(attempt) => {
                let address = self.sign_in.as_ref().and_then(|sign_in| sign_in.address.get()).cloned();
                // Not yet opened for the first time: that is about to happen.
                if let Some(address) = address {
                    self.answer(attempt, async move { context.open_browser(address).await });
                }
            }
            Effect::CancelSignIn => self.cancel_sign_in(),
            Effect::SignOut(attempt) => self.answer(attempt, async move {
                end_session(&api).await;
                Reply::SignedOut
            }),
            Effect::ReadMe(attempt) => {
                self.answer(attempt, async move { api.me().await.map_or_else(Failure::into_reply, Reply::Me) });
            }
            Effect::ReadSchedule { attempt, pupil, date } => self.answer(attempt, async move {
                api.schedule(&pupil, &date).await.map_or_else(Failure::into_reply, Reply::Schedule)
            }),
            Effect::Call { attempt, call } => self.answer(attempt, async move {
                let linking = api.call(attempt, call).await;
                linking.map_or_else(Failure::into_reply, |linking| Reply::Linking(Box::new(linking)))
            }),
            Effect::ReadSecurity { attempt, pupil } => self.answer(attempt, async move {
                let log = api.security_log(&pupil).await;
                log.map_or_else(Failure::into_reply, |log| Reply::SecurityLog(Box::new(log)))
            }),
            Effect::EndSessions { attempt, session } => self.answer(attempt, async move {
                let ended = api.end_sessions(attempt, session).await;
                ended.map_or_else(Failure::into_reply, |_| Reply::SessionsEnded)
            }),
            Effect::ProfileCall { attempt, pupil, call } => {
                let downloads = context.downloads.clone();
                self.answer(attempt, async move {
                    api.profile_call(attempt, &pupil, call, downloads).await.unwrap_or_else(Failure::into_reply)
                });
            }
            Effect::ClaimLaunch { attempt, handle } => self.answer(attempt, async move {
                let launch = api.claim(attempt, handle).await;
                launch.map_or_else(Failure::into_reply, |launch| Reply::Launch(Box::new(launch)))
            }),
            Effect::AcceptLaunch { attempt, claimed, pupil } => self.answer(attempt, async move {
                let linking = api.accept(attempt, claimed, pupil).await;
                linking.map_or_else(Failure::into_reply, |linking| Reply::Linking(Box::new(linking)))
            }),
            Effect::MakeHandOff { attempt, pupil, place } => self.answer(attempt, async move {
                let made = api.hand_off(attempt, pupil, place).await;
                made.map_or_else(Failure::into_reply, |made| Reply::HandOff(Box::new(made)))
            }),
            Effect::FollowHandOff { attempt, id, known } => self.answer(attempt, async move {
                api.follow_hand_off(&id, known).await.map_or_else(Failure::into_reply, Reply::HandOffStatus)
            }),
            Effect::PreviewHandOff { attempt, token } => self.answer(attempt, async move {
                api.look_at_hand_off(attempt, token).await.map_or_else(Failure::into_reply, Reply::HandOffOffer)
            }),
            Effect::TakeHandOff { attempt, looked } => self.answer(attempt, async move {
                let handed = api.take_hand_off(attempt, looked).await;
                handed.map_or_else(Failure::into_reply, |handed| Reply::HandedOff(Box::new(handed)))
            }),
            Effect::DetectMax => {
                let (opener, inputs) = (Arc::clone(&context.opener), context.inputs.clone());
                // A system that never answers is one that does not say.
                self.tasks.spawn_blocking(move || inputs.news(News::MaxHere(opener.is_max_installed())));
            }
            Effect::Watch(watched) => {
                // Told to follow what it follows already: a stream that stands is not torn down for that.
                let same = self.watch.as_ref().is_some_and(|(known, task)| *known == watched && !task.is_finished());
                if !same {
                    self.unwatch();
                    let task = self.tasks.spawn(watch::follow(api, context.inputs.clone(), watched.clone()));
                    self.watch = Some((watched, task));
                }
            }
            Effect::Unwatch => self.unwatch(),
            Effect::CheckHealth(attempt) => {
                self.answer(attempt, async move { api.health().await.unwrap_or_else(Failure::into_reply) });
            }
            Effect::CheckRelease(attempt) => {
                self.answer(attempt, async move { api.release().await.unwrap_or_else(Failure::into_reply) });
            }
            Effect::RequestNotifyPermission => {
                let (notifier, inputs) = (Arc::clone(&context.notifier), context.inputs.clone());
                self.tasks.spawn_blocking(move || inputs.news(News::MayNotify(notifier.is_allowed())));
            }
            Effect::Notify(notice) => {
                let (notifier, language) = (Arc::clone(&context.notifier), *context.language.borrow());
                self.tasks.spawn_blocking(move || notifier.notify(notice, language));
            }
            Effect::Open { attempt, target } => self.answer(attempt, async move {
                let opened = match target {
                    Target::File(file) => context.show(file.into()).await,
                    target => context.open(target.address().to_owned()).await,
                };
                if opened { Reply::Opened } else { failure_reply(CauseKind::NotOpened) }
            }),
        }
    }

    fn answer(&mut self, attempt: Attempt, work: impl Future<Output = Reply> + Send + 'static) {
        self.spawn(attempt, work);
    }

    fn spawn(&mut self, attempt: Attempt, work: impl Future<Output = Reply> + Send + 'static) -> AbortHandle {
        let inputs = self.context.inputs.clone();
        let task = self.tasks.spawn(async move { inputs.reply(attempt, work.await) });
        self.answers.insert(task.id(), attempt);
        task
    }

    fn begin_sign_in(&mut self, attempt: Attempt) {
        if let Some(earlier) = self.sign_in.take() {
            earlier.task.abort();
        }
        let address = Arc::new(OnceLock::new());
        let (alive, ended) = oneshot::channel();
        let sign_in = sign_in::run(Arc::clone(&self.context), attempt, Arc::clone(&address));
        let task = self.spawn(attempt, async move {
            let reply = sign_in.await;
            drop(alive);
            reply
        });
        self.sign_in = Some(SignIn { task, address, ended });
    }

    /// Gives the sign-in up. It may have come to its end meanwhile: then there is a session that nobody wants.
    fn cancel_sign_in(&mut self) {
        let Some(SignIn { task, ended, .. }) = self.sign_in.take() else { return };
        task.abort();
        let api = Arc::clone(&self.context.api);
        self.tasks.spawn(async move {
            // An error, always: its sender only ever goes away.
            drop(ended.await);
            if api.session.is_held().await {
                end_session(&api).await;
            }
        });
    }

    fn unwatch(&mut self) {
        if let Some((_, task)) = self.watch.take() {
            task.abort();
        }
    }
}

/// Forgets the session here and ends it at the service, if that can be reached.
async fn end_session(api: &Api) {
    let Some(revocation) = api.session.forget().await else { return };
    // Its tokens are gone from here; if the service cannot be told, they end there by themselves.
    if let Err(error) = api.http.bytes(&revocation, None, REVOCATION).await {
        tracing::info!(cause = ?error.failure, "the service was not told of the sign-out");
    }
}
