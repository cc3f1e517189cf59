//! A day of attack on three nodes that end and start again all the time, from ever new addresses: how many codes go out, how many guesses
//! are compared, and whether the owner of the number that is attacked still gets in. `cargo xtask soak --only attack` has 10^5 addresses
//! and starts the nodes anew each minute, `cargo xtask test` a twentieth of that.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{Method, Request, StatusCode, header},
};
use mostik_service::{app::App, client::Peer, clock::Clock, max};
use mostik_wire::{Linking, Step, StepName};
use rand::{SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::{
    fake_max::{FakeMax, shared, started},
    race_track::{Seeded, TOKEN, idle, rows_of_account, settings, write},
    world::{DAY, Database, MINUTE, MORNING, SECOND, TestClock},
};

const HOUR: i64 = 60 * MINUTE;
const NODES: usize = 3;
/// The number that is attacked.
const VICTIM: &str = "+79000001242";
const VICTIMS_MAX: i64 = 501_001;
const OWNER: &str = "owner";
const GUESS: &str = "271828";
/// What the operator lets out in an hour to contacts that nobody has proven.
const CODES_AN_HOUR: usize = 6;

/// How much of the attack there is.
struct Size {
    /// Between two rounds; all nodes are started anew before each.
    pause: i64,
    /// Who guesses at the number.
    guessers: usize,
    /// Who has codes sent to ever new numbers.
    pumpers: usize,
    /// What each asks in a round.
    turns: usize,
}

fn size() -> Size {
    if std::env::var_os("MOSTIK_ALL_ATTACKS").is_some() {
        Size { pause: MINUTE, guessers: 20, pumpers: 50, turns: 1 }
    } else {
        Size { pause: HOUR, guessers: 3, pumpers: 6, turns: 7 }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Aim {
    Victim,
    /// From ever new addresses.
    Numbers,
    /// From ever new addresses of one network.
    NumbersFromOneNetwork,
}

struct Attacker {
    id: String,
    aim: Aim,
    linking: Option<Linking>,
}

struct Attack {
    text: String,
    clock: Arc<TestClock>,
    entropy: Arc<Seeded>,
    nodes: Vec<(App, Router)>,
    asked: u64,
    /// When codes went to the victim's number.
    codes_of_victim: Vec<i64>,
    /// When wrong codes were compared with the victim's.
    guesses: Vec<i64>,
    /// When codes went to other numbers, and for whom.
    codes: Vec<(i64, Aim)>,
    _database: Database,
    _dir: tempfile::TempDir,
}

impl Attack {
    async fn new(attackers: &[Attacker]) -> Self {
        let dir = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        let database = Database::new();
        let max = FakeMax::start().await.url;
        let text = settings(&database.address(dir.path()), &max)
            + &format!("[limits]\ncodes_of_service = \"{CODES_AN_HOUR}\"\n");
        let mut attack = Self {
            text,
            clock: Arc::new(TestClock(AtomicI64::new(MORNING))),
            entropy: Arc::new(Seeded(Mutex::new(StdRng::seed_from_u64(42)))),
            nodes: Vec::new(),
            asked: 0,
            codes_of_victim: Vec::new(),
            guesses: Vec::new(),
            codes: Vec::new(),
            _database: database,
            _dir: dir,
        };
        attack.restart().await;
        for id in attackers.iter().map(|attacker| attacker.id.as_str()).chain([OWNER]) {
            let app = &attack.nodes[0].0;
            write(&app.store, &rows_of_account(&app.live().keys, id, MORNING + 2 * DAY)).await;
        }
        attack
    }

    /// All nodes end, and others take their places.
    async fn restart(&mut self) {
        for (app, _) in self.nodes.drain(..) {
            app.store.close().await;
        }
        for _ in 0..NODES {
            self.nodes.push(idle(&self.text, self.clock.clone(), self.entropy.clone()).await);
        }
    }

    async fn ask(&mut self, id: &str, from: IpAddr, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        self.asked += 1;
        let mut request = Request::builder().uri(path).header(header::AUTHORIZATION, format!("Bearer {id}"));
        if body.is_some() {
            request = request.method(Method::POST).header(header::CONTENT_TYPE, "application/json");
            request = request.header("idempotency-key", format!("key-of-the-attack-{:08}", self.asked));
        }
        let mut request = request.body(body.map_or_else(Body::empty, |body| Body::from(body.to_string()))).unwrap();
        request.extensions_mut().insert(ConnectInfo(Peer::of(SocketAddr::new(from, 50_000))));
        let node = usize::try_from(self.asked).unwrap() % NODES;
        let answer = self.nodes[node].1.clone().oneshot(request).await.unwrap();
        let status = answer.status();
        let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap())
    }

    /// An attacker does what promises most.
    async fn attacks(&mut self, attacker: &mut Attacker) {
        let now = self.clock.now();
        let nth = u32::try_from(self.asked).unwrap();
        let from = match attacker.aim {
            Aim::NumbersFromOneNetwork => IpAddr::V6(Ipv6Addr::from((0x2001_0db8_0007_0007 << 64) | u128::from(nth))),
            _ => IpAddr::V4(Ipv4Addr::from_bits(0x1400_0000 + nth)),
        };
        let (what, mut body) = match attacker.linking.as_ref().map(|linking| &linking.step) {
            None => ("", json!({ "pupil": attacker.id })),
            Some(Step::Code(code)) if attacker.aim == Aim::Victim && code.tries_left > 0 && now < code.expires_at => {
                ("/code", json!({ "code": GUESS }))
            }
            // Another code may be had in two ways.
            Some(Step::Code(_)) if attacker.aim == Aim::Victim && nth % 2 == 0 => ("/resend", json!({})),
            Some(_) if attacker.aim == Aim::Victim => ("/contact", json!({ "contact": VICTIM })),
            Some(_) => ("/contact", json!({ "contact": format!("+7901{nth:07}") })),
        };
        let path = attacker.linking.as_ref().map_or_else(
            || "/v1/linkings".to_owned(),
            |linking| {
                body["version"] = linking.version.into();
                format!("/v1/linkings/{}{what}", linking.id.0)
            },
        );
        let (status, answer) = self.ask(&attacker.id, from, &path, Some(body)).await;
        assert!(status.is_success() || status.is_client_error(), "{path}: {status} {answer}");
        let shown = if status.is_success() { answer.clone() } else { answer["linking"].clone() };
        let linking: Option<Linking> = serde_json::from_value(shown).ok();
        let codes = |linking: &Option<Linking>| match linking.as_ref().map(|linking| &linking.step) {
            Some(Step::Code(code)) => code.nth,
            _ => 0,
        };
        match what {
            "/code" if answer["code"] == "code_wrong" => self.guesses.push(now.0),
            "/code" => assert!(!status.is_success(), "the code was guessed: {answer}"),
            // None goes to the same contact while the one before is on its way.
            _ if codes(&linking) > codes(&attacker.linking) => match attacker.aim {
                Aim::Victim => self.codes_of_victim.push(now.0),
                aim => self.codes.push((now.0, aim)),
            },
            _ => {}
        }
        attacker.linking = linking.or(attacker.linking.take());
    }

    /// The owner is refused an SMS, reads until when, and goes by MAX.
    async fn owner_gets_in(&mut self) {
        let home = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7));
        let (_, begun) = self.ask(OWNER, home, "/v1/linkings", Some(json!({ "pupil": OWNER }))).await;
        let linking = |answer: &Value| -> Linking {
            serde_json::from_value(answer.clone()).unwrap_or_else(|_| panic!("no linking: {answer}"))
        };
        let at = format!("/v1/linkings/{}", begun["id"].as_str().unwrap());
        let wish = json!({ "contact": VICTIM, "version": begun["version"] });
        let (_, refused) = self.ask(OWNER, home, &format!("{at}/contact"), Some(wish)).await;
        assert_eq!(refused["code"], "contact_blocked", "{refused}");
        assert_eq!(refused["retry_at"], self.guesses[0] + DAY);
        let wish = json!({ "version": begun["version"] });
        let (_, waiting) = self.ask(OWNER, home, &format!("{at}/max-proof"), Some(wish)).await;
        let Step::Max(step) = linking(&waiting).step else { panic!("{waiting}") };
        let ticket = step.url.split_once("start=").unwrap().1;
        let now = self.clock.now().0;
        for update in [started(VICTIMS_MAX, now, Some(ticket)), shared(VICTIMS_MAX, now + SECOND, TOKEN, VICTIM)] {
            let update = max::read(update.to_string().as_bytes()).unwrap().unwrap();
            max::handle(&self.nodes[0].0, update).await.unwrap_or_else(|refusal| panic!("{:?}", refusal.code()));
        }
        let (_, proven) = self.ask(OWNER, home, &at, None).await;
        assert_eq!(linking(&proven).step.name(), StepName::Profile, "{proven}");
        let yes = json!({ "version": proven["version"], "accept_other_name": true });
        let (_, linked) = self.ask(OWNER, home, &format!("{at}/confirm"), Some(yes)).await;
        assert_eq!(linking(&linked).step.name(), StepName::Linked, "{linked}");
    }
}

