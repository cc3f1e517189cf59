//! What a collector of traces is told, by a receiver that reads OTLP as the standard says.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
};

use axum::{Router, body::Bytes, http::HeaderMap, routing::post};
use mostik_wire::{Code, Delivery};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest, common::v1::any_value::Value as Said, trace::v1::Span,
};
use prost::Message;
use serde_json::json;

use crate::world::World;

const PHONE: &str = "+79000001242";

/// A collector; it keeps what it is told.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Vec<ExportTraceServiceRequest>>>);

impl Collector {
    /// Listens; answers with its address.
    async fn listen(&self) -> String {
        let told = self.0.clone();
        let take = async move |headers: HeaderMap, body: Bytes| {
            assert_eq!(headers["content-type"], "application/x-protobuf");
            told.lock().unwrap().push(ExportTraceServiceRequest::decode(body).unwrap());
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/v1/traces", post(take))).await });
        url
    }

    fn spans(&self) -> Vec<Span> {
        let told = self.0.lock().unwrap();
        let scopes = told.iter().flat_map(|request| &request.resource_spans).flat_map(|of| &of.scope_spans);
        scopes.flat_map(|scope| scope.spans.clone()).collect()
    }
}

fn attributes(span: &Span) -> BTreeMap<String, String> {
    let said = |value: Option<&Said>| match value {
        Some(Said::StringValue(text)) => text.clone(),
        Some(Said::IntValue(number)) => number.to_string(),
        other => panic!("{other:?}"),
    };
    let all = span.attributes.iter();
    all.map(|one| (one.key.clone(), said(one.value.as_ref().and_then(|value| value.value.as_ref())))).collect()
}

/// A service in a process of its own that tells this collector; the world is led to it.
async fn serving(collector: &str) -> (World, Child) {
    let mut world = World::new().await;
    world.stop().await;
    let file = world.dir.path().join("mostik.toml");
    std::fs::write(&file, world.config_text() + &format!("[traces]\notlp_url = {collector:?}\n")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_mostik-service"));
    command.env_clear().args(["serve", "--config"]).arg(&file).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut ready = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut ready).unwrap();
    let ready: serde_json::Value = serde_json::from_str(&ready).unwrap();
    world.process = Some(ready["service"].as_str().unwrap().to_owned());
    (world, child)
}

/// At its end it tells what is left.
fn end(mut child: Child) {
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_that_is_gone_holds_nobody_up() {
    let (world, child) = serving("http://127.0.0.1:9").await;
    let app = world.sign_in("misha").await;
    assert_eq!(world.me(&app).await.pupils.len(), 1);
    end(child);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_calls_and_deliveries_are_told_and_nobody_is_named_in_them() {
    let collector = Collector::default();
    let (world, child) = serving(&collector.listen().await).await;
    let app = world.sign_in("misha").await;
    let begun = world.begin(&app).await;
    let linking = world.act(&app, &begun, "contact", json!({ "contact": PHONE })).await.linking();
    let code = world.sms_code(PHONE).await;
    world.until_delivery(&app, &linking, Delivery::Delivered).await;
    world.faults(json!({ "diary": { "status": 503 } })).await;
    let pupil = world.pupil(&app, "Михаил").await;
    let week = world.get(&app, &format!("/v1/pupils/{pupil}/schedule?date=2026-11-23")).await;
    week.problem(Code::DiaryUnavailable);
    let request_id = week.headers["x-request-id"].to_str().unwrap().to_owned();
    end(child);

    let spans = collector.spans();
    let named = |name: &str| -> Vec<&Span> { spans.iter().filter(|span| span.name == name).collect() };
    // A call lies in the request that waited for it, with what came of both.
    let weeks = named("GET /v1/pupils/{id}/schedule");
    let [asked] = weeks[..] else { panic!("{weeks:?}") };
    assert!(asked.parent_span_id.is_empty() && asked.end_time_unix_nano > asked.start_time_unix_nano);
    let said = attributes(asked);
    for (name, value) in [
        ("request_id", request_id.as_str()),
        ("http.route", "/v1/pupils/{id}/schedule"),
        ("http.request.method", "GET"),
        ("http.response.status_code", &Code::DiaryUnavailable.status().to_string()),
    ] {
        assert_eq!(said[name], value);
    }
    let calls: Vec<_> = named("call diary").into_iter().filter(|call| call.parent_span_id == asked.span_id).collect();
    assert!(!calls.is_empty());
    for call in calls {
        assert_eq!((&call.trace_id, attributes(call)["outcome"].as_str()), (&asked.trace_id, "failed"));
    }
    // A message's way is a trace of its own.
    let deliveries = named("deliver sms");
    let [delivery] = deliveries[..] else { panic!("{deliveries:?}") };
    let sent = named("call sms");
    assert_eq!((&sent[0].parent_span_id, &sent[0].trace_id), (&delivery.span_id, &delivery.trace_id));
    assert_eq!(attributes(sent[0])["outcome"], "ok");

    for span in &spans {
        assert!(span.events.is_empty(), "no line of the log is told: {span:?}");
        let whole = format!("{} {:?}", span.name, attributes(span));
        for mark in [PHONE, "79000001242", &code, &pupil, &linking.id.0, &app.access, "Михаил", "Орлов", "127.0.0.1"]
        {
            assert!(!whole.contains(mark), "{mark} is in {whole}");
        }
    }
}
