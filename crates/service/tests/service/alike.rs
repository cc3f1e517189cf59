//! Before an address is proven nothing tells whether it has a profile: neither the bytes of an answer nor its time.
//!
//! The measure is the AUC, the chance that an answer about a known address takes longer than one about an unknown: 0.5 when
//! nothing can be learnt. The same measure must see a delay of two milliseconds, a tenth of what hashing a password takes, or it
//! would prove nothing.

use std::{collections::BTreeMap, time::Duration};

use mostik_wire::Linking;
use rand::{SeedableRng, rngs::StdRng, seq::SliceRandom};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::world::{App, World};

/// Requests a round and endpoint; half of them about known addresses.
const ROUND: usize = 5_000;
/// Chance alone moves the AUC of one round by 0.008 (one standard deviation): a round that strays is followed by another and
/// pooled, and what is really there does not go away.
const ROUNDS: usize = 8;
/// Requests that there are at least, if it is to be more than one round: 10 000 take a minute or two.
const AT_LEAST: &str = "MOSTIK_ALIKE_REQUESTS";
/// Addresses that one linking tries.
const ADDRESSES: usize = 20;
const TOLERANCE: f64 = 0.01;
/// In the control, what a known address takes longer.
const DELAY: Duration = Duration::from_millis(2);

#[derive(Default)]
struct Times {
    known: Vec<Duration>,
    unknown: Vec<Duration>,
}

impl Times {
    fn note(&mut self, is_known: bool, took: Duration) {
        if is_known { &mut self.known } else { &mut self.unknown }.push(took);
    }

    /// Mann and Whitney's statistic over the number of pairs; ties count half.
    fn auc(&self) -> f64 {
        let mut all: Vec<(Duration, bool)> =
            self.known.iter().map(|t| (*t, true)).chain(self.unknown.iter().map(|t| (*t, false))).collect();
        all.sort_by_key(|(took, _)| *took);
        let (mut ranks, mut at) = (0.0, 0);
        while at < all.len() {
            let ties = all[at..].iter().take_while(|(took, _)| *took == all[at].0).count();
            let rank = f64::from(u32::try_from(2 * at + ties + 1).unwrap()) / 2.0;
            let known = all[at..at + ties].iter().filter(|(_, known)| *known).count();
            ranks += rank * f64::from(u32::try_from(known).unwrap());
            at += ties;
        }
        let (n, m) = (self.known.len() as f64, self.unknown.len() as f64);
        (ranks - n * (n + 1.0) / 2.0) / (n * m)
    }
}

// What may differ between two addresses of one length: nothing but the address and the version.
fn masked(status: StatusCode, text: &str, address: &str) -> (StatusCode, usize, String) {
    let mut json: Value = serde_json::from_str(text).unwrap();
    for at in ["/id", "/linking/id", "/version", "/linking/version", "/nth", "/linking/nth"] {
        if let Some(value) = json.pointer_mut(at) {
            *value = json!(0);
        }
    }
    let text = json.to_string().replace(address, "-").replace("\"queued\"", "-").replace("\"delayed\"", "-");
    (status, text.len(), text)
}

type AllTimes = BTreeMap<&'static str, Times>;

struct Bench {
    world: World,
    app: App,
    linking: Linking,
    used: usize,
    seen: BTreeMap<&'static str, (StatusCode, usize, String)>,
}

impl Bench {
    async fn new() -> Self {
        // In memory where that is possible: what a disk does by chance hides what is looked for.
        let memory = std::path::Path::new("/dev/shm");
        let dir = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        let world = World::in_dir(dir.unwrap(), &[]).await;
        let app = world.sign_in("olga").await;
        let linking = world.begin_for(&app, "Анна").await;
        Self { world, app, linking, used: 0, seen: BTreeMap::new() }
    }

