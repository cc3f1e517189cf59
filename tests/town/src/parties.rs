//! The diary, VK ID and the bot of MAX, on loopback, as the service asks them. Who somebody is stands in the codes and tokens, so that nothing is kept.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU32, Ordering},
};

use anyhow::Result;
use axum::{
    Form, Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::{family::Family, random::Stream};

/// The running parties.
pub struct Parties {
    /// Where they are reached.
    pub url: String,
    asked: Arc<Asked>,
    server: JoinHandle<()>,
}

struct Asked {
    seed: u64,
    draw: Mutex<Stream>,
    diary_refuses: AtomicU32,
    vk_refuses: AtomicU32,
}

impl Drop for Parties {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Parties {
    /// Listens on a free port.
    ///
    /// # Errors
    /// When there is none.
    pub async fn start(seed: u64) -> Result<Self> {
        let asked = Arc::new(Asked {
            seed,
            draw: Mutex::new(Stream::of(seed, "parties", 0)),
            diary_refuses: AtomicU32::new(0),
            vk_refuses: AtomicU32::new(0),
        });
        let router = Router::new()
            .route("/diary/token", post(diary_token))
            .route("/diary/web/v1/profile", get(diary_profile))
            .route("/diary/web/v1/schedule/short", get(schedule))
            .route("/calendar/v1/api/events", get(calendar))
            .route("/max/me", get(bot))
            .route("/vk/token", post(vk_token))
            .route("/vk/user_info", post(vk_user))
            .route("/vk/revoke", post(async || Json(json!({ "response": 1 }))))
            .with_state(Arc::clone(&asked));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let server = tokio::spawn(async move {
            axum::serve(listener, router).await.ok();
        });
        Ok(Self { url, asked, server })
    }

    /// How often they do not answer from now on, of a thousand.
    pub fn refuse(&self, diary: u32, vk: u32) {
        self.asked.diary_refuses.store(diary, Ordering::Relaxed);
        self.asked.vk_refuses.store(vk, Ordering::Relaxed);
    }
}

impl Asked {
    fn refuses(&self, rate: &AtomicU32) -> bool {
        self.draw.lock().unwrap_or_else(PoisonError::into_inner).happens(rate.load(Ordering::Relaxed))
    }
}

type Fields = Form<Vec<(String, String)>>;

fn field<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    fields.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
}

async fn diary_token(State(asked): State<Arc<Asked>>, Form(form): Fields) -> Response {
    if asked.refuses(&asked.diary_refuses) {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    let given = if field(&form, "grant_type") == "refresh_token" { "refresh_token" } else { "code" };
    let account = field(&form, given);
    Json(json!({ "access_token": account, "refresh_token": account, "expires_in": 3600 })).into_response()
}

fn bearer(headers: &HeaderMap) -> &str {
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    header.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default()
}

async fn diary_profile(State(asked): State<Arc<Asked>>, headers: HeaderMap) -> Response {
    if asked.refuses(&asked.diary_refuses) {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    match Family::told_by_diary(asked.seed, bearer(&headers)) {
        Some(told) => Json(told).into_response(),
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}

// No coin is tossed here: the service asks for schedule and calendar at the same moment, and their order is nobody's.
async fn schedule() -> Json<Value> {
    Json(json!({ "payload": [] }))
}

async fn calendar() -> Json<Value> {
    Json(json!({ "response": [] }))
}

async fn bot() -> Json<Value> {
    Json(
        json!({ "user_id": 1, "first_name": "Мостик", "username": "mostik_bot", "is_bot": true, "last_activity_time": 0 }),
    )
}

async fn vk_token(State(asked): State<Arc<Asked>>, Form(form): Fields) -> Response {
    if asked.refuses(&asked.vk_refuses) {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    let user: i64 = field(&form, "code").parse().unwrap_or_default();
    Json(json!({ "access_token": user.to_string(), "user_id": user, "state": field(&form, "state") })).into_response()
}

async fn vk_user(Form(form): Fields) -> Json<Value> {
    let user = field(&form, "access_token");
    Json(json!({ "user": { "user_id": user, "first_name": "Вера", "last_name": "Карпова" } }))
}
