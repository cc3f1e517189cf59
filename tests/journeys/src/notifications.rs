//! Who shows notifications on a session bus, as each desktop has somebody for that: the Desktop Notifications Specification.

use std::collections::HashMap;

use anyhow::{Context, Result};
use tokio::{
    sync::{Mutex, mpsc},
    time::timeout,
};
use zbus::{Connection, connection::Builder, zvariant::OwnedValue};

use crate::{TIMEOUT, home::Home};

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// One that was shown.
#[derive(Clone, Debug)]
pub struct Notification {
    /// How the server calls it.
    pub id: u32,
    /// Its heading.
    pub title: String,
    /// What stands below.
    pub body: String,
    /// What may be pressed, by the specification's names.
    pub actions: Vec<String>,
}

/// The server, on the bus of one home. It goes with this value.
pub struct Notifications {
    connection: Connection,
    shown: Mutex<mpsc::UnboundedReceiver<Notification>>,
}

impl Notifications {
    /// Registers on the session bus of this home.
    ///
    /// # Errors
    /// When the bus does not let it.
    pub async fn of(home: &Home) -> Result<Self> {
        let (show, shown) = mpsc::unbounded_channel();
        let server = Server { show, last: 0 };
        let connection = Builder::address(home.bus())?.name(NAME)?.serve_at(PATH, server)?.build().await;
        Ok(Self { connection: connection.context("cannot show notifications")?, shown: Mutex::new(shown) })
    }

    /// The next one, in the order in which they came.
    ///
    /// # Errors
    /// When none comes.
    pub async fn next(&self) -> Result<Notification> {
        let mut shown = self.shown.lock().await;
        timeout(TIMEOUT, shown.recv()).await.context("no notification came")?.context("nobody sends any more")
    }

    /// Whether one has come that nobody has looked at.
    pub async fn has_more(&self) -> bool {
        !self.shown.lock().await.is_empty()
    }

    /// Presses one.
    ///
    /// # Errors
    /// When the bus does not take that.
    pub async fn press(&self, notification: &Notification) -> Result<()> {
        let pressed = (notification.id, "default");
        Ok(self.connection.emit_signal(None::<&str>, PATH, NAME, "ActionInvoked", &pressed).await?)
    }
}

struct Server {
    show: mpsc::UnboundedSender<Notification>,
    last: u32,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Server {
    #[expect(clippy::too_many_arguments, reason = "the specification has so many")]
    fn notify(
        &mut self,
        _app: String,
        _replaces: u32,
        _icon: String,
        title: String,
        body: String,
        actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _for_ms: i32,
    ) -> u32 {
        self.last += 1;
        let id = self.last;
        // Nobody may be looking any more.
        self.show.send(Notification { id, title, body, actions }).ok();
        id
    }

    fn close_notification(&self, _id: u32) {}

    fn get_capabilities(&self) -> Vec<String> {
        vec!["actions".into(), "body".into()]
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        ("journeys".into(), "Mostik".into(), "1".into(), "1.2".into())
    }
}
