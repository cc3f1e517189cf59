//! A world for one engine: a service that answers as told, a person's browser, a keyring with moods.

mod person;
mod service;
mod soon;

pub use person::{Keyring, Mood, Person, kept_tokens};
pub use service::{ACCESS, Answer, PHONE, REFRESH, Service, event, linking, me, step_code};
pub use soon::{NEVER, soon};

use std::{
    sync::{Arc, Mutex, OnceLock},
    time::Duration,
};

use mostik_engine::{Clock, Engine, Ports, Settings, StartError, SystemClock, SystemRandom, Timeouts};
use mostik_flow::{Intent, Screen, View};
use tempfile::TempDir;
use url::Url;

/// Everything that was logged in this process, at every level.
pub static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

pub struct World {
    pub service: Service,
    pub person: Arc<Person>,
    pub keyring: Arc<Keyring>,
    pub clock: Arc<dyn Clock>,
    pub timeouts: Timeouts,
    pub release_key: Option<String>,
    pub dir: TempDir,
}

impl World {
    /// A service that works, an empty keyring, an empty disk; all waiting is short.
    pub fn new() -> Self {
        log_everything();
        let ms = Duration::from_millis;
        let timeouts = Timeouts {
            answer: Duration::from_secs(5),
            retry_base: ms(2),
            retry_cap: ms(8),
            poll: ms(10),
            poll_cap: ms(40),
            ..Timeouts::default()
        };
        Self {
            service: Service::start(),
            person: Arc::default(),
            keyring: Arc::default(),
            clock: Arc::new(SystemClock),
            timeouts,
            release_key: None,
            dir: TempDir::new().unwrap(),
        }
    }

    /// The same with a session in the keyring.
    pub fn signed_in() -> Self {
        let world = Self::new();
        let (access, refresh) = world.service.give_tokens();
        world.keyring.put(&kept_tokens(&world.service.url, &access, &refresh));
        world
    }

    pub async fn try_start(&self) -> Result<Engine, StartError> {
        let url = Url::parse(&self.service.url).unwrap();
        let release_key = self.release_key.clone();
        let settings =
            Settings { timeouts: self.timeouts, release_key, ..Settings::new(url, self.dir.path(), "mostik-test") };
        let ports = Ports {
            opener: self.person.clone(),
            notifier: self.person.clone(),
            vault: self.keyring.clone(),
            clock: self.clock.clone(),
            random: Arc::new(SystemRandom),
        };
        Engine::start(settings, ports).await
    }

    pub async fn start(&self) -> Engine {
        self.try_start().await.unwrap()
    }

    pub async fn drive_to_diary(&self) -> Engine {
        let engine = self.start().await;
        let settled = |s: &Screen| matches!(&s.view, View::Diary { busy: false, day, .. } if day.week.is_some());
        until(&engine, settled).await;
        engine
    }

    pub async fn drive_to_contact(&self) -> Engine {
        let engine = self.drive_to_diary().await;
        engine.send(Intent::Begin);
        until(&engine, |s| matches!(s.view, View::Contact { .. })).await;
        engine
    }

    pub async fn drive_to_code(&self) -> Engine {
        let engine = self.drive_to_contact().await;
        engine.send(Intent::SubmitContact { text: PHONE.into() });
        until(&engine, |s| matches!(s.view, View::Code { .. })).await;
        engine
    }
}

/// Waits for a screen.
pub async fn until(engine: &Engine, wanted: impl FnMut(&Screen) -> bool) -> Screen {
    let mut screens = engine.screens();
    let found = tokio::time::timeout(NEVER, screens.wait_for(wanted)).await;
    match found {
        Ok(Ok(screen)) => screen.clone(),
        Ok(Err(_)) => panic!("the engine ended"),
        Err(_) => panic!("it stays at {:?}", engine.snapshot()),
    }
}

fn log_everything() {
    static ONCE: OnceLock<()> = OnceLock::new();
    ONCE.get_or_init(|| {
        struct Writer;
        impl std::io::Write for Writer {
            fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
                LOG.lock().unwrap().extend_from_slice(bytes);
                Ok(bytes.len())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        tracing_subscriber::fmt()
            .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
            .with_ansi(false)
            .with_writer(|| Writer)
            .init();
    });
}
