//! Pupils of fourteen and older who link their profiles by SMS and MAX, each once.

use std::{
    fs,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use mostik_nodes::{Client, SignedIn};
use mostik_world::World;
use serde_json::{Value, json};
use tokio::task::JoinSet;

/// How long a message may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// The sandbox's world with so many pupils, each with a number and an account at MAX.
pub fn world(count: u64) -> Result<Value> {
    let file = mostik_world::root().join("crates/sandbox/world/default.json");
    let mut world: Value = serde_json::from_slice(&fs::read(file)?)?;
    let model = world["accounts"][0].clone();
    let (mut accounts, mut users) = (Vec::new(), Vec::new());
    for nth in 0..count {
        let mut account = model.clone();
        account["login"] = login(nth).into();
        account["person"]["id"] = (2_000_000 + nth).into();
        account["person"]["phone"] = format!("+{}", phone(nth)).into();
        account["person"]["email"] = format!("{}@school.example", login(nth)).into();
        users.push(json!({ "user_id": user(nth), "first_name": "Михаил", "last_name": "Орлов", "phone": phone(nth) }));
        accounts.push(account);
    }
    world["accounts"] = accounts.into();
    world["max_users"] = users.into();
    Ok(world)
}

fn login(nth: u64) -> String {
    format!("pupil{nth}")
}

fn phone(nth: u64) -> String {
    format!("7901{nth:07}")
}

const fn user(nth: u64) -> u64 {
    5_000_000 + nth
}

/// What the linkings took.
#[derive(Default)]
pub struct Linked {
    /// How many requests the apps sent, events left out.
    pub requests: u64,
    /// How many SMS came.
    pub sms: u64,
    /// How long the answers took, in seconds, shortest first.
    answers: Vec<f64>,
}

impl Linked {
    /// So many of a hundred answers took no longer, in seconds.
    pub fn percentile(&self, of_hundred: usize) -> f64 {
        let at = (self.answers.len() * of_hundred / 100).min(self.answers.len().saturating_sub(1));
        self.answers.get(at).copied().unwrap_or(f64::NAN)
    }
}

/// The families, of whom some have linked.
pub struct Families {
    client: Client,
    phone_page: String,
    http: reqwest::Client,
    count: u64,
    next: u64,
}

impl Families {
    /// Of this world, which has so many.
    pub fn of(world: &World, count: u64) -> Result<Self> {
        Ok(Self {
            client: Client::of(world)?,
            phone_page: world.address("phone")?.trim_end_matches('/').to_owned(),
            http: reqwest::Client::builder().no_proxy().timeout(PATIENCE).build()?,
            count,
            next: 0,
        })
    }

    /// Lets the next ones link, some at a time.
    pub async fn link(&mut self, families: u64, at_a_time: usize) -> Result<Linked> {
        ensure!(self.next + families <= self.count, "there are no more families");
        let told = std::sync::Arc::new((Mutex::new(Vec::new()), AtomicU64::new(0)));
        let mut at_work = JoinSet::new();
        for nth in self.next..self.next + families {
            if at_work.len() >= at_a_time {
                at_work.join_next().await.context("nobody links")???;
            }
            let family = Family {
                client: self.client.clone(),
                http: self.http.clone(),
                phone_page: self.phone_page.clone(),
                nth,
                told: std::sync::Arc::clone(&told),
            };
            at_work.spawn(async move { family.link().await.with_context(|| format!("pupil {nth}")) });
        }
        while let Some(ended) = at_work.join_next().await {
            ended??;
        }
        self.next += families;
        let mut answers = std::mem::take(&mut *told.0.lock().unwrap_or_else(PoisonError::into_inner));
        answers.sort_by(f64::total_cmp);
        Ok(Linked { requests: answers.len() as u64, sms: told.1.load(Ordering::Relaxed), answers })
    }
}

struct Family {
    client: Client,
    http: reqwest::Client,
    phone_page: String,
    nth: u64,
    told: std::sync::Arc<(Mutex<Vec<f64>>, AtomicU64)>,
}

impl Family {
    async fn link(&self) -> Result<()> {
        let by = self.client.sign_in(&login(self.nth)).await?;
        let pupil = by.pupils.first().context("the diary shows no pupil")?;
        let begun = self.post(&by, "/v1/linkings", json!({ "pupil": pupil })).await?;
        let number = phone(self.nth);
        let linking = self.act(&by, &begun, "contact", json!({ "contact": format!("+{number}") })).await?;
        let code = self.code(&number).await?;
        // The receipt makes the linking newer; what is asked for stays what the person saw.
        let linking = self.act(&by, &linking, "code", json!({ "code": code })).await?;
        let linking = self.act(&by, &linking, "confirm", json!({ "accept_other_name": true })).await?;
        let url = linking["url"].as_str().with_context(|| format!("no way into MAX: {linking}"))?;
        let id = linking["id"].as_str().context("no id")?;
        self.phone("/api/max/open", json!({ "user_id": user(self.nth), "link": url })).await?;
        self.until(&by, id, |linking| linking["opened"] == true).await?;
        self.phone("/api/max/contact", json!({ "user_id": user(self.nth) })).await?;
        self.until(&by, id, |linking| linking["step"] == "linked").await
    }

    async fn act(&self, by: &SignedIn, linking: &Value, what: &str, mut body: Value) -> Result<Value> {
        body["version"] = linking["version"].clone();
        self.post(by, &format!("/v1/linkings/{}/{what}", linking["id"].as_str().context("no id")?), body).await
    }

    async fn post(&self, by: &SignedIn, path: &str, body: Value) -> Result<Value> {
        let begun = Instant::now();
        let answer = self.client.post(by, path, &Client::new_key(), &body).await?;
        let is_well = answer.status().is_success();
        let text = answer.text().await?;
        self.told.0.lock().unwrap_or_else(PoisonError::into_inner).push(begun.elapsed().as_secs_f64());
        ensure!(is_well, "{path}: {text}");
        Ok(serde_json::from_str(&text)?)
    }

    async fn until(&self, by: &SignedIn, id: &str, fits: impl Fn(&Value) -> bool) -> Result<()> {
        let mut events = self.client.events(by, id).await?;
        loop {
            if fits(&self.client.linking(by, id).await?) {
                return Ok(());
            }
            events.next_version().await?.context("the events have ended")?;
        }
    }

    async fn code(&self, number: &str) -> Result<String> {
        let url = format!("{}/api/sms/wait?to={number}&after=0&timeout_s=30", self.phone_page);
        let came: Value = self.http.get(url).send().await?.error_for_status()?.json().await?;
        self.told.1.fetch_add(came.as_array().map_or(0, Vec::len) as u64, Ordering::Relaxed);
        Ok(came[0]["code"].as_str().context("no code has come")?.to_owned())
    }

    async fn phone(&self, path: &str, body: Value) -> Result<()> {
        let url = format!("{}{path}", self.phone_page);
        self.http.post(url).json(&body).send().await?.error_for_status()?;
        Ok(())
    }
}
