//! «Телефон» of the sandbox, over its JSON: the SMS that came, and what the SMS centre was asked.

use std::time::Duration;

use anyhow::{Context, Result};
use mostik_world::World;
use serde_json::Value;

/// How long an SMS is waited for, as the sandbox is told: seconds.
const PATIENCE: u64 = 60;

/// The way to the phone.
pub struct Phone {
    http: reqwest::Client,
    address: String,
}

impl Phone {
    /// Of the sandbox of a world.
    ///
    /// # Errors
    /// When the world has not said where it is.
    pub fn of(world: &World) -> Result<Self> {
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(PATIENCE + 10)).build()?;
        Ok(Self { http, address: world.address("phone")?.trim_end_matches('/').to_owned() })
    }

    /// Sets what goes wrong at the parties, as `PUT /api/faults` takes it: what is not named is well.
    ///
    /// # Errors
    /// When the sandbox refuses.
    pub async fn faults(&self, faults: &Value) -> Result<()> {
        let answer = self.http.put(format!("{}/api/faults", self.address)).json(faults).send().await?;
        answer.error_for_status()?;
        Ok(())
    }

    /// Waits until an SMS has come to this number, such as `79000001242`.
    ///
    /// # Errors
    /// When none has after a minute.
    pub async fn sms(&self, number: &str) -> Result<()> {
        let come = self.get(&format!("/api/sms/wait?to={number}&after=0&timeout_s={PATIENCE}")).await?;
        come.as_array().is_some_and(|all| !all.is_empty()).then_some(()).context("no SMS has come")
    }

    /// How many SMS have come to this number.
    ///
    /// # Errors
    /// When the sandbox does not answer.
    pub async fn count(&self, number: &str) -> Result<usize> {
        Ok(self.get(&format!("/api/sms?to={number}")).await?.as_array().map_or(0, Vec::len))
    }

    /// How each bind at the SMS centre was answered, the oldest first: `EsmeRok`, `EsmeRalybnd`.
    ///
    /// # Errors
    /// When the sandbox does not answer.
    pub async fn binds(&self) -> Result<Vec<String>> {
        let log = self.get("/api/log?after=0").await?;
        let lines = log.as_array().into_iter().flatten().filter_map(|entry| entry["line"].as_str());
        let binds = lines.filter_map(|line| line.strip_prefix("bind ")?.split_once(": "));
        Ok(binds.map(|(_, status)| status.to_owned()).collect())
    }

    async fn get(&self, path: &str) -> Result<Value> {
        Ok(self.http.get(format!("{}{path}", self.address)).send().await?.error_for_status()?.json().await?)
    }
}
