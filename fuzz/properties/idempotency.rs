// What is true of POSTs that bear an `Idempotency-Key`, in whatever order they come: one key, one effect, one answer. A case is a line for
// each request, `ACCOUNT KEY WHAT ARGUMENT`, or `+SECONDS` that pass. Shared by the fuzz target and the tests of `mostik-service`.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderValue, Method, Request, header},
};
use mostik_service::{
    Config,
    app::App,
    clock::{Clock, SystemEntropy},
    keys::Keys,
    router::router,
    service::idle,
};
use mostik_store::{
    Store,
    family::{self, NewAccount, NewPupil},
    measures,
    sessions::{self, NewSession, NewTokens},
};
use mostik_wire::{Code, Linking, Millis, Problem, Role, Step};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt as _;

const SECRET_KEY: &str = "a-secret-of-the-fuzzer-0123456789abcdef";
const SETTINGS: &str = r#"
    secret_key = "a-secret-of-the-fuzzer-0123456789abcdef"
    [limits]
    codes_of_service = "1000000"
    wrong_codes_of_service = "1000000"
    [diary]
    client_id = "mostik"
    client_secret = "s3cret"
    [[sms.centre]]
    name = "main"
    smpp = "127.0.0.1:9"
    system_id = "mostik"
    password = "pw"
    [mail]
    server = "127.0.0.1"
    security = "none"
    from = "no-reply@school.example"
    [max]
    token = "t0ken"
    bot = "mostik_bot"
"#;
/// For how long a key counts.
const DAY: i64 = 24 * 60 * 60 * 1_000;
/// More would only take longer.
const MOST_REQUESTS: usize = 16;
/// After so many cases the next ones have a database of their own: nobody sends what is queued in it.
const CASES_OF_A_DATABASE: usize = 500;

thread_local! {
    static HOUSE: RefCell<Option<House>> = const { RefCell::new(None) };
}

/// Whether anything was answered twice. Panics when a key has had two effects or two answers.
pub fn holds(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    // Taken out: after a panic inside there is none.
    let mut house = HOUSE.take().filter(|house| house.cases < CASES_OF_A_DATABASE).unwrap_or_else(House::new);
    let repeated = house.case(&text);
    HOUSE.set(Some(house));
    repeated
}

/// A clock that cases move.
struct CaseClock(AtomicI64);

impl Clock for CaseClock {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::Relaxed))
    }
}

/// A service that nobody but the cases asks.
struct House {
    runtime: Runtime,
    app: App,
    router: Router,
    clock: Arc<CaseClock>,
    cases: usize,
    _folder: tempfile::TempDir,
}

impl House {
    fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(CaseClock(AtomicI64::new(1_795_413_600_000)));
        let config = Config::from_parts(SETTINGS, &|_| None).expect("settings");
        let address = (&*folder.path().join("mostik.sqlite")).into();
        let store = runtime.block_on(Store::open(&address)).expect("a database");
        let keys = Arc::new(Keys::new(SECRET_KEY.as_bytes()));
        let entropy = Arc::new(SystemEntropy);
        let app = {
            let _inside = runtime.enter();
            idle(config, keys, store, clock.clone(), entropy).expect("a service")
        };
        let router = router(app.clone());
        Self { runtime, app, router, clock, cases: 0, _folder: folder }
    }

    fn case(&mut self, text: &str) -> bool {
        self.cases += 1;
        let mut case = Case { house: self, nth: self.cases, answers: BTreeMap::new(), repeated: false };
        self.runtime.block_on(async {
            case.move_in().await;
            for line in text.lines().take(MOST_REQUESTS) {
                match line.strip_prefix('+') {
                    Some(seconds) => {
                        let seconds = seconds.trim().parse::<i64>().unwrap_or_default().clamp(0, 2 * DAY / 1_000);
                        self.clock.0.fetch_add(seconds * 1_000, Ordering::Relaxed);
                    }
                    None => case.line(line).await,
                }
            }
            case.repeated
        })
    }
}

/// An answer that a key has.
struct Answered {
    path: String,
    body: String,
    status: u16,
    text: String,
    until: i64,
}

/// What somebody who looks sees: both accounts' linkings, and how much is queued.
#[derive(PartialEq, Debug)]
struct Seen {
    linkings: Vec<Linking>,
    queued: i64,
}

