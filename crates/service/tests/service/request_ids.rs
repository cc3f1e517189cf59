//! Every request has an id: in its answer, and in every line of the log that it causes.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use mostik_wire::{Code, Problem};
use serde_json::Value;

use crate::world::{Answer, World};

fn id_of(answer: &Answer) -> String {
    answer.headers["x-request-id"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_clients_id_is_not_taken() {
    let world = World::new().await;
    let live = format!("{}/health/live", world.url());
    let request = world.http.get(live).header("x-request-id", "mine");
    let answer = Answer::of(request.send().await.unwrap()).await;
    assert_eq!(answer.headers.get_all("x-request-id").iter().count(), 1);
    assert_eq!(id_of(&answer).len(), "7F3K-9QWX-2TBM".len());
}

#[tokio::test]
async fn answers_pages_and_refusals_each_have_their_own() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let mut ids = Vec::new();
    for path in ["/v1/me", "/v1/me", "/v1/linkings/nobodys", "/return/nowhere", "/v1/nowhere", "/openapi.json"] {
        let answer = world.get(&app, path).await;
        ids.push(id_of(&answer));
        if answer.headers["content-type"] == "application/problem+json" {
            let problem: Problem = serde_json::from_str(&answer.text).unwrap();
            assert_eq!(problem.request_id, Some(id_of(&answer)), "{path}");
        }
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 6);
}

/// What a service of its own says while it is asked for `path`; `format` is its `log.format`.
async fn lines_of(format: &str, path: &str) -> (String, Vec<String>) {
    let mut world = World::new().await;
    world.stop().await;
    let file = world.dir.path().join("mostik.toml");
    std::fs::write(&file, world.config_text() + &format!("[log]\nformat = {format:?}\n")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_mostik-service"));
    command.env_clear().env("RUST_LOG", "mostik_service=debug").args(["serve", "--config"]).arg(&file);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut ready = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut ready).unwrap();
    let ready: Value = serde_json::from_str(&ready).unwrap();
    let url = format!("{}{path}", ready["service"].as_str().unwrap());
    let answer = Answer::of(world.http.get(url).send().await.unwrap()).await;
    let mut lines = Vec::new();
    for line in BufReader::new(child.stderr.take().unwrap()).lines() {
        lines.push(line.unwrap());
        if lines.last().is_some_and(|line| line.contains("answered")) {
            break;
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    (id_of(&answer), lines)
}

#[tokio::test]
async fn the_log_bears_it_for_people_and_for_programs() {
    let (id, lines) = lines_of("text", "/v1/nowhere").await;
    assert!(lines.last().unwrap().contains(&id), "{lines:?}");
    let (id, lines) = lines_of("json", "/v1/nowhere").await;
    for line in &lines {
        let said: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(said["timestamp"].is_string() && said["level"].is_string() && said["message"].is_string(), "{line}");
    }
    let answered: Value = serde_json::from_str(lines.last().unwrap()).unwrap();
    assert_eq!(answered["span"]["id"], id);
    assert_eq!(answered["status"], Code::NotFound.status());
}
