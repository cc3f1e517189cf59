//! Before an address or a number is proven nothing tells whether it has a profile: neither the bytes of an answer nor its time.
//!
//! The measure of time is the AUC, the chance that an answer about a known address takes longer than one about an unknown: 0.5
//! when nothing can be learnt. How many requests there are and what counts as a difference is settled beforehand. The same times
//! with one more look-up in the database for known addresses must count as one, or the measure would prove nothing.

use std::{collections::BTreeMap, net::TcpListener, path::Path, thread, time::Duration};

use mostik_linking::limits::CONTACTS_OF_LINKING;
use mostik_store::Store;
use mostik_wire::Linking;
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::Instant,
};

use crate::world::{App, MINUTE, World};

/// How much is asked, and what counts as a difference.
struct Measure {
    /// Requests to each endpoint, half of them about known addresses.
    requests: usize,
    /// How far from 0.5 is no difference.
    tolerance: f64,
}

/// Chance alone moves the AUC by 0.0028 (one standard deviation, the root of (n + m + 1) / 12nm, and less where neighbours are alike): in
/// fewer than one run of a thousand it takes any of the three endpoints beyond the tolerance.
const LONG: Measure = Measure { requests: 44_000, tolerance: 0.01 };
/// A quarter of the requests, and so twice the deviation.
const SHORT: Measure = Measure { requests: 11_000, tolerance: 0.02 };

fn measure() -> Measure {
    if std::env::var_os("MOSTIK_ALL_TIMES").is_some() { LONG } else { SHORT }
}

/// Each has a core and its share of the requests.
const WORLDS: usize = 2;

/// What profiles are found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Mail,
    Number,
}

impl By {
    /// A contact, of very many.
    fn contact(self, nth: usize) -> String {
        match self {
            Self::Mail => format!("pupil-{nth:06}@mail.test"),
            Self::Number => format!("+7900{nth:07}"),
        }
    }

    /// The contact of a profile that nobody asks for over HTTP.
    const fn looked_up(self) -> &'static str {
        match self {
            Self::Mail => "looked-up@mail.test",
            Self::Number => "+79019999999",
        }
    }

    const fn field(self) -> &'static str {
        match self {
            Self::Mail => "email",
            Self::Number => "phone",
        }
    }
}

/// Contacts that one linking tries: a wrong code is compared with all older ones, so let there be few.
const CONTACTS: usize = 10;

/// One endpoint's times.
#[derive(Default)]
struct Sample {
    known: Vec<Duration>,
    unknown: Vec<Duration>,
}

impl Sample {
    fn note(&mut self, is_known: bool, took: Duration) {
        if is_known { &mut self.known } else { &mut self.unknown }.push(took);
    }

    fn join(&mut self, other: Self) {
        self.known.extend(other.known);
        self.unknown.extend(other.unknown);
    }

    /// Mann and Whitney's statistic over the number of pairs; ties count half.
    fn auc(&self) -> f64 {
        let mut all: Vec<(Duration, bool)> =
            self.known.iter().map(|t| (*t, true)).chain(self.unknown.iter().map(|t| (*t, false))).collect();
        all.sort_by_key(|(took, _)| *took);
        let (mut ranks, mut at) = (0.0, 0);
        while at < all.len() {
            let ties = all[at..].iter().take_while(|(took, _)| *took == all[at].0).count();
            let rank = (2 * at + ties + 1) as f64 / 2.0;
            ranks += rank * all[at..at + ties].iter().filter(|(_, known)| *known).count() as f64;
            at += ties;
        }
        let (n, m) = (self.known.len() as f64, self.unknown.len() as f64);
        (ranks - n * (n + 1.0) / 2.0) / (n * m)
    }

    /// Whether the times tell known addresses from unknown ones.
    fn tells(&self) -> bool {
        (self.auc() - 0.5).abs() > measure().tolerance
    }
}

/// What one endpoint took, and would take with a look-up more for known addresses.
#[derive(Default)]
struct Times {
    taken: Sample,
    with_look_up: Sample,
}

/// A connection to the service that shows every byte, and costs next to nothing beside what is measured.
struct Connection(TcpStream);

impl Connection {
    async fn open(world: &World) -> Self {
        Self(TcpStream::connect(world.url().strip_prefix("http://").unwrap()).await.unwrap())
    }

    // The head and the body of the answer.
    async fn ask(&mut self, request: &str) -> (String, String) {
        self.0.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::with_capacity(4096);
        loop {
            assert_ne!(self.0.read_buf(&mut answer).await.unwrap(), 0, "the service hung up");
            let text = std::str::from_utf8(&answer).unwrap();
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
            if body.len() == length.parse::<usize>().unwrap() {
                return (head.to_owned(), body.to_owned());
            }
        }
    }
}

