//! MAX as a script: each request is an event to wait for, each answer is the test's choice. The sandbox plays the real one.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    extract::{Query, State},
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::world::World;

pub const SECRET: &str = "a-secret-of-the-hook";

/// One request to the Bot API.
#[derive(Debug)]
pub struct Asked {
    /// Such as `POST /messages`.
    pub what: String,
    /// To whom.
    pub user: i64,
    pub body: Value,
    /// Whether it was answered as MAX answers what it takes.
    pub taken: bool,
    pub at: tokio::time::Instant,
}

impl Asked {
    pub fn text(&self) -> &str {
        self.body["text"].as_str().unwrap_or_default()
    }
}

/// A status, a `Retry-After`, a body.
pub type Answer = (u16, Option<u32>, &'static str);

#[derive(Clone)]
struct Script {
    asked: mpsc::UnboundedSender<Asked>,
    /// Answers to the next messages; after them all are taken.
    answers: Arc<Mutex<VecDeque<Answer>>>,
    subscriptions: Arc<Mutex<Vec<Value>>>,
}

pub struct FakeMax {
    pub url: String,
    asked: mpsc::UnboundedReceiver<Asked>,
    script: Script,
}

impl FakeMax {
    pub async fn start() -> Self {
        let (sender, asked) = mpsc::unbounded_channel();
        let script = Script { asked: sender, answers: Arc::default(), subscriptions: Arc::default() };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(script.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, asked, script }
    }

    /// The service with this MAX, which brings updates to the webhook; it has subscribed already.
    pub async fn with_world() -> (World, Self) {
        let mut max = Self::start().await;
        let world = World::with(&[
            ("MOSTIK_MAX_API_URL", &max.url),
            ("MOSTIK_MAX_MODE", "webhook"),
            ("MOSTIK_MAX_WEBHOOK_SECRET", SECRET),
        ])
        .await;
        let told = max.next("POST /subscriptions").await;
        assert_eq!(told.body["secret"], SECRET);
        assert_eq!(told.body["url"], format!("{}/max/webhook", world.url()));
        assert_eq!(told.body["update_types"], json!(["bot_started", "bot_stopped", "message_created"]));
        (world, max)
    }

    pub fn answer_next(&self, answers: &[Answer]) {
        self.script.answers.lock().unwrap().extend(answers);
    }

    /// What is subscribed; MAX forgets it after eight hours of failures.
    pub fn subscriptions(&self) -> std::sync::MutexGuard<'_, Vec<Value>> {
        self.script.subscriptions.lock().unwrap()
    }

    /// The next request, which must be this one. A look at the subscriptions, which each node takes in its own time, is passed over.
    pub async fn next(&mut self, what: &str) -> Asked {
        const LOOK: &str = "GET /subscriptions";
        loop {
            let asked = tokio::time::timeout(std::time::Duration::from_secs(30), self.asked.recv()).await;
            let asked = asked.unwrap_or_else(|_| panic!("no {what} came")).unwrap();
            if asked.what == LOOK && what != LOOK {
                continue;
            }
            assert_eq!(asked.what, what, "{asked:?}");
            return asked;
        }
    }

    /// The next message.
    pub async fn message(&mut self) -> Asked {
        self.next("POST /messages").await
    }
}

async fn answer(
    State(script): State<Script>,
    method: Method,
    uri: Uri,
    Query(query): Query<std::collections::HashMap<String, String>>,
    headers: HeaderMap,
    body: String,
) -> Response {
    assert!(headers.contains_key(header::AUTHORIZATION));
    let what = format!("{method} {}", uri.path());
    let body: Value = serde_json::from_str(&body).unwrap_or_default();
    let scripted = if what == "POST /messages" { script.answers.lock().unwrap().pop_front() } else { None };
    let (status, wait, text) = match (what.as_str(), scripted) {
        (_, Some((status, wait, text))) => (status, wait, text.to_owned()),
        ("GET /subscriptions", _) => {
            (200, None, json!({ "subscriptions": *script.subscriptions.lock().unwrap() }).to_string())
        }
        ("POST /subscriptions", _) => {
            let subscription = json!({ "url": body["url"], "time": 1, "update_types": body["update_types"] });
            script.subscriptions.lock().unwrap().push(subscription);
            (200, None, json!({ "success": true }).to_string())
        }
        // As little as MAX may say.
        _ => (200, None, json!({ "message": {} }).to_string()),
    };
    // The menu is told at no certain moment, and no story is about it.
    if what == "PATCH /me/commands" {
        return Json(json!({ "commands": body["commands"] })).into_response();
    }
    let user = query.get("user_id").and_then(|user| user.parse().ok()).unwrap_or_default();
    let at = tokio::time::Instant::now();
    // Nobody listens once the test is over.
    script.asked.send(Asked { what, user, body, taken: status == 200 && text.ends_with('}'), at }).ok();
    let mut response = (StatusCode::from_u16(status).unwrap(), Json(Value::Null)).into_response();
    *response.body_mut() = text.into();
    if let Some(seconds) = wait {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

impl World {
    /// MAX brings an update.
    pub async fn hook(&self, update: &Value) {
        self.hook_to(self.url(), update).await;
    }

    pub async fn hook_to(&self, url: &str, update: &Value) {
        let request = self.http.post(format!("{url}/max/webhook")).header("x-max-bot-api-secret", SECRET);
        assert_eq!(request.json(update).send().await.unwrap().status(), 200, "{update}");
    }
}

pub fn started(user: i64, at: i64, payload: Option<&str>) -> Value {
    json!({ "update_type": "bot_started", "timestamp": at, "chat_id": user, "payload": payload, "user": { "user_id": user } })
}

pub fn stopped(user: i64, at: i64) -> Value {
    json!({ "update_type": "bot_stopped", "timestamp": at, "chat_id": user, "user": { "user_id": user } })
}

pub fn wrote(user: i64, at: i64, text: &str) -> Value {
    let body = json!({ "mid": format!("mid.{user}.{at}"), "seq": 1, "text": text });
    json!({ "update_type": "message_created", "timestamp": at, "message": { "sender": { "user_id": user }, "body": body } })
}

/// A contact, proven when `token` is the bot's.
pub fn shared(user: i64, at: i64, token: &str, phone: &str) -> Value {
    use hmac::{Hmac, KeyInit, Mac};
    let card = format!("BEGIN:VCARD\r\nVERSION:3.0\r\nTEL;TYPE=cell:{phone}\r\nEND:VCARD\r\n");
    let mac = Hmac::<sha2::Sha256>::new_from_slice(token.as_bytes()).unwrap().chain_update(card.as_bytes());
    let hash: String = mac.finalize().into_bytes().iter().map(|b| format!("{b:02x}")).collect();
    let payload = json!({ "vcf_info": card, "hash": hash, "max_info": { "user_id": user } });
    let mut update = wrote(user, at, "");
    update["message"]["body"]["attachments"] = json!([{ "type": "contact", "payload": payload }]);
    update
}
