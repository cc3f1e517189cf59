//! A webhook that updates go to.

use serde_json::Value;
use tokio::sync::mpsc;

/// A webhook. Dropping it ends its task.
pub(crate) struct Subscription {
    pub(super) url: String,
    pub(super) time: i64,
    pub(super) update_types: Option<Vec<String>>,
    pub(super) queue: mpsc::UnboundedSender<Value>,
}

impl Subscription {
    /// Queues an update if it is of a wanted type.
    pub(super) fn feed(&self, update: &Value) {
        let kind = update["update_type"].as_str().unwrap_or_default();
        if self.update_types.as_ref().is_none_or(|types| types.is_empty() || types.iter().any(|wanted| wanted == kind))
        {
            // The task ends only with the sandbox.
            self.queue.send(update.clone()).ok();
        }
    }
}
