use std::{
    collections::HashMap,
    path::Path,
    sync::{
        Condvar, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use mostik_engine::{Notifier, OpenError, Opener, Vault};
use mostik_flow::{KeyringProblem, Language, Notice};
use mostik_wire::Secret;
use tokio::sync::{Mutex as AsyncMutex, mpsc, watch};
use url::Url;

/// Somebody at the browser, whom the system may tell things.
pub struct Person {
    pub cannot_open: AtomicBool,
    pub wants_no_notices: AtomicBool,
    told: watch::Sender<Vec<(Notice, Language)>>,
    opened: mpsc::UnboundedSender<String>,
    pages: AsyncMutex<mpsc::UnboundedReceiver<String>>,
}

impl Default for Person {
    fn default() -> Self {
        let (opened, pages) = mpsc::unbounded_channel();
        Self {
            cannot_open: AtomicBool::new(false),
            wants_no_notices: AtomicBool::new(false),
            told: watch::Sender::default(),
            opened,
            pages: AsyncMutex::new(pages),
        }
    }
}

impl Opener for Person {
    fn open(&self, url: &str) -> Result<(), OpenError> {
        if self.cannot_open.load(Ordering::SeqCst) {
            return Err(OpenError::new("no browser"));
        }
        self.opened.send(url.to_owned()).map_err(OpenError::new)
    }

    fn is_max_installed(&self) -> Option<bool> {
        Some(false)
    }

    fn show_in_folder(&self, file: &Path) -> Result<(), OpenError> {
        self.open(&format!("file://{}", file.display()))
    }
}

impl Notifier for Person {
    fn is_allowed(&self) -> bool {
        !self.wants_no_notices.load(Ordering::SeqCst)
    }

    fn notify(&self, notice: Notice, language: Language) {
        self.told.send_modify(|told| told.push((notice, language)));
    }
}

impl Person {
    /// Waits until the system has told something; all that it has told.
    pub async fn is_told(&self) -> Vec<(Notice, Language)> {
        let mut told = self.told.subscribe();
        super::soon::soon(told.wait_for(|told| !told.is_empty())).await.unwrap().clone()
    }

    /// The next page that is opened in the browser.
    pub async fn page(&self) -> Url {
        let page = super::soon::soon(async { self.pages.lock().await.recv().await }).await;
        Url::parse(&page.unwrap()).unwrap()
    }

    /// Goes where the service sends the browser back to; gives the status and the text of the page there.
    pub async fn come_back(&self, authorize: &Url, answer: &[(&str, &str)]) -> (u16, String) {
        let query: HashMap<_, _> = authorize.query_pairs().into_owned().collect();
        let mut url = Url::parse(&query["redirect_uri"]).unwrap();
        url.query_pairs_mut().extend_pairs(answer);
        self.visit(url).await
    }

    pub async fn visit(&self, url: Url) -> (u16, String) {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let response = client.get(url).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }
}

/// A keyring with moods.
#[derive(Default)]
pub struct Keyring {
    secret: Mutex<Option<String>>,
    mood: Mutex<Mood>,
    changed: Condvar,
}

/// How a keyring answers.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum Mood {
    #[default]
    Well,
    /// Every call has this problem.
    Says(KeyringProblem),
    /// Calls stand until the mood changes.
    Stands,
    /// Calls panic.
    Panics,
}

impl Keyring {
    pub fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
        self.changed.notify_all();
    }

    pub fn put(&self, secret: &str) {
        *self.secret.lock().unwrap() = Some(secret.to_owned());
    }

    pub fn holds(&self) -> Option<String> {
        self.secret.lock().unwrap().clone()
    }

    fn call(&self) -> Result<(), KeyringProblem> {
        let mood = *self.changed.wait_while(self.mood.lock().unwrap(), |mood| *mood == Mood::Stands).unwrap();
        match mood {
            Mood::Says(problem) => Err(problem),
            Mood::Panics => panic!("the keyring breaks down"),
            Mood::Well | Mood::Stands => Ok(()),
        }
    }
}

impl Vault for Keyring {
    fn read(&self) -> Result<Option<Secret>, KeyringProblem> {
        self.call()?;
        Ok(self.holds().map(Secret::new))
    }

    fn write(&self, secret: &Secret) -> Result<(), KeyringProblem> {
        self.call()?;
        self.put(secret.expose());
        Ok(())
    }

    fn forget(&self) -> Result<(), KeyringProblem> {
        self.call()?;
        *self.secret.lock().unwrap() = None;
        Ok(())
    }
}

/// What the engine keeps in the keyring.
pub fn kept_tokens(service: &str, access: &str, refresh: &str) -> String {
    let service = Url::parse(service).unwrap();
    serde_json::json!({ "v": 1, "service": service, "access": access, "refresh": refresh }).to_string()
}