/// The most of these that are in any hour.
fn most_in_an_hour(times: &[i64]) -> usize {
    let in_hour_from = |from: i64| times.iter().filter(|at| (from..from + HOUR).contains(at)).count();
    times.iter().map(|from| in_hour_from(*from)).max().unwrap_or_default()
}

#[tokio::test]
async fn a_day_of_attack_stays_within_the_limits_and_leaves_the_owner_a_way_in() {
    let size = size();
    let aims = std::iter::repeat_n(Aim::Victim, size.guessers)
        .chain((0..size.pumpers).map(|nth| if nth % 2 == 0 { Aim::Numbers } else { Aim::NumbersFromOneNetwork }));
    let mut attackers: Vec<Attacker> =
        aims.enumerate().map(|(nth, aim)| Attacker { id: format!("attacker{nth:03}"), aim, linking: None }).collect();
    let mut attack = Attack::new(&attackers).await;
    let mut owner_is_in = false;
    for at in (0..DAY).step_by(usize::try_from(size.pause).unwrap()) {
        attack.clock.0.store(MORNING + at, Ordering::SeqCst);
        attack.restart().await;
        for attacker in &mut attackers {
            for _ in 0..size.turns {
                attack.attacks(attacker).await;
            }
        }
        if at >= DAY / 2 && !owner_is_in {
            attack.owner_gets_in().await;
            owner_is_in = true;
        }
    }
    let codes = |one_network: bool| -> Vec<i64> {
        let of = |aim: Aim| !one_network || aim == Aim::NumbersFromOneNetwork;
        attack.codes.iter().filter(|(_, aim)| of(*aim)).map(|(at, _)| *at).collect()
    };
    let all: Vec<i64> = codes(false).into_iter().chain(attack.codes_of_victim.clone()).collect();
    println!(
        "{} requests, {} codes to the number attacked, {} guesses, {} codes to others, {} an hour at most, {} from one network",
        attack.asked,
        attack.codes_of_victim.len(),
        attack.guesses.len(),
        attack.codes.len(),
        most_in_an_hour(&all),
        most_in_an_hour(&codes(true))
    );
    // The attack went as far as it could, and no farther.
    assert_eq!((attack.codes_of_victim.len(), attack.guesses.len()), (5, 25));
    assert_eq!((most_in_an_hour(&all), most_in_an_hour(&codes(true))), (CODES_AN_HOUR, 3));
    assert!(owner_is_in);
    let home = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7));
    let (_, me) = attack.ask(OWNER, home, "/v1/me", None).await;
    assert_eq!(me["pupils"][0]["link"]["state"], "linked", "{me}");
}
