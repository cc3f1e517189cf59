//! Nodes are started, killed and asked.

use std::sync::Arc;

use anyhow::{Context, Result};
use axum::{Router, body::Body, http::Request};
use mostik_service::{clock::Entropy, keys::Keys, router, service};
use tower::ServiceExt;

use crate::{
    Town,
    history::About,
    node::{Answer, Asked, config},
    random::Stream,
    town::Event,
};

struct Seeded(std::sync::Mutex<Stream>);

impl Entropy for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill(bytes);
    }
}

impl Town {
    /// Starts a node, or starts it again.
    pub(crate) fn start(&mut self, node: usize) -> Result<()> {
        let config = config(&self.database, &self.parties.url)?;
        let keys = Arc::new(Keys::new(&config.secret_key));
        let store = self.store.interrupted_by(Arc::new(self.gate.clone()));
        let starting = &mut self.nodes[node];
        starting.starts += 1;
        let stream = Stream::of(self.options.seed, "node", node as u64 * 1_000_000 + starting.starts);
        let entropy = Arc::new(Seeded(std::sync::Mutex::new(stream)));
        let app = service::idle(config, keys, store, starting.clock.clone(), entropy)?;
        starting.running = Some((app.clone(), router::router(app.clone())));
        self.note(About::All, format!("node {node} runs"));
        // As a node does at its start.
        self.begin(
            node,
            async move { mostik_service::sms::delivery::unanswered_before(&app).await.is_ok() },
            move |town, done| {
                if done == Some(false) && town.nodes[node].running.is_some() {
                    town.faults.not_noted += 1;
                }
            },
        );
        self.look_soon(node, 100);
        Ok(())
    }

    /// Ends a node in the middle of whatever it does; it is started again after some seconds.
    pub(crate) async fn kill(&mut self, node: usize) {
        self.nodes[node].running = None;
        self.end_works_of(node).await;
        let pause = self.draw_gate.wait(4_000);
        self.after(pause, Event::Start(node));
    }

    /// A node that runs: any of them, as a balancer picks.
    pub(crate) fn some_node(&mut self) -> Option<usize> {
        let up: Vec<usize> = (0..self.nodes.len()).filter(|node| self.nodes[*node].running.is_some()).collect();
        (!up.is_empty()).then(|| *self.draw_network.pick(&up))
    }

    /// Has a node answer; `None`: it has ended first.
    pub(crate) fn ask(&mut self, node: usize, asked: &Asked, then: impl FnOnce(&mut Self, Option<Answer>) + 'static) {
        let Some((_, router)) = &self.nodes[node].running else { return then(self, None) };
        let router = router.clone();
        let request = match asked.request() {
            Ok(request) => request,
            Err(error) => {
                self.violation("requests of the town are requests", None, &error.to_string());
                return then(self, None);
            }
        };
        // A renewal of the diary's tokens waits in memory for another one.
        let at_once = asked.path.contains("/schedule");
        let asked = asked.clone();
        let work = async move { answer(router, request).await };
        let then = move |town: &mut Self, done: Option<Result<Answer>>| match done {
            Some(Ok(answer)) => {
                town.check_answer(node, &asked, &answer);
                then(town, Some(answer));
            }
            _ => then(town, None),
        };
        if at_once { self.begin_at_once(node, work, then) } else { self.begin(node, work, then) }
    }
}

async fn answer(router: Router, request: Request<Body>) -> Result<Answer> {
    let response = router.oneshot(request).await.context("the router answers nothing")?;
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, 4 * 1024 * 1024).await?.to_vec();
    Ok(Answer { status: parts.status, headers: parts.headers, body })
}
