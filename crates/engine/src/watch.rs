//! Follows the changes of one linking, or of all that an account has: by the stream of events, and by asking now and then while that does not stand.

mod sse;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use mostik_flow::{News, Watched};
use mostik_wire::{Code, Linking, LinkingId};
use tokio::sync::watch;

use crate::{api::Api, failure::Failure, input_sender::InputSender, retry::backoff};

/// Follows until the one linking is over and nothing is being bound to it, nobody is signed in any more, or the task is ended.
pub async fn follow(api: Arc<Api>, inputs: InputSender, watched: Watched) {
    let watch = Watch { api, inputs, watched, live: watch::Sender::new(None), seen: Mutex::default() };
    tokio::select! {
        () = watch.stream() => {}
        () = watch.poll() => {}
    }
}

struct Watch {
    api: Arc<Api>,
    inputs: InputSender,
    watched: Watched,
    /// Whether the stream stands; `None`: it was not tried yet.
    live: watch::Sender<Option<bool>>,
    /// The newest version told of each linking.
    seen: Mutex<HashMap<LinkingId, u64>>,
}

/// Whether there is anything left to follow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AfterStream {
    GoOn,
    End,
}

impl Watch {
    async fn stream(&self) {
        let timeouts = self.api.timeouts;
        let mut position = sse::Position::default();
        let mut failures = 0;
        loop {
            let after = self.stream_once(&mut position).await;
            let stood = *self.live.borrow() == Some(true);
            self.tell_live(false);
            if after == AfterStream::End {
                return;
            }
            failures = if stood { 0 } else { failures + 1 };
            let pause = backoff(timeouts.retry_base, timeouts.poll_cap, failures, &*self.api.random);
            tokio::time::sleep(pause.max(position.retry().min(timeouts.poll_cap))).await;
        }
    }

    /// One connection, to its end.
    async fn stream_once(&self, position: &mut sse::Position) -> AfterStream {
        let mut response = match self.api.events(&self.watched, position.last_event()).await {
            Ok(response) => response,
            Err(failure) => return self.after(&failure),
        };
        let mut parser = sse::Parser::new(position);
        // No bytes for a long while: the connection is dead, or something on the way keeps them back.
        while let Ok(Ok(Some(chunk))) = tokio::time::timeout(self.api.timeouts.stream_silence, response.chunk()).await {
            self.tell_live(true);
            let Ok(events) = parser.push(&chunk) else { return AfterStream::GoOn };
            for event in events {
                let Ok(linking) = serde_json::from_str::<Linking>(&event) else {
                    tracing::warn!("an event that is no linking");
                    continue;
                };
                if self.tell(linking) == AfterStream::End {
                    return AfterStream::End;
                }
            }
        }
        AfterStream::GoOn
    }

    async fn poll(&self) {
        let timeouts = self.api.timeouts;
        let mut live = self.live.subscribe();
        let mut failures = 0;
        loop {
            if live.wait_for(|live| *live != Some(true)).await.is_err() {
                return;
            }
            // The upper half is left to chance: a third more makes it `poll` on average.
            tokio::time::sleep(backoff(timeouts.poll * 4 / 3, timeouts.poll_cap, failures, &*self.api.random)).await;
            if *live.borrow() == Some(true) {
                continue;
            }
            let after = match self.api.read_once(&self.watched).await {
                Ok(linkings) => {
                    failures = 0;
                    // All of them are told, whichever of them is over.
                    let told: Vec<AfterStream> = linkings.into_iter().map(|linking| self.tell(linking)).collect();
                    if told.contains(&AfterStream::End) { AfterStream::End } else { AfterStream::GoOn }
                }
                Err(failure) => {
                    failures += 1;
                    self.after(&failure)
                }
            };
            if after == AfterStream::End {
                return;
            }
        }
    }

    fn tell(&self, linking: Linking) -> AfterStream {
        let after = match &self.watched {
            Watched::Linking(watched) if linking.id != *watched => return AfterStream::GoOn,
            Watched::Linking(_) if !linking.step.moves_by_itself() => AfterStream::End,
            Watched::Linking(_) | Watched::Account => AfterStream::GoOn,
        };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.get(&linking.id).is_none_or(|seen| linking.version > *seen) {
            seen.insert(linking.id.clone(), linking.version);
            self.inputs.news(News::Linking(Box::new(linking)));
        }
        after
    }

    fn tell_live(&self, live: bool) {
        let changed = self.live.send_if_modified(|known| known.replace(live) != Some(live));
        if changed {
            self.inputs.news(News::Live(live));
        }
    }

    /// Whether it makes sense to ask again.
    fn after(&self, failure: &Failure) -> AfterStream {
        match failure {
            Failure::NoSession => AfterStream::End,
            Failure::Refused(problem) => match problem.code {
                Code::SessionEnded | Code::AccountBlocked | Code::Unauthorized => AfterStream::End,
                Code::LinkingNotFound | Code::PupilNotYours => {
                    if let Watched::Linking(linking) = &self.watched {
                        self.inputs.news(News::LinkingGone(linking.clone()));
                    }
                    AfterStream::End
                }
                _ => AfterStream::GoOn,
            },
            _ => AfterStream::GoOn,
        }
    }
}
