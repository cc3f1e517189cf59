#![doc = include_str!("../README.md")]

mod ambient;
mod calendar;
mod code;
mod diary;
mod faults;
mod http;
mod journal;
mod mail;
mod max;
mod oauth;
mod phone;
mod ready;
mod secrets;
mod shared;
mod smsc;
mod timetable;
mod vk;
mod world;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinSet;

pub use ambient::Clock;
pub use faults::{Faults, HttpFaults, MailFaults, MailRefusal, MaxFaults, Refusal, SmsFaults};
pub use world::{World, WorldError};

use http::PartyListener;
use mail::Certificates;
use shared::{Addresses, Shared};

/// How long open connections may take to end.
const FAREWELL: Duration = Duration::from_secs(2);

/// How to start. The default listens on loopback, on free ports, with the built-in world and the real time.
#[derive(Debug)]
pub struct Options {
    /// The accounts, schools and clients that the parties know.
    pub world: World,
    /// The address to listen on.
    pub bind: IpAddr,
    /// Port of the diary; 0 takes a free one.
    pub port_diary: u16,
    /// Port of the Bot API; 0 takes a free one.
    pub port_max: u16,
    /// Port of the page «Телефон»; 0 takes a free one.
    pub port_phone: u16,
    /// Port of the SMS centre; 0 takes a free one.
    pub port_smpp: u16,
    /// Port of the mail server; 0 takes a free one.
    pub port_smtp: u16,
    /// Port of VK ID; 0 takes a free one.
    pub port_vk: u16,
    /// The clock.
    pub clock: Clock,
    /// The same seed gives the same codes, tokens and ids. `None` takes them from the system.
    pub seed: Option<u64>,
    /// The pause before a failed webhook is tried again; it grows by 2.5 each time. In reality 60 seconds.
    pub webhook_pause: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            world: World::default(),
            bind: Ipv4Addr::LOCALHOST.into(),
            port_diary: 0,
            port_max: 0,
            port_phone: 0,
            port_smpp: 0,
            port_smtp: 0,
            port_vk: 0,
            clock: Clock::system(),
            seed: None,
            webhook_pause: Duration::from_secs(1),
        }
    }
}

/// Why it did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A port could not be taken.
    #[error("cannot listen for {party} on {address}: {cause}; give another --port-{party}, or 0 for a free one")]
    Listen {
        /// Who was to listen.
        party: &'static str,
        /// The address that could not be listened on.
        address: SocketAddr,
        /// What the system says.
        cause: std::io::Error,
    },
    /// The mail server has no certificate.
    #[error("cannot make a certificate for the mail server: {0}; check that the system gives random numbers")]
    Certificates(std::io::Error),
}

/// The outside parties, running. Dropping it stops them.
#[derive(Debug)]
pub struct Sandbox {
    ready: serde_json::Value,
    stopping: tokio::sync::watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Sandbox {
    /// Listens, and comes back when all parties can be reached.
    ///
    /// # Errors
    ///
    /// Says which port could not be taken.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let listen = async |party, port| {
            let address = SocketAddr::new(options.bind, port);
            let listener = TcpListener::bind(address).await.and_then(|listener| Ok((listener.local_addr()?, listener)));
            listener.map_err(|cause| StartError::Listen { party, address, cause })
        };
        let (diary, diary_listener) = listen("diary", options.port_diary).await?;
        let (max, max_listener) = listen("max", options.port_max).await?;
        let (phone, phone_listener) = listen("phone", options.port_phone).await?;
        let (smpp, smpp_listener) = listen("smpp", options.port_smpp).await?;
        let (smtp, smtp_listener) = listen("smtp", options.port_smtp).await?;
        let (vk, vk_listener) = listen("vk", options.port_vk).await?;
        let certificates = Arc::new(Certificates::make(options.bind).map_err(StartError::Certificates)?);

        let shared = Shared::new(options.world, options.clock, options.seed, options.webhook_pause);
        let addresses = *shared.addresses.get_or_init(|| Addresses { diary, max, phone, smpp, smtp, vk });
        let party = |listener, is_down| PartyListener::new(listener, Arc::clone(&shared), is_down);
        let mut tasks = JoinSet::new();
        tasks.spawn(http::serve(party(diary_listener, |_| false), diary::router(Arc::clone(&shared))));
        tasks.spawn(http::serve(
            party(max_listener, |shared| shared.faults().max.down),
            max::router(Arc::clone(&shared)),
        ));
        tasks.spawn(http::serve(party(phone_listener, |_| false), phone::router(Arc::clone(&shared))));
        tasks.spawn(http::serve(party(vk_listener, |_| false), vk::router(Arc::clone(&shared))));
        tasks.spawn(smsc::serve(smpp_listener, Arc::clone(&shared)));
        tasks.spawn(mail::serve(smtp_listener, Arc::clone(&shared), Arc::clone(&certificates)));
        Ok(Self {
            ready: ready::line(&shared, &addresses, certificates.authority()),
            stopping: shared.stopping.clone(),
            tasks,
        })
    }

    /// What the program prints once ready: addresses, keys and demo accounts, as documented in `README.md`.
    pub fn ready(&self) -> &serde_json::Value {
        &self.ready
    }

    /// One text of [`Sandbox::ready`] by its path, such as `diary` or `bot/token`; empty when there is none.
    pub fn get(&self, path: &str) -> &str {
        self.ready.pointer(&format!("/{path}")).and_then(serde_json::Value::as_str).unwrap_or_default()
    }

    /// Ends open connections and stops.
    pub async fn stop(mut self) {
        self.stopping.send_replace(true);
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(FAREWELL, ended).await.is_err() {
            tracing::warn!("some connections did not end in time");
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stopping.send_replace(true);
    }
}
