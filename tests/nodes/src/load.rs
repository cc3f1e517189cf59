//! Families who begin a linking and give it up, again and again; and what each was told.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use mostik_world::{World, postgres::Postgres};
use serde_json::{Value, json};
use tokio::{sync::watch, task::JoinSet};

use crate::{Client, SignedIn};

/// What somebody does whose request was not answered, or refused for the moment.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// Counts it as a failure.
    None,
    /// Sends it again under its key, as the app does.
    Repeats,
}

#[derive(Default)]
struct Told {
    /// How many steps were acknowledged.
    steps: watch::Sender<u64>,
    /// The last word of each linking: its version, and whether it was the end.
    linkings: Mutex<BTreeMap<String, (u64, bool)>>,
    /// The longest time between two acknowledgements of anybody, and when the last was.
    gap: Mutex<Option<(Duration, Instant)>>,
}

/// Load that runs.
pub struct Load {
    told: Arc<Told>,
    stop: Arc<AtomicBool>,
    families: JoinSet<Result<()>>,
    pupils: u64,
}

impl Load {
    /// Lets every pupil of the sandbox come, each again and again.
    ///
    /// # Errors
    /// When somebody cannot sign in.
    pub async fn start(world: &World, patience: Patience) -> Result<Self> {
        let client = Client::of(world)?;
        let (told, stop, mut families) = (Arc::<Told>::default(), Arc::<AtomicBool>::default(), JoinSet::new());
        let mut seen = Vec::new();
        for account in world.says.get("accounts").and_then(Value::as_array).into_iter().flatten() {
            let login = account["login"].as_str().context("an account has no login")?;
            let by = client.sign_in(login).await?;
            for pupil in by.pupils.clone() {
                // One for a pupil whom two parents see: who comes second would change what the first was told.
                if !seen.contains(&pupil) {
                    seen.push(pupil.clone());
                    let (client, by, told, stop) = (client.clone(), by.clone(), Arc::clone(&told), Arc::clone(&stop));
                    families.spawn(family(client, by, pupil, patience, told, stop));
                }
            }
        }
        Ok(Self { told, stop, families, pupils: seen.len() as u64 })
    }

    /// How many steps were acknowledged so far.
    #[must_use]
    pub fn steps(&self) -> u64 {
        *self.told.steps.borrow()
    }

    /// Waits until so many more were.
    ///
    /// # Errors
    /// When a family has given up.
    pub async fn more(&mut self, steps: u64) -> Result<()> {
        let wanted = self.steps() + steps;
        let mut told = self.told.steps.subscribe();
        tokio::select! {
            enough = told.wait_for(|steps| *steps >= wanted) => {
                enough?;
                Ok(())
            }
            Some(ended) = self.families.join_next() => {
                ended??;
                bail!("a family has gone home")
            }
        }
    }

    /// Ends it; answers how many steps were acknowledged, and the longest time without any.
    ///
    /// # Errors
    /// When a family has met a failure.
    pub async fn end(mut self) -> Result<Acknowledged> {
        self.stop.store(true, Ordering::Relaxed);
        while let Some(ended) = self.families.join_next().await {
            ended??;
        }
        let gap = self.told.gap.lock().unwrap_or_else(PoisonError::into_inner).map_or(Duration::ZERO, |(gap, _)| gap);
        let linkings = std::mem::take(&mut *self.told.linkings.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(Acknowledged { steps: self.steps(), longest_gap: gap, linkings, pupils: self.pupils })
    }
}

/// What was acknowledged.
pub struct Acknowledged {
    /// How many steps.
    pub steps: u64,
    /// The longest time without any.
    pub longest_gap: Duration,
    linkings: BTreeMap<String, (u64, bool)>,
    pupils: u64,
}

impl Acknowledged {
    /// Holds what was acknowledged against the database: nothing is lost, and nothing is there twice.
    ///
    /// # Errors
    /// Says what is lost or doubled.
    pub fn hold_against(&self, postgres: &Postgres, database: &str) -> Result<()> {
        let kept = postgres.run(database, "SELECT id, version, step FROM linkings")?;
        let mut left = self.linkings.clone();
        for row in kept.lines() {
            let mut columns = row.split('|');
            let (id, version, step) = (columns.next(), columns.next(), columns.next());
            let (id, version, step) =
                (id.context("no id")?, version.context("no version")?.parse::<u64>()?, step.context("no step")?);
            let told = left
                .remove(id)
                .with_context(|| format!("the linking {id} is there, and nobody was told of it: doubled"))?;
            ensure!(told == (version, step == "closed"), "the linking {id} is {version} {step}, and {told:?} was told");
        }
        ensure!(left.is_empty(), "acknowledged, and lost: {left:?}");
        let open = postgres.run(database, "SELECT COUNT(*) FROM linkings WHERE step NOT IN ('linked', 'closed')")?;
        ensure!(open.parse::<u64>()? <= self.pupils, "{open} linkings are open for {} pupils", self.pupils);
        Ok(())
    }
}

async fn family(
    client: Client,
    by: SignedIn,
    pupil: String,
    patience: Patience,
    told: Arc<Told>,
    stop: Arc<AtomicBool>,
) -> Result<()> {
    while !stop.load(Ordering::Relaxed) {
        let begun = step(&client, &by, "/v1/linkings", &json!({ "pupil": pupil }), patience, &told).await?;
        let id = begun["id"].as_str().context("a linking has no id")?;
        let body = json!({ "version": begun["version"] });
        step(&client, &by, &format!("/v1/linkings/{id}/cancel"), &body, patience, &told).await?;
    }
    Ok(())
}

async fn step(
    client: &Client,
    by: &SignedIn,
    path: &str,
    body: &Value,
    patience: Patience,
    told: &Told,
) -> Result<Value> {
    /// For so long somebody goes on trying.
    const TRIES: Duration = Duration::from_secs(120);
    /// And waits between two tries, as the app does: nobody is told when a try would not be in vain.
    const PAUSE: Duration = Duration::from_millis(100);
    let key = Client::new_key();
    let begun = Instant::now();
    loop {
        let failed = match client.post(by, path, &key, body).await {
            Ok(answer) if answer.status().is_success() => {
                let linking: Value = answer.json().await?;
                note(told, &linking)?;
                return Ok(linking);
            }
            // Refused for good: the same request would be refused again.
            Ok(answer) if answer.status().is_client_error() && !matches!(answer.status().as_u16(), 409 | 429) => {
                bail!("{path}: {}", answer.text().await?)
            }
            Ok(answer) => format!("{path}: {} {}", answer.status(), answer.text().await.unwrap_or_default()),
            Err(error) => format!("{path}: {error:#}"),
        };
        ensure!(patience == Patience::Repeats && begun.elapsed() < TRIES, "{failed}");
        tokio::time::sleep(PAUSE).await;
    }
}

fn note(told: &Told, linking: &Value) -> Result<()> {
    let id = linking["id"].as_str().context("a linking has no id")?.to_owned();
    let version = linking["version"].as_u64().context("a linking has no version")?;
    let closed = linking["step"] == "closed";
    told.linkings.lock().unwrap_or_else(PoisonError::into_inner).insert(id, (version, closed));
    told.steps.send_modify(|steps| *steps += 1);
    let mut gap = told.gap.lock().unwrap_or_else(PoisonError::into_inner);
    let now = Instant::now();
    let longest = gap.map_or(Duration::ZERO, |(longest, last)| longest.max(now.duration_since(last)));
    *gap = Some((longest, now));
    Ok(())
}
