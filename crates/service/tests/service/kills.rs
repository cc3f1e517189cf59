//! The service's process is killed at any moment, on a file or on PostgreSQL: what it has acknowledged is there once it runs again, and what
//! nobody was told of is there whole or not at all. `cargo xtask soak --only kills` does it 10,000 times, `cargo xtask test` some.

use std::{ops::AddAssign, thread};

use futures_util::future::join_all;
use mostik_wire::{Linking, StepName};
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde_json::{Value, json};
use tokio::{
    runtime::Builder,
    sync::watch,
    task::block_in_place,
    time::{Instant, sleep},
};

use crate::{
    commands::{Serving, configuration, run},
    world::{App, World},
};

const PEOPLE: [&str; 4] = ["misha", "liza", "timur", "hung"];
/// An access token lives ten minutes.
const ROUNDS_OF_A_SESSION: u64 = 100;

fn kills() -> u64 {
    std::env::var("MOSTIK_KILLS").map_or(16, |number| number.parse().expect("a number of kills"))
}

/// Services that are killed beside one another, each with people of its own: one alone leaves processors idle.
fn services() -> u64 {
    if kills() < 100 { 1 } else { 4 }
}

struct Asked {
    path: String,
    key: String,
    body: Value,
    /// Where it leads.
    to: StepName,
}

struct Person {
    app: App,
    pupil: String,
    known: Option<Linking>,
    /// What was acknowledged last.
    answered: Option<(Asked, Value)>,
    /// What the kill left without an answer.
    unheard: Option<Asked>,
    acknowledged: u64,
    /// Of what nobody was told of: what was done all the same, and all of it.
    done: u64,
    left: u64,
}

impl Person {
    async fn new(world: &World, login: &str) -> Self {
        let app = world.sign_in(login).await;
        let pupil = world.me(&app).await.pupils[0].id.0.clone();
        Self { app, pupil, known: None, answered: None, unheard: None, acknowledged: 0, done: 0, left: 0 }
    }

    fn next(&self, world: &World) -> Asked {
        let open = self.known.as_ref().filter(|linking| linking.step.name() != StepName::Closed);
        let (path, body, to) = match open {
            None => ("/v1/linkings".to_owned(), json!({ "pupil": self.pupil }), StepName::Contact),
            Some(linking) => {
                let (what, to) = match linking.step.name() {
                    StepName::Contact => ("max-proof", StepName::Max),
                    _ if linking.version % 2 == 0 => ("max-link", StepName::Max),
                    _ => ("cancel", StepName::Closed),
                };
                (format!("/v1/linkings/{}/{what}", linking.id.0), json!({ "version": linking.version }), to)
            }
        };
        Asked { path, key: world.new_key(), body, to }
    }

    /// `None`: nobody answers, or the answer breaks off.
    async fn ask(&self, world: &World, asked: &Asked) -> Option<(u16, Value)> {
        let request = world.http.post(format!("{}{}", world.url(), asked.path)).bearer_auth(&self.app.access);
        let answer = request.header("idempotency-key", &asked.key).json(&asked.body).send().await.ok()?;
        let status = answer.status().as_u16();
        Some((status, answer.json().await.ok()?))
    }

    /// Does one thing after another until nobody answers.
    async fn goes_on(&mut self, world: &World, heard: &watch::Sender<u32>) {
        loop {
            let asked = self.next(world);
            let Some((status, answer)) = self.ask(world, &asked).await else {
                self.unheard = Some(asked);
                return;
            };
            // Too much at once: the same is asked for again.
            if matches!(status, 502 | 503) {
                continue;
            }
            assert_eq!(status, 200, "{}: {answer}", asked.path);
            let linking: Linking = serde_json::from_value(answer.clone()).unwrap();
            assert_eq!(linking.step.name(), asked.to, "{}", asked.path);
            self.acknowledged += 1;
            heard.send_modify(|heard| *heard += 1);
            self.known = Some(linking);
            self.answered = Some((asked, answer));
        }
    }