impl Seen {
    /// No linking has moved twice, no code has lost two tries, no two linkings were begun and no two messages queued.
    fn is_one_step_from(&self, before: &Self) -> bool {
        let steps = self.linkings.iter().all(|now| {
            let Some(then) = before.linkings.iter().find(|then| then.id == now.id) else { return now.version <= 1 };
            let tries = match (&then.step, &now.step) {
                (Step::Code(then), Step::Code(now)) if then.nth == now.nth => then.tries_left - now.tries_left,
                _ => 0,
            };
            now.version - then.version <= 1 && tries <= 1
        });
        let mut begun: Vec<_> = self.linkings.iter().map(|linking| &linking.id.0).collect();
        begun.retain(|id| !before.linkings.iter().any(|then| then.id.0 == **id));
        begun.dedup();
        steps && begun.len() <= 1 && self.queued - before.queued <= 1
    }
}

struct Case<'a> {
    house: &'a House,
    nth: usize,
    answers: BTreeMap<(String, Vec<u8>), Answered>,
    repeated: bool,
}

impl Case<'_> {
    /// Two parents, of two children each, one of them the same.
    async fn move_in(&self) {
        let app = &self.house.app;
        let mut tx = app.store.write().await.expect("a change");
        let now = app.now();
        for (who, children) in [("a", ["1", "2"]), ("b", ["1", "3"])] {
            let account = self.named(who);
            let new = NewAccount {
                id: &account,
                diary_user: &account,
                first_name: "Ольга",
                last_name: "Орлова",
                role: Role::Parent,
                sealed_tokens: "sealed",
            };
            family::keep_account(&mut tx, &new).await.expect("an account");
            let ids = children.map(|child| self.named(child));
            let pupils = ids.each_ref().map(|id| NewPupil {
                id,
                diary_student: id,
                diary_person: None,
                first_name: "Михаил",
                last_name: "Орлов",
                middle_name: None,
                class_name: "8-Б",
                school: None,
                birth_date: None,
                gender: None,
            });
            family::keep_pupils(&mut tx, &account, &pupils).await.expect("children");
            let session = NewSession { id: &account, account: &account, client: "mostik-desktop", now };
            sessions::begin(&mut tx, &session).await.expect("a session");
            let keys = &app.live().keys;
            let tokens = NewTokens {
                access_hash: &keys.token_hash("access", &account),
                access_expires_at: now.plus(1_000 * DAY),
                refresh_hash: &keys.token_hash("refresh", &account),
                refresh_expires_at: now.plus(1_000 * DAY),
                device: None,
                now,
            };
            sessions::give_tokens(&mut tx, &account, &tokens).await.expect("tokens");
        }
        tx.commit().await.expect("they live here");
    }

    /// An id, or a token, of this case alone.
    fn named(&self, what: &str) -> String {
        format!("{what}-{}", self.nth)
    }

    async fn line(&mut self, line: &str) {
        let mut words = line.splitn(4, ' ');
        let [who, key, what, argument] = [(); 4].map(|()| words.next().unwrap_or_default());
        let who = if who == "b" { "b" } else { "a" };
        let Ok(header) = HeaderValue::from_bytes(key.as_bytes()) else { return };
        let before = self.seen().await;
        let Some((path, body)) = self.request(who, header.as_bytes(), what, argument, &before) else { return };
        let account = self.named(who);
        let send = || self.post(&account, &header, &path, &body);
        let answers = if argument == "at-once" {
            let (one, other) = tokio::join!(send(), send());
            vec![one, other]
        } else {
            vec![send().await]
        };
        let after = self.seen().await;
        self.weigh(account, header.as_bytes(), (path, body), answers, (&before, &after));
    }

    /// Path and body; `again` is what was answered under this key, to the letter.
    fn request(&self, who: &str, key: &[u8], what: &str, argument: &str, seen: &Seen) -> Option<(String, String)> {
        let linking = seen.linkings.iter().find(|linking| linking.pupil.0 == self.named("1"));
        let id = linking.map_or("nothing", |linking| linking.id.0.as_str());
        let version = if argument == "stale" { 99 } else { linking.map_or(1, |linking| linking.version) };
        let of_linking = |path: &str, more: String| {
            Some((format!("/v1/linkings/{id}/{path}"), format!("{{\"version\":{version}{more}}}")))
        };
        let quoted = |text: &str| serde_json::to_string(text).ok();
        match what {
            "again" => {
                let known = self.answers.get(&(self.named(who), key.to_vec()))?;
                Some((known.path.clone(), known.body.clone()))
            }
            "create" => {
                let pupil = quoted(&self.named(argument.split_whitespace().next().unwrap_or("1")))?;
                Some(("/v1/linkings".to_owned(), format!("{{\"pupil\":{pupil}}}")))
            }
            "contact" => {
                let digit = argument.bytes().next().unwrap_or(b'0') % 10;
                of_linking("contact", format!(",\"contact\":\"+7900{:06}{digit}\"", self.nth % 1_000_000))
            }
            "code" => of_linking("code", format!(",\"code\":{}", quoted(argument)?)),
            "resend" | "cancel" | "max-proof" | "confirm" => of_linking(what, String::new()),
            "broken" => of_linking("cancel", argument.to_owned()),
            _ => None,
        }
    }

    async fn post(&self, account: &str, key: &HeaderValue, path: &str, body: &str) -> (u16, String) {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {account}"))
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", key)
            .body(Body::from(body.to_owned()))
            .expect("a request");
        self.answer(request).await
    }

    async fn answer(&self, request: Request<Body>) -> (u16, String) {
        let response = self.house.router.clone().oneshot(request).await.expect("an answer");
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        let text = String::from_utf8(body.to_vec()).expect("a text");
        // Of this request alone, also where the answer is another one's.
        let without_id = text.split_once(",\"request_id\":\"").map(|(before, id)| {
            let (_, after) = id.split_once('"').expect("an id");
            format!("{before}{after}")
        });
        (status, without_id.unwrap_or(text))
    }

    async fn seen(&self) -> Seen {
        let mut linkings = Vec::new();
        for who in ["a", "b"] {
            let request = Request::builder()
                .uri("/v1/linkings")
                .header(header::AUTHORIZATION, format!("Bearer {}", self.named(who)))
                .body(Body::empty())
                .expect("a request");
            let (status, text) = self.answer(request).await;
            assert_eq!(status, 200, "{text}");
            linkings.extend(serde_json::from_str::<Vec<Linking>>(&text).expect("linkings"));
        }
        let mut reader = self.house.app.store.reader().await.expect("a reader");
        let waiting = measures::waiting(&mut reader).await.expect("a measure");
        Seen { linkings, queued: waiting.iter().map(|waiting| waiting.messages).sum() }
    }

    /// Holds the answers to what the key has seen before.
    fn weigh(
        &mut self,
        account: String,
        key: &[u8],
        (path, body): (String, String),
        answers: Vec<(u16, String)>,
        (before, after): (&Seen, &Seen),
    ) {
        let now = self.house.app.now().0;
        let code = |text: &str| serde_json::from_str::<Problem>(text).ok().map(|problem| problem.code);
        let refused = |wanted: Code| answers.iter().all(|(_, text)| code(text) == Some(wanted)) && before == after;
        for (status, text) in &answers {
            // What is no answer of the contract, and what is broken inside.
            assert!(*status == 200 || code(text).is_some_and(|code| code != Code::Internal), "{status} {text}");
        }
        assert!(after.is_one_step_from(before), "two effects: {before:?} {after:?}");

        let in_alphabet = |sign: &u8| sign.is_ascii_alphanumeric() || matches!(sign, b'_' | b'-');
        if !((16..=64).contains(&key.len()) && key.iter().all(in_alphabet)) {
            return assert!(refused(Code::IdempotencyKeyMissing), "{key:?}: {answers:?}");
        }
        if answers.iter().all(|(_, text)| code(text) == Some(Code::MalformedRequest)) {
            return assert!(before == after, "a malformed request had an effect: {body}");
        }
        let key = (account, key.to_vec());
        if let Some(known) = self.answers.get(&key).filter(|known| now < known.until) {
            if (&known.path, &known.body) != (&path, &body) {
                return assert!(refused(Code::IdempotencyKeyReused), "{path} {body}: {answers:?}");
            }
            for (status, text) in &answers {
                assert_eq!((status, text), (&known.status, &known.text), "another answer");
            }
            assert_eq!(before, after, "a repeated request had an effect");
            self.repeated = true;
            return;
        }
        // One of two at once waits outside, or hears what the other hears.
        let own: Vec<_> = answers.iter().filter(|(_, text)| code(text) != Some(Code::RequestInFlight)).collect();
        let Some((status, text)) = own.first() else { panic!("nobody was let in: {answers:?}") };
        // What is refused and changes nothing gives its key back; all else is kept.
        if *status == 200 || before != after {
            assert!(own.iter().all(|(_, other)| other == text), "two answers: {answers:?}");
            let answered = Answered { path, body, status: *status, text: text.clone(), until: now + DAY };
            self.answers.insert(key, answered);
        }
    }
}
