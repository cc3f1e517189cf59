//! Follows the changes of one linking: by the stream of events, and by asking now and then while that does not stand.

mod sse;

use std::sync::{Arc, Mutex, PoisonError};

use mostik_flow::News;
use mostik_wire::{Code, Linking, LinkingId};
use tokio::sync::watch;

use crate::{actor::Feed, api::Api, failure::Failure, retry::back_off};

/// Follows until the linking is over and nothing is being bound to it, nobody is signed in any more, or the task is ended.
pub async fn follow(api: Arc<Api>, feed: Feed, linking: LinkingId) {
    let watch = Watch { api, feed, linking, live: watch::Sender::new(None), seen: Mutex::new(0) };
    tokio::select! {
        () = watch.stream() => {}
        () = watch.poll() => {}
    }
}

struct Watch {
    api: Arc<Api>,
    feed: Feed,
    linking: LinkingId,
    /// Whether the stream stands; `None`: it was not tried yet.
    live: watch::Sender<Option<bool>>,
    /// The newest version told.
    seen: Mutex<u64>,
}

/// Whether there is anything left to follow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    GoOn,
    End,
}

impl Watch {
    async fn stream(&self) {
        let pace = self.api.pace;
        let mut position = sse::Position::default();
        let mut failures = 0;
        loop {
            let then = self.stream_once(&mut position).await;
            let stood = *self.live.borrow() == Some(true);
            self.tell_live(false);
            if then == Then::End {
                return;
            }
            failures = if stood { 0 } else { failures + 1 };
            let pause = back_off(pace.retry_base, pace.poll_cap, failures, &*self.api.random);
            tokio::time::sleep(pause.max(position.retry().min(pace.poll_cap))).await;
        }
    }

    /// One connection, to its end.
    async fn stream_once(&self, position: &mut sse::Position) -> Then {
        let mut response = match self.api.events(&self.linking, position.last_event()).await {
            Ok(response) => response,
            Err(failure) => return self.after(&failure),
        };
        let mut parser = sse::Parser::new(position);
        // No bytes for a long while: the connection is dead, or something on the way keeps them back.
        while let Ok(Ok(Some(chunk))) = tokio::time::timeout(self.api.pace.stream_silence, response.chunk()).await {
            self.tell_live(true);
            let Ok(events) = parser.push(&chunk) else { return Then::GoOn };
            for event in events {
                let Ok(linking) = serde_json::from_str::<Linking>(&event) else {
                    tracing::warn!("an event that is no linking");
                    continue;
                };
                if self.tell(linking) == Then::End {
                    return Then::End;
                }
            }
        }
        Then::GoOn
    }

    async fn poll(&self) {
        let pace = self.api.pace;
        let mut live = self.live.subscribe();
        let mut failures = 0;
        loop {
            if live.wait_for(|live| *live != Some(true)).await.is_err() {
                return;
            }
            // The upper half is left to chance: a third more makes it `poll` on average.
            tokio::time::sleep(back_off(pace.poll * 4 / 3, pace.poll_cap, failures, &*self.api.random)).await;
            if *live.borrow() == Some(true) {
                continue;
            }
            let then = match self.api.glance(&self.linking).await {
                Ok(linking) => {
                    failures = 0;
                    self.tell(linking)
                }
                Err(failure) => {
                    failures += 1;
                    self.after(&failure)
                }
            };
            if then == Then::End {
                return;
            }
        }
    }

    fn tell(&self, linking: Linking) -> Then {
        if linking.id != self.linking {
            return Then::GoOn;
        }
        let then = if linking.step.moves_by_itself() { Then::GoOn } else { Then::End };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if linking.version > *seen {
            *seen = linking.version;
            self.feed.news(News::Linking(Box::new(linking)));
        }
        then
    }

    fn tell_live(&self, live: bool) {
        let changed = self.live.send_if_modified(|known| known.replace(live) != Some(live));
        if changed {
            self.feed.news(News::Live(live));
        }
    }

    /// Whether it makes sense to ask again.
    fn after(&self, failure: &Failure) -> Then {
        match failure {
            Failure::NoSession => Then::End,
            Failure::Refused(problem) => match problem.code {
                Code::SessionEnded | Code::Unauthorized => Then::End,
                Code::LinkingNotFound | Code::PupilNotYours => {
                    self.feed.news(News::LinkingGone(self.linking.clone()));
                    Then::End
                }
                _ => Then::GoOn,
            },
            _ => Then::GoOn,
        }
    }
}
