//! `mostik-service doctor`.

use std::process::ExitCode;

use serde_json::json;

use super::config_file::{ConfigFile, MISUSED};
use crate::{
    clock::{SystemClock, SystemEntropy},
    config::Config,
    doctor::{self, Finding, State},
};

/// Look at all that the service needs, and say what is wrong and what to do.
///
/// The settings, the database, the clock, certificates and proxies, SMS centres, the mail server, MAX, VK ID and the diary, side by side,
/// with their real accounts. Nothing is changed, and no message is sent; the service may run meanwhile. Run it as the service's user. The
/// status is 0 when all is well, 1 when something is wrong, 2 when the settings are.
#[derive(clap::Args)]
pub(super) struct Doctor {
    #[command(flatten)]
    config: ConfigFile,
    /// Print one object of JSON: {"well": …, "checks": [{"check", "state": "well" "wrong" "not_tried", "found", "next"}]}
    #[arg(long)]
    json: bool,
}

impl Doctor {
    pub(super) async fn run(self) -> ExitCode {
        let (findings, wrong) = match Config::load(&self.config.path) {
            Ok(config) => (doctor::examine(&config, &SystemClock, &SystemEntropy).await, ExitCode::FAILURE),
            Err(faults) => (faults.into_iter().map(Finding::from).collect(), ExitCode::from(MISUSED)),
        };
        let is_well = findings.iter().all(|finding| finding.state != State::Wrong);
        if self.json {
            println!("{}", json!({ "well": is_well, "checks": findings }));
        } else {
            for finding in &findings {
                println!("{finding}");
            }
        }
        if is_well { ExitCode::SUCCESS } else { wrong }
    }
}
