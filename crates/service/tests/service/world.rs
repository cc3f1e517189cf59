//! A world: the real service on a real socket, the sandbox around it, a clock that a test moves, seeded randomness.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use mostik_sandbox::{Options, Sandbox};
use mostik_service::{
    Config, Service,
    audit::Author,
    clock::{Clock, Entropy},
    keys::Keys,
    service::StartError,
};
use mostik_store::Store;
use mostik_wire::{Linking, MaxStep, MaxTrouble, Me, Millis, Step};
use rand::{RngCore, SeedableRng, rngs::StdRng};
use reqwest::redirect::Policy;
use serde_json::{Value, json};

use crate::responses::hold_to_contract;
pub use crate::{
    database::{Database, on_postgres},
    responses::{Answer, Events},
};

/// Monday, 23 November 2026, nine in the morning in Moscow.
pub const MORNING: i64 = 1_795_413_600_000;
/// A hang is a failure, not a sleep.
const PATIENCE: Duration = Duration::from_secs(30);
pub const SECRET_KEY: &str = "a-secret-of-the-tests-0123456789abcdef";
pub const REDIRECT: &str = "http://127.0.0.1:49152/callback";
pub const SECOND: i64 = 1_000;
pub const MINUTE: i64 = 60_000;
pub const DAY: i64 = 24 * 60 * MINUTE;

#[derive(Default)]
pub struct TestClock(pub AtomicI64);

impl Clock for TestClock {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::SeqCst))
    }
}

/// Seeded; a test may hold the making of the next code, or say which it is.
pub struct TestEntropy {
    rng: Mutex<StdRng>,
    pub next_code: Mutex<Option<u32>>,
    gate: Mutex<Option<(tokio::sync::oneshot::Sender<()>, std::sync::mpsc::Receiver<()>)>>,
}

impl Entropy for TestEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        // Codes are the only thing made of four bytes.
        if bytes.len() == 4
            && let Some((entered, release)) = self.gate.lock().unwrap().take()
        {
            entered.send(()).unwrap();
            // Not just a wait: this thread may be the one that looks after all sockets of the runtime.
            tokio::task::block_in_place(|| release.recv().unwrap());
        }
        if bytes.len() == 4
            && let Some(code) = self.next_code.lock().unwrap().take()
        {
            return bytes.copy_from_slice(&code.to_le_bytes());
        }
        self.rng.lock().unwrap().fill_bytes(bytes);
    }
}

pub struct World {
    pub sandbox: Sandbox,
    pub service: Option<Service>,
    /// In place of `service`: the address of a process of its own.
    pub process: Option<String>,
    pub clock: Arc<TestClock>,
    pub entropy: Arc<TestEntropy>,
    pub dir: tempfile::TempDir,
    /// What the setting says: a file in `dir`, or PostgreSQL.
    pub database: String,
    _database: Database,
    pub http: reqwest::Client,
    extra: Vec<(String, String)>,
    /// In place of the sandbox's own SMS centre: all `[[sms.centre]]` of the configuration.
    centres: Option<String>,
    keys: AtomicU64,
    sms_seen: AtomicU64,
}

/// A signed-in app.
#[derive(Clone)]
pub struct App {
    pub access: String,
    pub refresh: String,
    /// What it says in `Accept-Language`.
    pub language: &'static str,
}

impl App {
    /// The same app with its interface in English.
    pub fn in_english(self) -> Self {
        Self { language: "en", ..self }
    }
}

impl World {
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// A world with settings beside the usual ones, by their variables.
    pub async fn with(extra: &[(&str, &str)]) -> Self {
        Self::in_dir(tempfile::tempdir().unwrap(), extra).await
    }

    /// As [`World::with`], with the database in a directory of the test's choice.
    pub async fn in_dir(dir: tempfile::TempDir, extra: &[(&str, &str)]) -> Self {
        Self::in_dir_with(dir, None, extra).await
    }

