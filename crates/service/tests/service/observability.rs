//! What `packaging/observability` gives to operators, by Prometheus itself: the alert rules, the dashboard, the configuration.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use mostik_service::metrics::ALL;
use regex::Regex;
use serde_json::Value;

use crate::{metrics::LISTEN, world::World};

const HINT: &str = "these tests need Prometheus: `cargo xtask test` installs it, or `apt-get install prometheus`";
/// What stands in the dashboard for a few scrapes, as Grafana chooses it.
const RATE_INTERVAL: (&str, &str) = ("$__rate_interval", "5s");
/// A hang is a failure.
const PATIENCE: Duration = Duration::from_secs(50);
/// Prometheus says nothing when it has asked: it is asked how far it is, this often.
const LOOK: Duration = Duration::from_millis(200);

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packaging/observability")
}

fn text(name: &str) -> String {
    std::fs::read_to_string(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn promtool(args: &[&str]) {
    let output = Command::new("promtool").args(args).current_dir(folder()).output();
    let output = output.unwrap_or_else(|error| panic!("{HINT} ({error})"));
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "promtool {args:?}:\n{}{}", said(&output.stdout), said(&output.stderr));
}

/// Title and query of everything that the dashboard shows.
fn queries() -> Vec<(String, String)> {
    let dashboard: Value = serde_json::from_str(&text("dashboard.json")).unwrap();
    let panels = dashboard["panels"].as_array().unwrap().iter().filter(|panel| panel["type"] != "row");
    let of_panel = |panel: &Value| {
        let title = panel["title"].as_str().unwrap().to_owned();
        let targets = panel["targets"].as_array().unwrap_or_else(|| panic!("{title} shows nothing")).clone();
        targets.into_iter().map(move |target| (title.clone(), target["expr"].as_str().unwrap().to_owned()))
    };
    panels.flat_map(of_panel).collect()
}

#[test]
fn rules_and_panels_ask_for_what_is_measured() {
    let name = Regex::new("mostik_[a-z_]+").unwrap();
    let described: BTreeSet<String> = ALL.iter().map(|of| of.exposed()).collect();
    let panels: Vec<String> = queries().into_iter().map(|(_, query)| query).collect();
    let mut asked = 0;
    for text in [text("alerts.yml"), text("alerts.test.yml"), panels.join("\n")] {
        for found in name.find_iter(&text) {
            asked += 1;
            assert!(
                described.contains(found.as_str().trim_end_matches("_bucket")),
                "{} is not measured",
                found.as_str()
            );
        }
    }
    assert!(asked > 50, "only {asked} names were found: have the files moved?");
}

#[test]
fn each_alert_fires_on_its_fault_and_is_silent_in_health() {
    let tests = text("alerts.test.yml");
    let alerts: Vec<String> = text("alerts.yml")
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- alert: "))
        .map(str::to_owned)
        .collect();
    assert!(alerts.len() > 5, "only {alerts:?}");
    for alert in alerts {
        let fires = tests.split("eval_time").any(|part| {
            part.contains(&format!("alertname: {alert}\n"))
                && part.contains("exp_labels")
                && !part.contains("exp_alerts: []")
        });
        assert!(fires, "no test shows that {alert} fires");
        let silent = tests.lines().any(|line| {
            line.contains("alertname: ")
                && line.contains(&alert)
                && (line.contains("*silent") || line.contains("&silent"))
        });
        assert!(silent, "no test shows that {alert} is silent in health");
    }
    promtool(&["check", "rules", "alerts.yml"]);
    promtool(&["test", "rules", "alerts.test.yml"]);
    promtool(&["check", "config", "prometheus.yml"]);
}

/// A Prometheus of the test's own, which asks one service and ends with the test.
struct Prometheus {
    url: String,
    _child: tokio::process::Child,
    _dir: tempfile::TempDir,
}

impl Prometheus {
    fn start(metrics_url: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let target = metrics_url.strip_prefix("http://").and_then(|rest| rest.strip_suffix("/metrics")).unwrap();
        let rules = folder().join("alerts.yml");
        let config = format!(
            "global: {{scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 1s}}\nrule_files: [{rules:?}]\n\
             scrape_configs: [{{job_name: mostik, static_configs: [{{targets: [{target:?}]}}]}}]\n"
        );
        let file = dir.path().join("prometheus.yml");
        std::fs::write(&file, config).unwrap();
        // It does not tell which port it took, so it is told one that was free a moment ago.
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let child = tokio::process::Command::new("prometheus")
            .arg(format!("--config.file={}", file.display()))
            .arg(format!("--storage.tsdb.path={}", dir.path().join("data").display()))
            .arg(format!("--web.listen-address={free}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{HINT} ({error})"));
        Self { url: format!("http://{free}"), _child: child, _dir: dir }
    }

    /// What a query answers; nothing while Prometheus is not ready.
    async fn query(&self, world: &World, query: &str) -> Option<Value> {
        let asked =
            world.http.get(format!("{}/api/v1/query", self.url)).query(&[("query", query)]).send().await.ok()?;
        let answer: Value = asked.json().await.ok()?;
        assert_ne!(answer["errorType"], "bad_data", "{query}: {answer}");
        (answer["status"] == "success").then(|| answer["data"]["result"].clone())
    }
}

/// Whether a number is among the results.
fn has_data(result: &Value) -> bool {
    result.as_array().is_some_and(|all| all.iter().any(|one| one["value"][1].as_str().is_some_and(|n| n != "NaN")))
}

#[tokio::test]
async fn every_panel_of_the_dashboard_shows_a_busy_service() {
    let world = World::with(&[LISTEN, ("MOSTIK_MESSENGERS", "max vk")]).await;
    let prometheus = Prometheus::start(world.service.as_ref().unwrap().metrics_url.as_ref().unwrap());
    let busy = async {
        while !has_data(&prometheus.query(&world, "mostik_build_info").await.unwrap_or_default()) {
            tokio::time::sleep(LOOK).await;
        }
        world.live_a_life().await;
        let app = world.sign_in("misha").await;
        let mut left = queries();
        left.push(("the alerts' own job".into(), "up{job=\"mostik\"} == 1".into()));
        assert!(left.len() > 15, "only {left:?}");
        loop {
            world.me(&app).await;
            let mut without = Vec::new();
            for (title, query) in left {
                let asked = query.replace(RATE_INTERVAL.0, RATE_INTERVAL.1);
                if !has_data(&prometheus.query(&world, &asked).await.unwrap_or_default()) {
                    without.push((title, query));
                }
            }
            if without.is_empty() {
                return;
            }
            eprintln!("no data yet: {without:?}");
            left = without;
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::time::timeout(PATIENCE, busy)
        .await
        .expect("the panels have data in time: the last lines above say which have none");
    let rules = world.http.get(format!("{}/api/v1/rules", prometheus.url)).send().await.unwrap();
    let rules: Value = rules.json().await.unwrap();
    for rule in rules["data"]["groups"][0]["rules"].as_array().unwrap() {
        assert_ne!(rule["state"], "firing", "{rule}");
        assert_ne!(rule["health"], "err", "{rule}");
    }
}