    /// Holds what the service says now against what it has said before.
    async fn looks(&mut self, world: &World) {
        let unheard = self.unheard.take();
        let Some(known) = &self.known else { return };
        let present = world.linking(&self.app, &known.id.0).await;
        match present.version - known.version {
            0 => {
                assert_eq!(present.step, known.step, "what was acknowledged has changed");
                self.left += 1;
            }
            1 => {
                let asked = unheard.expect("something was asked");
                assert!(asked.path.contains(&known.id.0), "{} has moved another linking", asked.path);
                assert_eq!(present.step.name(), asked.to, "{} is half done", asked.path);
                self.done += 1;
            }
            _ => panic!("{} was acknowledged, and now it is {}", known.version, present.version),
        }
        if let Some((asked, answer)) = &self.answered {
            let again = self.ask(world, asked).await.expect("the service runs");
            assert_eq!(again, (200, answer.clone()), "the same request has another answer");
            assert_eq!(world.linking(&self.app, &known.id.0).await.version, present.version, "it was done twice");
        }
        self.known = Some(present);
    }
}

/// What people were told, and what became of that of which they were not told.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outlived {
    pub acknowledged: u64,
    pub done: u64,
    pub left: u64,
}

impl AddAssign for Outlived {
    fn add_assign(&mut self, other: Self) {
        self.acknowledged += other.acknowledged;
        self.done += other.done;
        self.left += other.left;
    }
}

/// Lets people act while the service ends again and again, at moments that `seed` draws: `start` starts it, `after` is what else happens
/// once it has ended. All that was acknowledged has to be there each time.
pub async fn outlive(
    times: u64,
    seed: u64,
    world: &mut World,
    start: impl Fn(&str) -> Serving,
    mut after: impl FnMut(&mut StdRng),
) -> Outlived {
    let config = configuration(world);
    let mut rng = StdRng::seed_from_u64(seed);
    let mut people: Vec<Person> = Vec::new();
    for nth in 0..times {
        let node = block_in_place(|| start(&config));
        world.process = Some(node.url.clone());
        if people.is_empty() {
            people = join_all(PEOPLE.map(|login| Person::new(world, login))).await;
        }
        join_all(people.iter_mut().map(|person| person.looks(world))).await;
        if nth % ROUNDS_OF_A_SESSION == ROUNDS_OF_A_SESSION - 1 {
            for (person, login) in people.iter_mut().zip(PEOPLE) {
                person.app = world.sign_in(login).await;
            }
        }
        let begun = Instant::now();
        world.me(&people[0].app).await;
        // The moment is what is tried: anywhere in or after some of the first requests.
        let moment = begun.elapsed().mul_f64(rng.random_range(0.0..10.0));
        let (heard, answers) = (watch::Sender::new(0_u32), rng.random_range(0..8));
        let killed = async {
            heard.subscribe().wait_for(|heard| *heard >= answers).await.unwrap();
            sleep(moment).await;
            block_in_place(|| node.kill());
        };
        let present = &*world;
        tokio::join!(killed, join_all(people.iter_mut().map(|person| person.goes_on(present, &heard))));
        after(&mut rng);
    }
    let node = block_in_place(|| start(&config));
    world.process = Some(node.url.clone());
    join_all(people.iter_mut().map(|person| person.looks(world))).await;
    let sum = |of: fn(&Person) -> u64| people.iter().map(of).sum::<u64>();
    let outlived = Outlived {
        acknowledged: sum(|person| person.acknowledged),
        done: sum(|person| person.done),
        left: sum(|person| person.left),
    };
    let (status, said, err) = run(&["audit", "verify", "--config", &config]);
    assert_eq!(status, Some(0), "{said}{err}");
    let backup = world.dir.path().join("after.backup").display().to_string();
    let (status, _, err) = run(&["backup", &backup, "--config", &config]);
    assert_eq!(status, Some(0), "{err}");
    let (status, said, err) = run(&["restore", &backup, "--config", &config, "--check"]);
    assert_eq!(status, Some(0), "{err}");
    assert!(said.contains("can be restored"), "{said}");
    node.stop();
    outlived
}

/// One service that is killed again and again.
fn killed(times: u64, seed: u64) -> Outlived {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let mut world = World::new().await;
        world.stop().await;
        outlive(times, seed, &mut world, Serving::start, |_| {}).await
    })
}

#[test]
fn what_was_acknowledged_is_there_after_a_kill_at_any_moment() {
    let mut all = Outlived::default();
    thread::scope(|scope| {
        let each = kills() / services();
        let services: Vec<_> = (0..services()).map(|nth| scope.spawn(move || killed(each, 7 + nth))).collect();
        for service in services {
            all += service.join().expect("what a service has acknowledged is there");
        }
    });
    let Outlived { acknowledged, done, left } = all;
    println!("{} kills, {acknowledged} acknowledged, of the others {done} done and {left} not", kills());
    println!("soak: {} kills", kills());
    assert!(acknowledged > kills() && done + left > kills(), "there was nothing to lose");
}