    /// The same with these `[[sms.centre]]`, if they are not to be the sandbox's own.
    pub async fn in_dir_with(dir: tempfile::TempDir, centres: Option<String>, extra: &[(&str, &str)]) -> Self {
        let mut world = Self { centres, ..Self::not_started(dir, extra).await };
        world.start().await;
        world
    }

    /// A world with other SMS centres; the sandbox's own can be among them.
    pub async fn with_centres(centres: impl FnOnce(&Self) -> String, extra: &[(&str, &str)]) -> Self {
        let mut world = Self::not_started(tempfile::tempdir().unwrap(), extra).await;
        world.centres = Some(centres(&world));
        world.start().await;
        world
    }

    /// A world on this database.
    pub async fn over(database: String) -> Self {
        let mut world = Self { database, ..Self::not_started(tempfile::tempdir().unwrap(), &[]).await };
        world.start().await;
        world
    }

    async fn not_started(dir: tempfile::TempDir, extra: &[(&str, &str)]) -> Self {
        let clock = Arc::new(TestClock(AtomicI64::new(MORNING)));
        let database = Database::new();
        Self {
            sandbox: Sandbox::start(options(&clock, None)).await.unwrap(),
            service: None,
            process: None,
            clock,
            entropy: Arc::new(TestEntropy {
                rng: Mutex::new(StdRng::seed_from_u64(42)),
                next_code: Mutex::default(),
                gate: Mutex::default(),
            }),
            database: database.address(dir.path()),
            _database: database,
            dir,
            http: reqwest::Client::builder().no_proxy().redirect(Policy::none()).timeout(PATIENCE).build().unwrap(),
            extra: extra.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            centres: None,
            keys: AtomicU64::new(0),
            sms_seen: AtomicU64::new(0),
        }
    }

    async fn start(&mut self) {
        self.service = Some(self.another_node().await);
    }

    /// Another process on the same database.
    pub async fn another_node(&self) -> Service {
        self.node_with(&[]).await.unwrap()
    }

    /// Another process on the same database, with settings beside the usual ones.
    pub async fn node_with(&self, changes: &[(&str, &str)]) -> Result<Service, StartError> {
        Service::start(self.config_with(changes), self.clock.clone(), self.entropy.clone()).await
    }

