//! A screen reader on a session bus, by AT-SPI 2: it hears which programs have windows, reads them out, and finds what can be
//! pressed. Nothing else tells the words of the system's own messages: they are in no page.

use std::{collections::HashMap, process::Command};

use anyhow::{Context, Result, ensure};
use tokio::sync::Mutex;
use zbus::{Connection, Proxy, connection::Builder, zvariant::OwnedObjectPath};

use crate::{home::Home, screen, until};

const REGISTRY: &str = "org.a11y.atspi.Registry";
const ROOT: &str = "/org/a11y/atspi/accessible/root";

/// Something on the display: the name of its program on the bus, and its own there.
type Place = (String, OwnedObjectPath);

/// The screen reader. It goes with this value.
pub struct ScreenReader {
    connection: Connection,
    bus: String,
    display: String,
}

/// A message of the system, as it is read out.
pub struct Message {
    /// What it says, one text after another.
    pub texts: Vec<String>,
    buttons: HashMap<String, Place>,
}

impl ScreenReader {
    /// Comes to the bus of this home.
    ///
    /// # Errors
    /// When the bus does not let it.
    pub async fn of(home: &Home) -> Result<Self> {
        let registry = Registry { newest: Mutex::default() };
        let connection = Builder::address(home.bus())?.name(REGISTRY)?.serve_at(ROOT, registry)?.build().await;
        Ok(Self {
            connection: connection.context("cannot hear of windows")?,
            bus: home.bus().to_owned(),
            display: home.display().to_owned(),
        })
    }

    /// Lets a program that is about to start tell of its windows.
    pub fn listen_to(&self, command: &mut Command) {
        command.env_remove("NO_AT_BRIDGE").env("AT_SPI_BUS_ADDRESS", &self.bus);
    }

    /// The message that this process shows, as soon as it does, by its first text.
    ///
    /// # Errors
    /// When it shows none.
    pub async fn message(&self, pid: u32, title: &str) -> Result<Message> {
        until(title, || async { self.read(pid, title).await.ok().filter(|message| !message.buttons.is_empty()) }).await
    }

    /// Presses the button of a message, with the mouse.
    ///
    /// # Errors
    /// When there is no such button.
    pub async fn press(&self, message: &Message, label: &str) -> Result<()> {
        const OF_THE_DISPLAY: u32 = 0;
        let known = || message.buttons.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
        let place = message.buttons.get(label).with_context(|| format!("no button «{label}» among: {}", known()))?;
        let component = self.proxy(place, "Component").await?;
        let (x, y, width, height): (i32, i32, i32, i32) = component.call("GetExtents", &(OF_THE_DISPLAY)).await?;
        screen::press(&self.display, i16::try_from(x + width / 2)?, i16::try_from(y + height / 2)?)
    }

    /// Waits until this process shows no message any more.
    ///
    /// # Errors
    /// When one stays.
    pub async fn hears_no_message(&self, pid: u32) -> Result<()> {
        until("the end of the message", || async { self.alert(pid).await.ok()?.is_none().then_some(()) }).await
    }

    async fn read(&self, pid: u32, title: &str) -> Result<Message> {
        let message = self.read_out(self.alert(pid).await?.context("no message")?).await?;
        ensure!(message.texts.first().is_some_and(|text| text == title), "another message");
        Ok(message)
    }

    async fn alert(&self, pid: u32) -> Result<Option<Place>> {
        let program = self.program(pid).await.context("the process has no windows")?;
        for window in self.children(&program).await? {
            if self.role(&window).await? == "alert" {
                return Ok(Some(window));
            }
        }
        Ok(None)
    }

    async fn read_out(&self, window: Place) -> Result<Message> {
        let mut message = Message { texts: Vec::new(), buttons: HashMap::new() };
        let mut left = vec![window];
        while let Some(place) = left.pop() {
            match self.role(&place).await?.as_str() {
                "label" => message.texts.push(self.name(&place).await?),
                "push button" | "button" => {
                    message.buttons.insert(self.name(&place).await?, place);
                }
                _ => left.extend(self.children(&place).await?.into_iter().rev()),
            }
        }
        Ok(message)
    }

    /// The name that this process has on the bus now: a program that starts again in its place has another.
    async fn program(&self, pid: u32) -> Option<Place> {
        let registry = self.connection.object_server().interface::<_, Registry>(ROOT).await.ok()?;
        registry.get().await.newest.lock().await.get(&pid).cloned()
    }

    async fn children(&self, of: &Place) -> Result<Vec<Place>> {
        Ok(self.proxy(of, "Accessible").await?.call("GetChildren", &()).await?)
    }

    async fn role(&self, of: &Place) -> Result<String> {
        Ok(self.proxy(of, "Accessible").await?.call("GetRoleName", &()).await?)
    }

    async fn name(&self, of: &Place) -> Result<String> {
        Ok(self.proxy(of, "Accessible").await?.get_property("Name").await?)
    }

    async fn proxy(&self, (program, path): &Place, interface: &str) -> zbus::Result<Proxy<'static>> {
        let interface = format!("org.a11y.atspi.{interface}");
        Proxy::new(&self.connection, program.clone(), path.clone(), interface).await
    }
}

/// Where programs say that they have windows.
struct Registry {
    /// Of each process, the program that it runs now.
    newest: Mutex<HashMap<u32, Place>>,
}

#[zbus::interface(name = "org.a11y.atspi.Socket")]
impl Registry {
    async fn embed(
        &self,
        plug: Place,
        #[zbus(connection)] connection: &Connection,
    ) -> zbus::fdo::Result<((String, OwnedObjectPath),)> {
        let bus = zbus::fdo::DBusProxy::new(connection).await?;
        let pid = bus.get_connection_unix_process_id(plug.0.as_str().try_into().map_err(zbus::Error::from)?).await?;
        self.newest.lock().await.insert(pid, plug);
        let own = connection.unique_name().map(ToString::to_string).unwrap_or_default();
        let root = OwnedObjectPath::try_from(ROOT).map_err(zbus::Error::from)?;
        Ok(((own, root),))
    }
}