// What differs between any two requests. The clock stands at one of two moments, so times need no mask.
fn masked(head: &str, body: &str, linking: &Value, address: &str) -> String {
    const ITS_OWN: [&str; 3] = ["date: ", "content-length: ", "x-request-id: "];
    let request = head.lines().find_map(|line| line.strip_prefix(ITS_OWN[2])).unwrap();
    let head = head.lines().filter(|line| !ITS_OWN.iter().any(|name| line.starts_with(name)));
    let shown = linking["contact"].as_str().unwrap_or(address);
    let mut text = body.replace(linking["id"].as_str().unwrap(), "-").replace(shown, "-").replace(request, "-");
    for name in ["version", "nth"] {
        let field = format!("\"{name}\":{}", linking[name]);
        assert_eq!(text.matches(&field).count(), 1, "{text}");
        text = text.replace(&field, "-");
    }
    head.chain([text.as_str()]).collect::<Vec<_>>().join("\n")
}

// Which addresses are known: by the toss of a coin, one of two neighbours, and one of the two at the same place in two linkings.
// What changes in the course of time or of a linking is the same for both kinds.
fn kinds(mut coin: StdRng, requests: usize) -> Vec<bool> {
    let mut kinds = Vec::new();
    while kinds.len() < requests {
        let tosses = (0..CONTACTS / 2).map(|_| coin.random());
        let linking: Vec<bool> = tosses.flat_map(|first: bool| [first, !first]).collect();
        kinds.extend(linking.iter());
        kinds.extend(linking.iter().map(|is_known| !is_known));
    }
    kinds
}

struct Bench {
    by: By,
    world: World,
    app: App,
    linking: Linking,
    connection: Connection,
    look_ups: Store,
    bytes: BTreeMap<&'static str, String>,
    times: BTreeMap<&'static str, Times>,
    _carrier: TcpListener,
}

impl Bench {
    async fn new(by: By) -> Self {
        // In memory where that is possible: what a disk does by chance hides what is looked for.
        let memory = Path::new("/dev/shm");
        let dir = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        // It never says a word: messages on their way would take the core from what is measured.
        let carrier = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = carrier.local_addr().unwrap();
        let centre = format!(
            "[[sms.centre]]\nname = \"silent\"\nsmpp = \"smpp://{address}\"\nsystem_id = \"mostik\"\npassword = \"silent\"\n"
        );
        let port = address.port().to_string();
        let world = World::in_dir_with(dir.unwrap(), Some(centre), &[("MOSTIK_MAIL_PORT", &port)]).await;
        let app = world.sign_in("olga").await;
        let linking = world.begin_for(&app, "Анна").await;
        let connection = Connection::open(&world).await;
        let look_ups = world.store().await;
        let (bytes, times) = (BTreeMap::new(), BTreeMap::new());
        Self { by, world, app, linking, connection, look_ups, bytes, times, _carrier: carrier }
    }

    async fn begin_anew(&mut self) {
        self.world.act(&self.app, &self.linking, "cancel", json!({})).await.linking();
        self.linking = self.world.begin_for(&self.app, "Анна").await;
    }

    async fn ask(&mut self, coin: StdRng, requests: usize) {
        let kinds = kinds(coin, requests);
        let by = self.by;
        let known = (0..kinds.len()).filter(|n| kinds[*n]).map(|n| by.contact(n)).chain([by.looked_up().to_owned()]);
        let profile = |contact| {
            let (first, last) = ("Анна", "Серова");
            let mut profile = json!({ "first_name": first, "last_name": last, "role": "pupil", "class_name": "5-А" });
            profile[by.field()] = Value::String(contact);
            profile
        };
        self.world.import(known.map(profile).collect()).await;
        for (n, is_known) in kinds.into_iter().enumerate() {
            if n % CONTACTS == 0 {
                self.begin_anew().await;
            }
            if n % CONTACTS_OF_LINKING.most == 0 {
                self.forget_the_limits().await;
            }
            self.ask_about(&by.contact(n), is_known).await;
        }
    }

