//! The way of inputs to the task that owns the state.

use mostik_flow::{Attempt, Input, Intent, News, Reply};
use tokio::sync::{mpsc, oneshot};

/// What the actor is told.
pub enum Message {
    /// An input for the machine.
    Input(Input),
    /// End after everything that was sent before, and answer then.
    Stop(oneshot::Sender<()>),
}

/// The way to the actor.
#[derive(Clone)]
pub struct InputSender(mpsc::UnboundedSender<Message>);

impl InputSender {
    pub fn new() -> (Self, mpsc::UnboundedReceiver<Message>) {
        let (sender, inbox) = mpsc::unbounded_channel();
        (Self(sender), inbox)
    }

    pub fn intent(&self, intent: Intent) {
        self.send(Message::Input(Input::Intent(intent)));
    }

    pub fn reply(&self, attempt: Attempt, reply: Reply) {
        self.send(Message::Input(Input::Reply(attempt, reply)));
    }

    pub fn news(&self, news: News) {
        self.send(Message::Input(Input::News(news)));
    }

    pub fn send(&self, message: Message) {
        if self.0.send(message).is_err() {
            tracing::debug!("the engine has stopped; nobody listens");
        }
    }
}
