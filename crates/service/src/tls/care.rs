//! Looks after the certificate. Its files are looked at again and again: that is cheap, and works where files are links to links or lie
//! on another machine, of which no system tells changes.

use std::{sync::Arc, time::Duration};

use mostik_wire::Millis;

use super::certificates::Certificates;
use crate::{app::App, clock::DAY};

/// How often the files are looked at.
const EVERY: Duration = Duration::from_secs(2);

/// Looks after the certificate until the service ends; warns once a day where it runs out soon.
pub async fn run(app: App, certificates: Arc<Certificates>) {
    let mut stopping = app.stopping.clone();
    let mut warned: Option<Millis> = None;
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stopping.wait_for(|stop| *stop) => return,
        }
        let (now, looked_at) = (app.now(), Arc::clone(&certificates));
        // Files may lie where reading takes long. A panic there would be told by the runtime.
        drop(tokio::task::spawn_blocking(move || looked_at.look(now)).await);
        let state = *certificates.state().borrow();
        if state.name(now) == "ok" {
            warned = None;
        } else if warned.is_none_or(|at| now.0 - at.0 >= DAY) {
            warned = Some(now);
            let days = (state.valid_until.0 - now.0).div_euclid(DAY);
            tracing::warn!(
                days,
                "the TLS certificate runs out: put the next pair where tls.certificate and tls.key say, it is taken up by itself"
            );
        }
    }
}
