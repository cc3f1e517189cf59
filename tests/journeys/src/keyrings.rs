//! What can be done to a home's keyring, and another one in its place.

use std::{
    collections::HashMap,
    fs,
    io::Write as _,
    os::{
        fd::AsRawFd,
        unix::net::{UnixListener, UnixStream},
    },
    process::Command,
};

use anyhow::{Context, Result};
use mostik_world::Program;
use rustix::{
    io::{FdFlags, fcntl_setfd},
    process::{Pid, Signal, kill_process_group},
};
use zbus::{
    Proxy,
    connection::Builder,
    zvariant::{OwnedObjectPath, OwnedValue, Value},
};

use crate::{home::Home, until};

/// Where every keyring is, whoever made it.
const SECRETS: &str = "org.freedesktop.secrets";

/// A wallet that is there without its first questions, and offered to programs that know no KDE.
const KWALLET: &str = "[Wallet]\nEnabled=true\nFirst Use=false\nDefault Wallet=kdewallet\nUse One Wallet=true\n\
    Prompt on Open=false\n[org.freedesktop.secrets]\napiEnabled=true\n";

impl Home {
    /// The keyring stands still until [`Home::wake_keyring`], as one does whose disk or question takes its time.
    ///
    /// # Errors
    /// When there is none.
    pub fn still_keyring(&self) -> Result<()> {
        self.signal_keyring(Signal::STOP)
    }

    /// It goes on.
    ///
    /// # Errors
    /// When there is none.
    pub fn wake_keyring(&self) -> Result<()> {
        self.signal_keyring(Signal::CONT)
    }

    fn signal_keyring(&self, signal: Signal) -> Result<()> {
        let pid = self.keyring.as_ref().and_then(|keyring| Pid::from_raw(i32::try_from(keyring.pid()).ok()?));
        kill_process_group(pid.context("there is no keyring")?, signal).context("the keyring takes no signal")
    }

    /// Ends the keyring and takes away all that it held.
    ///
    /// # Errors
    /// When its files cannot be removed.
    pub fn wipe_keyring(&mut self) -> Result<()> {
        self.keyring = None;
        fs::remove_dir_all(self.folder().join("data/keyrings")).context("the keyring's files cannot be removed")
    }

    /// KDE's wallet in the keyring's place, opened as the sign-in to the desktop opens it. Its first run makes a wallet that it
    /// tells nobody of: a keyring without a default collection.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn start_kwallet(&mut self) -> Result<()> {
        self.keyring = None;
        fs::write(self.folder().join("config/kwalletrc"), KWALLET)?;
        let place = self.runtime.path().join("kwallet");
        // Of a run before this one.
        if place.exists() {
            fs::remove_file(&place)?;
        }
        let listener = UnixListener::bind(&place)?;
        // It is handed over by its number.
        fcntl_setfd(&listener, FdFlags::empty())?;
        let script = format!("printf '%056d' 0 | exec kwalletd5 --pam-login 3 {} 3<&0", listener.as_raw_fd());
        let mut command = Command::new("sh");
        self.enter(command.args(["-c", &script])).env("PAM_KWALLET5_LOGIN", &place).env("QT_QPA_PLATFORM", "offscreen");
        self.keyring = Some(Program::start("the wallet", &mut command, &self.folder().join("log/kwallet.log"))?);
        // What the sign-in tells of its session; there is nothing to tell.
        UnixStream::connect(&place)?.write_all(b"LANG=C.UTF-8\n")?;
        self.wait_for_name("org.freedesktop.secrets")?;
        let wallet = self.folder().join("data/kwalletd/kdewallet.kwl");
        until("the wallet's file", || async { wallet.exists().then_some(()) }).await
    }

    /// Puts an entry with these attributes into the keyring, as another program would.
    ///
    /// # Errors
    /// When the keyring does not take it.
    pub async fn add_entry(&self, attributes: &[(&str, &str)]) -> Result<()> {
        let (service, session) = self.secrets().await?;
        let attributes: HashMap<&str, &str> = attributes.iter().copied().collect();
        let properties: HashMap<&str, Value<'_>> = HashMap::from([
            ("org.freedesktop.Secret.Item.Label", Value::from("an entry of another program")),
            ("org.freedesktop.Secret.Item.Attributes", Value::from(attributes)),
        ]);
        let secret = (session, Vec::<u8>::new(), b"not a session".to_vec(), "text/plain");
        let place = "/org/freedesktop/secrets/aliases/default";
        let place = Proxy::new(service.connection(), SECRETS, place, "org.freedesktop.Secret.Collection").await?;
        let _: (OwnedObjectPath, OwnedObjectPath) = place.call("CreateItem", &(properties, secret, false)).await?;
        Ok(())
    }

    /// What the app has put into the keyring.
    ///
    /// # Errors
    /// When there is no entry of its own.
    pub async fn kept_secret(&self) -> Result<Vec<u8>> {
        let (service, session) = self.secrets().await?;
        let ours = HashMap::from([("service", "app.mostik"), ("username", "session")]);
        let (open, _): (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) = service.call("SearchItems", &(ours,)).await?;
        let item = open.first().context("nothing of ours is in the keyring")?;
        let item = Proxy::new(service.connection(), SECRETS, item, "org.freedesktop.Secret.Item").await?;
        let secret: (OwnedObjectPath, Vec<u8>, Vec<u8>, String) = item.call("GetSecret", &(session,)).await?;
        Ok(secret.2)
    }

    /// The service of the keyring, and a session with it in which secrets go as they are.
    async fn secrets(&self) -> Result<(Proxy<'static>, OwnedObjectPath)> {
        let bus = Builder::address(self.bus())?.build().await?;
        let service = Proxy::new(&bus, SECRETS, "/org/freedesktop/secrets", "org.freedesktop.Secret.Service").await?;
        let (_, session): (OwnedValue, OwnedObjectPath) =
            service.call("OpenSession", &("plain", Value::from(""))).await?;
        Ok((service, session))
    }
}
