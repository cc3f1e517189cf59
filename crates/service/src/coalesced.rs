//! One look-up at a time for all who ask the same.

use tokio::{sync::Mutex, time::Instant};

/// A look-up that is made once for all who wait for it: those who ask while one is under way wait for the next, together, so its
/// answer is never of before they asked.
pub struct Coalesced<T>(Mutex<Option<(Instant, T)>>);

impl<T: Clone> Coalesced<T> {
    /// Nothing has been looked up yet.
    #[must_use]
    pub fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// What a look-up says that began after this call.
    pub async fn get(&self, look_up: impl AsyncFnOnce() -> T) -> T {
        let asked = Instant::now();
        let mut last = self.0.lock().await;
        if let Some((begun, answer)) = &*last
            && *begun > asked
        {
            return answer.clone();
        }
        let begun = Instant::now();
        let answer = look_up().await;
        *last = Some((begun, answer.clone()));
        answer
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicU32, Ordering},
        time::Duration,
    };

    use futures_util::future::{join, join_all};
    use tokio::{sync::Semaphore, time::advance};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn many_who_ask_at_once_take_two_look_ups_and_nobody_an_answer_of_before() {
        let (coalesced, look_ups, may_end) = (Coalesced::new(), AtomicU32::new(0), Semaphore::new(0));
        let ask = || {
            coalesced.get(async || {
                may_end.acquire().await.unwrap().forget();
                look_ups.fetch_add(1, Ordering::Relaxed) + 1
            })
        };
        let first = ask();
        let later = async {
            advance(Duration::from_millis(1)).await;
            // The first one is under way.
            let all = (0..1_000).map(|_| ask());
            let release = async {
                advance(Duration::from_millis(1)).await;
                may_end.add_permits(10);
            };
            join(join_all(all), release).await.0
        };
        let (first, later) = join(first, later).await;
        assert_eq!(first, 1);
        assert!(later.iter().all(|answer| *answer == 2), "{later:?}");
        assert_eq!(ask().await, 3, "an answer of before was taken");
    }
}