    // A round: fresh addresses, known and unknown in an order of chance.
    async fn round(&mut self, rng: &mut StdRng, requests: usize, delay: Option<Duration>, times: &mut AllTimes) {
        let profile = |n| {
            let email = format!("known-{n:06}@mail.test");
            json!({ "email": email, "first_name": "Анна", "last_name": "Серова", "role": "pupil", "class_name": "5-А" })
        };
        let first = self.used;
        self.used += requests / 2;
        self.world.import((first..self.used).map(profile).collect()).await;
        let mut order: Vec<(bool, usize)> = (first..self.used).flat_map(|n| [(true, n), (false, n)]).collect();
        order.shuffle(rng);
        for (place, (is_known, n)) in order.into_iter().enumerate() {
            if place % ADDRESSES == 0 {
                // A wrong code is compared with all older ones of its linking: let there be few.
                self.world.act(&self.app, &self.linking, "cancel", json!({})).await.linking();
                self.linking = self.world.begin_for(&self.app, "Анна").await;
            }
            let address = format!("{}-{n:06}@mail.test", if is_known { "known" } else { "other" });
            let delay = delay.filter(|_| is_known);
            for (what, body) in [("contact", json!({ "contact": address })), ("code", json!({ "code": "000000" }))] {
                if let Some(took) = self.time(what, &address, body, delay).await {
                    times.entry(what).or_default().note(is_known, took);
                }
            }
        }
    }

    // Times one request, and holds its answer to all others' of the endpoint.
    async fn time(
        &mut self,
        what: &'static str,
        address: &str,
        mut body: Value,
        delay: Option<Duration>,
    ) -> Option<Duration> {
        body["version"] = self.linking.version.into();
        let request = self.world.http.post(format!("{}/v1/linkings/{}/{what}", self.world.url(), self.linking.id.0));
        let request = request.bearer_auth(&self.app.access).header("idempotency-key", self.world.new_key()).json(&body);
        let begun = tokio::time::Instant::now().into_std();
        let response = request.send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        if let Some(delay) = delay {
            let until = begun.elapsed() + delay;
            while begun.elapsed() < until {
                std::hint::spin_loop();
            }
        }
        let took = begun.elapsed();
        let json: Value = serde_json::from_str(&text).unwrap();
        let version = json["version"].as_u64().or_else(|| json["linking"]["version"].as_u64());
        self.linking.version = version.unwrap_or_else(|| panic!("{what}: {text}"));
        if what == "code" && (status == StatusCode::OK || text.contains("code_superseded")) {
            // One guess in a million is right, for this code or for an older one of the linking.
            return None;
        }
        let masked = masked(status, &text, address);
        assert_eq!(self.seen.entry(what).or_insert_with(|| masked.clone()), &masked, "{what}");
        Some(took)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn neither_bytes_nor_times_tell_known_addresses_from_unknown_ones() {
    let (mut bench, mut rng) = (Bench::new().await, StdRng::seed_from_u64(1));
    let mut times = AllTimes::new();
    let least = std::env::var(AT_LEAST).ok().and_then(|n| n.parse().ok()).unwrap_or(ROUND);
    for round in 1..=ROUNDS {
        bench.round(&mut rng, ROUND, None, &mut times).await;
        let aucs: Vec<(&str, f64)> = times.iter().map(|(what, times)| (*what, times.auc())).collect();
        println!("after {} requests an endpoint: {aucs:?}", round * ROUND);
        if round * ROUND >= least && aucs.iter().all(|(_, auc)| (auc - 0.5).abs() <= TOLERANCE) {
            return;
        }
    }
    panic!("the time taken tells known addresses from unknown ones");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delay_of_two_milliseconds_would_be_seen() {
    let (mut bench, mut rng) = (Bench::new().await, StdRng::seed_from_u64(2));
    let mut times = AllTimes::new();
    bench.round(&mut rng, ROUND / 5, Some(DELAY), &mut times).await;
    for (what, times) in &times {
        let auc = times.auc();
        println!("with a delay, {what}: {auc}");
        assert!(auc > 0.5 + TOLERANCE, "{what}: {auc}");
    }
}

#[test]
fn the_measure_is_a_half_for_equals_and_one_for_the_slower() {
    let ms = Duration::from_millis;
    let same = Times { known: vec![ms(1), ms(2), ms(2)], unknown: vec![ms(1), ms(2), ms(2)] };
    assert_eq!(same.auc(), 0.5);
    let slower = Times { known: vec![ms(3), ms(4)], unknown: vec![ms(1), ms(2)] };
    assert_eq!(slower.auc(), 1.0);
}