    // Nobody may give so many addresses in a day.
    async fn forget_the_limits(&self) {
        let mut tx = self.look_ups.write().await.unwrap();
        mostik_store::sql::query("DELETE FROM contact_events").execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn ask_about(&mut self, address: &str, is_known: bool) {
        let now = self.world.now();
        let mut all_took = Vec::new();
        for (what, body) in
            [("contact", json!({ "contact": address })), ("code", json!({ "code": "000000" })), ("resend", json!({}))]
        {
            if what == "resend" {
                self.world.advance(MINUTE);
            }
            let Some(took) = self.time(what, address, body).await else {
                self.begin_anew().await;
                return;
            };
            all_took.push((what, took));
        }
        // Back again, or the session would end.
        self.world.set_clock(now.0);
        let look_up = self.look_up().await;
        for (what, took) in all_took {
            let times = self.times.entry(what).or_default();
            times.taken.note(is_known, took);
            times.with_look_up.note(is_known, if is_known { took + look_up } else { took });
        }
    }

    // Times one request, and holds its answer to all others' of the endpoint. None: the guess was right, for this code or an
    // older one, as one in a million is.
    async fn time(&mut self, what: &'static str, address: &str, mut body: Value) -> Option<Duration> {
        let (id, token) = (&self.linking.id.0, &self.app.access);
        body["version"] = self.linking.version.into();
        let (body, key) = (body.to_string(), self.world.new_key());
        let request = format!(
            "POST /v1/linkings/{id}/{what} HTTP/1.1\r\nhost: service\r\nauthorization: Bearer {token}\r\n\
             idempotency-key: {key}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let begun = Instant::now();
        let (head, body) = self.connection.ask(&request).await;
        let took = begun.elapsed();
        let json: Value = serde_json::from_str(&body).unwrap();
        let linking = json.get("linking").unwrap_or(&json);
        self.linking.version = linking["version"].as_u64().unwrap_or_else(|| panic!("{what}: {body}"));
        if what == "code" && json["code"] != "code_wrong" {
            assert!(json["code"] == "code_superseded" || linking["step"] != "code", "{body}");
            return None;
        }
        let mut masked = masked(&head, &body, linking, address);
        if self.by == By::Number {
            // Only in the course of time is the centre known to be out of reach.
            masked = masked.replace("\"delivery\":\"delayed\"", "\"delivery\":\"queued\"");
        }
        assert_eq!(self.bytes.entry(what).or_insert_with(|| masked.clone()), &masked, "{what}");
        Some(took)
    }

    // What a handler would do that asks for the profile too early, on the same database under the same load. It is done about
    // one profile whatever was asked before, or what follows would differ.
    async fn look_up(&self) -> Duration {
        let begun = Instant::now();
        let asked = match self.by {
            By::Mail => {
                "SELECT p.id, k.pupil_id FROM profiles p LEFT JOIN links k ON k.profile_id = p.id WHERE p.email_key = $1"
            }
            By::Number => {
                "SELECT p.id, k.pupil_id FROM profiles p LEFT JOIN links k ON k.profile_id = p.id WHERE p.phone = $1"
            }
        };
        let query = mostik_store::sql::query_as(asked).bind(self.by.looked_up());
        let found: Option<(String, Option<String>)> =
            query.fetch_optional(&mut self.look_ups.reader().await.unwrap()).await.unwrap();
        let took = begun.elapsed();
        assert!(found.is_some());
        took
    }
}

// One core for a world: to wake a thread on another takes longer than what is looked for, and differs each time.
#[cfg(target_os = "linux")]
fn take_a_core(nth: usize) {
    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
    let allowed = sched_getaffinity(None).unwrap();
    let cores: Vec<usize> = (0..CpuSet::MAX_CPU).filter(|core| allowed.is_set(*core)).collect();
    let mut one = CpuSet::new();
    one.set(cores[nth % cores.len()]);
    sched_setaffinity(None, &one).unwrap();
}

#[cfg(not(target_os = "linux"))]
fn take_a_core(_nth: usize) {}

fn times_of_a_world(by: By, nth: usize) -> BTreeMap<&'static str, Times> {
    take_a_core(nth);
    // The threads that the world starts stay on the core of this one.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut bench = Bench::new(by).await;
        bench.ask(StdRng::seed_from_u64(nth as u64), measure().requests / WORLDS).await;
        bench.times
    })
}

fn nothing_tells(by: By) {
    let worlds: Vec<_> = (0..WORLDS).map(|nth| thread::spawn(move || times_of_a_world(by, nth))).collect();
    let mut all = BTreeMap::<&str, Times>::new();
    for world in worlds {
        for (what, times) in world.join().unwrap() {
            let all = all.entry(what).or_default();
            all.taken.join(times.taken);
            all.with_look_up.join(times.with_look_up);
        }
    }
    for (what, times) in &all {
        println!("{what}, {by:?}: AUC {:.4}, with a look-up more {:.4}", times.taken.auc(), times.with_look_up.auc());
    }
    assert_eq!(all.len(), 3);
    for (what, times) in &all {
        assert!(!times.taken.tells(), "the time of {what} tells known contacts from unknown ones");
        assert!(times.with_look_up.tells(), "a look-up more would not be seen in the time of {what}");
    }
}

// One after the other: two at a time would measure each other. Numbers take as long again, and have the long form alone.
#[test]
fn neither_bytes_nor_times_tell_known_contacts_from_unknown_ones_and_a_look_up_more_would() {
    nothing_tells(By::Mail);
    if std::env::var_os("MOSTIK_ALL_TIMES").is_some() {
        nothing_tells(By::Number);
    }
}

#[test]
fn the_measure_is_a_half_for_equals_and_one_for_the_slower() {
    let ms = Duration::from_millis;
    let same = Sample { known: vec![ms(1), ms(2), ms(2)], unknown: vec![ms(1), ms(2), ms(2)] };
    assert_eq!(same.auc(), 0.5);
    let slower = Sample { known: vec![ms(3), ms(4)], unknown: vec![ms(1), ms(2)] };
    assert_eq!(slower.auc(), 1.0);
}
