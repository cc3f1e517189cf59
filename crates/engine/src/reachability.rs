//! Asks whether the service is back, while it is out of reach: nobody else might ask for a long time.

use std::sync::Arc;

use crate::{api::Api, http::Request, retry::backoff};

/// Runs for as long as the engine does.
pub async fn probe(api: Arc<Api>) {
    let mut out_of_reach = api.http.out_of_reach();
    let request = Request::get(api.http.url(["health", "live"]));
    loop {
        if out_of_reach.wait_for(|out| *out).await.is_err() {
            return;
        }
        let mut times = 0;
        while *out_of_reach.borrow() {
            tokio::time::sleep(backoff(api.timeouts.poll, api.timeouts.poll_cap, times, &*api.random)).await;
            times += 1;
            if *out_of_reach.borrow()
                && let Err(error) = api.http.bytes(&request, None, api.timeouts.connect).await
            {
                tracing::debug!(cause = ?error.failure, "not back yet");
            }
        }
    }
}