    /// The settings of this world with others over them, by their variables.
    pub fn config_with(&self, changes: &[(&str, &str)]) -> Config {
        let config = Config::from_parts(&self.config_text(), &|name| {
            let changed = changes.iter().rev().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
            changed.or_else(|| self.extra.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()))
        });
        config.unwrap_or_else(|faults| panic!("{faults:?}"))
    }

    /// What the parties accept from now on.
    pub async fn accept(&self, secrets: Value) {
        self.phone_api(self.http.patch(self.phone_page("/api/secrets")).json(&secrets)).await;
    }

    pub fn config_text(&self) -> String {
        let s = &self.sandbox;
        let diary = s.get("diary");
        format!(
            "listen = \"127.0.0.1:0\"\ndatabase = {db:?}\nsecret_key = \"{SECRET_KEY}\"\n\
             [limits]\nshared_networks = \"127.0.0.0/8\"\n\
             [diary]\nauthorize_url = \"{diary}/sps/oauth/ae\"\ntoken_url = \"{diary}/sps/oauth/te\"\n\
             api_url = \"{diary}/api/family\"\ncalendar_url = \"{diary}/api/eventcalendar\"\nclient_id = {:?}\nclient_secret = {:?}\n\
             {centres}\
             [mail]\nserver = \"127.0.0.1\"\nport = \"9\"\nsecurity = \"none\"\nfrom = \"no-reply@school.test\"\n\
             [max]\napi_url = {:?}\ntoken = {:?}\nbot = {:?}\nlink_base = {:?}\n\
             [vk]\nauthorize_url = \"{vk}/authorize\"\ntoken_url = \"{vk}/oauth2/auth\"\n\
             user_info_url = \"{vk}/oauth2/user_info\"\nrevoke_url = \"{vk}/oauth2/revoke\"\nclient_id = {:?}\n\
             messenger_url = \"{}?profile={{profile}}\"\n",
            s.get("diary_client/id"),
            s.get("diary_client/secret"),
            s.get("max_api"),
            s.get("bot/token"),
            s.get("bot/username"),
            s.get("max_link"),
            s.get("vk_client/id"),
            s.get("vk_link"),
            vk = s.get("vk"),
            centres = self.centres.as_ref().map_or_else(|| self.sandbox_centre("sandbox"), Clone::clone),
            db = self.database,
        )
    }

    /// The sandbox's SMS centre, as the configuration names it.
    pub fn sandbox_centre(&self, name: &str) -> String {
        let (smpp, account) =
            (self.sandbox.get("smpp"), |what: &str| self.sandbox.get(&format!("smpp_account/{what}")));
        let (system_id, password) = (account("system_id"), account("password"));
        format!(
            "[[sms.centre]]\nname = {name:?}\nsmpp = {smpp:?}\nsystem_id = {system_id:?}\npassword = {password:?}\n"
        )
    }

    /// The database, for who looks into its tables.
    pub async fn store(&self) -> Store {
        Store::open(&self.database.parse().unwrap()).await.unwrap()
    }

    pub async fn stop(&mut self) {
        if let Some(service) = self.service.take() {
            service.stop().await;
        }
    }

    pub async fn restart(&mut self) {
        self.stop().await;
        self.start().await;
    }

    /// The diary forgets everybody: the sandbox starts anew at the same addresses.
    pub async fn renew_sandbox(&mut self) {
        self.renew_sandbox_with(mostik_sandbox::World::default()).await;
    }

    /// The same, with other people in it.
    pub async fn renew_sandbox_with(&mut self, people: mostik_sandbox::World) {
        let port =
            |path: &str| self.sandbox.get(path).trim_end_matches('/').rsplit(':').next().unwrap().parse().unwrap();
        let ports = [port("diary"), port("max_api"), port("phone"), port("smpp")];
        let old = std::mem::replace(&mut self.sandbox, Sandbox::start(options(&self.clock, None)).await.unwrap());
        old.stop().await;
        self.sandbox = Sandbox::start(Options { world: people, ..options(&self.clock, Some(ports)) }).await.unwrap();
    }

    pub fn url(&self) -> &str {
        self.process.as_deref().unwrap_or_else(|| &self.service.as_ref().expect("the service runs").url)
    }

    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    pub fn advance(&self, ms: i64) {
        self.clock.0.fetch_add(ms, Ordering::SeqCst);
    }

    pub fn set_clock(&self, at: i64) {
        self.clock.0.store(at, Ordering::SeqCst);
    }

    /// Holds the next code's making: `entered` when it began, `release` to let it go on.
    pub fn hold_next_code(&self) -> (tokio::sync::oneshot::Receiver<()>, std::sync::mpsc::Sender<()>) {
        let (entered, on_entered) = tokio::sync::oneshot::channel();
        let (release, on_release) = std::sync::mpsc::channel();
        *self.entropy.gate.lock().unwrap() = Some((entered, on_release));
        (on_entered, release)
    }

    pub fn new_key(&self) -> String {
        format!("key-of-the-test-{:06}", self.keys.fetch_add(1, Ordering::SeqCst))
    }

    pub async fn get(&self, app: &App, path: &str) -> Answer {
        let request = self.http.get(format!("{}{path}", self.url())).bearer_auth(&app.access);
        let request = request.header("accept-language", app.language);
        let answer = Answer::of(request.send().await.unwrap()).await;
        hold_to_contract("GET", path, &answer);
        answer
    }

    pub async fn post(&self, app: &App, path: &str, body: Value) -> Answer {
        self.post_with_key(app, path, &self.new_key(), body).await
    }

    pub async fn post_with_key(&self, app: &App, path: &str, key: &str, body: Value) -> Answer {
        self.post_to(self.url(), app, path, key, body).await
    }

    pub async fn post_to(&self, url: &str, app: &App, path: &str, key: &str, body: Value) -> Answer {
        let request = self.http.post(format!("{url}{path}")).bearer_auth(&app.access);
        let request = request.header("idempotency-key", key).header("accept-language", app.language).json(&body);
        let answer = Answer::of(request.send().await.unwrap()).await;
        hold_to_contract("POST", path, &answer);
        answer
    }

    pub async fn me(&self, app: &App) -> Me {
        let answer = self.get(app, "/v1/me").await;
        assert_eq!(answer.status, 200, "{answer:?}");
        serde_json::from_str(&answer.text).unwrap()
    }

    pub async fn linking(&self, app: &App, id: &str) -> Linking {
        self.get(app, &format!("/v1/linkings/{id}")).await.linking()
    }

    /// Begins, or gets back, the linking of the account's first pupil.
    pub async fn begin(&self, app: &App) -> Linking {
        let pupil = self.me(app).await.pupils[0].id.clone();
        self.post(app, "/v1/linkings", json!({ "pupil": pupil })).await.linking()
    }

    pub async fn act(&self, app: &App, linking: &Linking, what: &str, mut body: Value) -> Answer {
        body["version"] = linking.version.into();
        self.post(app, &format!("/v1/linkings/{}/{what}", linking.id.0), body).await
    }

    /// Begins and gives a number; answers with the linking and the code that came.
    pub async fn to_code(&self, app: &App, phone: &str) -> (Linking, String) {
        let begun = self.begin(app).await;
        let linking = self.act(app, &begun, "contact", json!({ "contact": phone })).await.linking();
        (linking, self.sms_code(phone).await)
    }

    pub async fn to_profile(&self, app: &App, phone: &str) -> Linking {
        let (linking, code) = self.to_code(app, phone).await;
        self.act(app, &linking, "code", json!({ "code": code })).await.linking()
    }

    pub async fn to_max(&self, app: &App, phone: &str) -> Linking {
        let linking = self.to_profile(app, phone).await;
        let linking = self.act(app, &linking, "confirm", json!({ "accept_other_name": true })).await.linking();
        assert!(matches!(linking.step, Step::Max(_)), "{linking:?}");
        linking
    }

    pub async fn to_linked(&self, app: &App, phone: &str, user: i64) -> Linking {
        let linking = self.to_max(app, phone).await;
        self.finish_in_max(app, &linking, user).await
    }

    /// The person opens the link in MAX and shares the number there.
    pub async fn finish_in_max(&self, app: &App, linking: &Linking, user: i64) -> Linking {
        let Step::Max(max) = &linking.step else { panic!("{linking:?}") };
        self.max_open(user, &max.url).await;
        self.until(app, linking, |l| matches!(&l.step, Step::Max(m) if m.opened)).await;
        self.max_contact(user, json!({})).await;
        let linking = self.until(app, linking, |l| l.step.is_over() || asks_whose_max(l)).await;
        if !asks_whose_max(&linking) {
            return linking;
        }
        self.act(app, &linking, "max-number", json!({})).await.linking()
    }

    pub fn phone_page(&self, path: &str) -> String {
        format!("{}{path}", self.sandbox.get("phone").trim_end_matches('/'))
    }

    pub async fn phone_api(&self, request: reqwest::RequestBuilder) -> Value {
        let answer = Answer::of(request.send().await.unwrap()).await;
        assert!(answer.status.is_success(), "{answer:?}");
        answer.json()
    }

    /// The next SMS to a number that no test has read yet.
    pub async fn sms(&self, to: &str) -> String {
        let after = self.sms_seen.load(Ordering::SeqCst);
        let to: String = to.chars().filter(char::is_ascii_digit).collect();
        let path = format!("/api/sms/wait?to={to}&after={after}&timeout_s=20");
        let found = self.phone_api(self.http.get(self.phone_page(&path))).await;
        let first = found.get(0).unwrap_or_else(|| panic!("no SMS came to {to}"));
        self.sms_seen.store(first["id"].as_u64().unwrap(), Ordering::SeqCst);
        first["text"].as_str().unwrap().to_owned()
    }

    pub async fn sms_code(&self, to: &str) -> String {
        let text = self.sms(to).await;
        let digits: String =
            text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        assert_eq!(digits.len(), 6, "{text}");
        digits
    }

    pub async fn sms_count(&self, to: &str) -> usize {
        let to: String = to.chars().filter(char::is_ascii_digit).collect();
        let all = self.phone_api(self.http.get(self.phone_page(&format!("/api/sms?to={to}")))).await;
        all.as_array().unwrap().len()
    }

    pub async fn faults(&self, faults: Value) {
        self.phone_api(self.http.put(self.phone_page("/api/faults")).json(&faults)).await;
    }

    pub async fn max_open(&self, user: i64, link: &str) {
        let body = json!({ "user_id": user, "link": link });
        self.phone_api(self.http.post(self.phone_page("/api/max/open")).json(&body)).await;
    }

    pub async fn max_contact(&self, user: i64, mut wish: Value) {
        wish["user_id"] = user.into();
        self.phone_api(self.http.post(self.phone_page("/api/max/contact")).json(&wish)).await;
    }

    pub async fn max_write(&self, user: i64, text: &str) {
        let body = json!({ "user_id": user, "text": text });
        self.phone_api(self.http.post(self.phone_page("/api/max/message")).json(&body)).await;
    }

    /// What the bot says next; `after` is the number of its words that the test has seen.
    pub async fn bot_says(&self, user: i64, after: &mut u64) -> Value {
        let path = format!("/api/max/chat/wait?user_id={user}&after={after}&timeout_s=2");
        for _ in 0..10 {
            let found = self.phone_api(self.http.get(self.phone_page(&path))).await;
            if let Some(first) = found.get(0) {
                *after = first["id"].as_u64().unwrap();
                return first.clone();
            }
            // On a busy machine two words can reach MAX closer together than they were sent. It refuses the later one, which is
            // tried again a moment later on this world's clock; and that stands still by itself.
            self.advance(SECOND);
        }
        panic!("the bot said nothing to {user}")
    }

    /// Follows the linking's events until one fits.
    pub async fn until(&self, app: &App, linking: &Linking, fits: impl Fn(&Linking) -> bool) -> Linking {
        let mut events = self.events(app, &linking.id.0).await;
        loop {
            let linking = events.next().await.expect("the events go on");
            if fits(&linking) {
                return linking;
            }
        }
    }

    pub async fn events(&self, app: &App, id: &str) -> Events {
        let request = self.http.get(format!("{}/v1/linkings/{id}/events", self.url())).bearer_auth(&app.access);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Events { response, text: String::new() }
    }

    pub async fn import(&self, profiles: Value) {
        let db = self.store().await;
        let text = profiles.to_string();
        let keys = Arc::new(Keys::new(SECRET_KEY.as_bytes()));
        let author = Author { keys, entropy: &*self.entropy, now: self.now() };
        mostik_service::profiles::import(&db, &author, &text).await.unwrap();
        db.close().await;
    }
}

/// Where no number is known that MAX could be compared with, the person is asked.
pub fn asks_whose_max(linking: &Linking) -> bool {
    matches!(&linking.step, Step::Max(MaxStep { trouble: Some(MaxTrouble::ToConfirm { .. }), .. }))
}

fn options(clock: &Arc<TestClock>, ports: Option<[u16; 4]>) -> Options {
    let clock = clock.clone();
    // MAX counts requests a second: for the sandbox time goes on.
    let started = tokio::time::Instant::now();
    let passed = move || i64::try_from(started.elapsed().as_millis()).unwrap();
    let [port_diary, port_max, port_phone, port_smpp] = ports.unwrap_or_default();
    Options {
        clock: mostik_sandbox::Clock::new(move || clock.now().0 + passed()),
        seed: Some(7),
        port_diary,
        port_max,
        port_phone,
        port_smpp,
        ..Options::default()
    }
}
