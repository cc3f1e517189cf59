//! Whoever has no credentials changes nothing: no row is written, and no disk is synced.

use std::collections::BTreeSet;

use mostik_service::{keys::s256, router::document};
use mostik_store::{Store, sql};
use reqwest::{Method, StatusCode};
use serde_json::json;
use sqlx::AssertSqlSafe;

use crate::{
    sign_in::VERIFIER,
    world::{REDIRECT, World, on_postgres},
};

/// What the service writes by itself, whoever comes or does not.
const BY_ITSELF: [&str; 4] = ["key_holders", "leases", "max_markers", "meta"];
const UNKNOWN: &str = "AAAAAAAAAAAAAAAAAAAAAA";

/// Notes in the database itself which tables are written from now on.
struct Written(Store);

impl Written {
    async fn watch(world: &World) -> Self {
        let store = world.store().await;
        let mut tx = store.write().await.unwrap();
        let of_postgres = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()";
        let of_sqlite = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
        let tables: Vec<String> =
            sql::query_scalar(if on_postgres() { of_postgres } else { of_sqlite }).fetch_all(&mut tx).await.unwrap();
        assert!(tables.len() > 20, "{tables:?}");
        let mut all = vec!["CREATE TABLE written (name TEXT NOT NULL)".to_owned()];
        if on_postgres() {
            let note = "BEGIN INSERT INTO written VALUES (TG_TABLE_NAME); RETURN NULL; END";
            all.push(format!("CREATE FUNCTION note_written() RETURNS trigger LANGUAGE plpgsql AS $${note}$$"));
        }
        for table in tables.iter().filter(|table| !table.starts_with("_sqlx")) {
            for what in ["INSERT", "UPDATE", "DELETE"] {
                let on = format!("CREATE TRIGGER written_{what}_{table} AFTER {what} ON {table}");
                all.push(if on_postgres() {
                    format!("{on} FOR EACH ROW EXECUTE FUNCTION note_written()")
                } else {
                    format!("{on} BEGIN INSERT INTO written VALUES ('{table}'); END")
                });
            }
        }
        for statement in all {
            sql::query(AssertSqlSafe(statement)).execute(&mut tx).await.unwrap();
        }
        tx.commit().await.unwrap();
        Self(store)
    }

    async fn tables(&self) -> BTreeSet<String> {
        let all: Vec<String> = sql::query_scalar("SELECT DISTINCT name FROM written")
            .fetch_all(&mut self.0.reader().await.unwrap())
            .await
            .unwrap();
        all.into_iter().filter(|table| !BY_ITSELF.contains(&table.as_str())).collect()
    }
}

/// How a stranger asks: with nothing, and with what nobody was ever given.
fn tries(world: &World, method: &Method, path: &str) -> Vec<reqwest::RequestBuilder> {
    let challenge = s256(VERIFIER);
    let authorize = [
        ("response_type", "code"),
        ("client_id", "mostik-desktop"),
        ("redirect_uri", REDIRECT),
        ("state", "state-of-the-app"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    let back = [("state", UNKNOWN), ("code", UNKNOWN), ("device_id", UNKNOWN)];
    let json = json!({ "token": UNKNOWN, "handle": UNKNOWN, "grant": UNKNOWN, "init_data": "user=1&hash=2&auth_date=3",
        "pupil": UNKNOWN, "contact": "+79000001242", "code": "000000", "version": 1 });
    let token = |grant: &'static str| {
        [
            ("grant_type", grant),
            ("client_id", "mostik-desktop"),
            ("code", UNKNOWN),
            ("redirect_uri", REDIRECT),
            ("code_verifier", VERIFIER),
            ("refresh_token", UNKNOWN),
            ("token", UNKNOWN),
            ("question", UNKNOWN),
            ("answer", "yes"),
        ]
    };
    let ask = || world.http.request(method.clone(), format!("{}{path}", world.url()));
    let unknown = || {
        let asked = ask().bearer_auth(UNKNOWN).header("idempotency-key", world.new_key());
        asked.header("x-max-bot-api-secret", UNKNOWN)
    };
    vec![
        ask(),
        unknown(),
        ask().query(&authorize),
        ask().query(&back),
        unknown().query(&back),
        ask().json(&json),
        unknown().json(&json),
        ask().form(&token("authorization_code")),
        ask().form(&token("refresh_token")),
        unknown().body("{"),
    ]
}

/// Every route of the contract, with something in place of its parameters.
fn routes() -> Vec<(Method, String)> {
    let api = serde_json::to_value(document()).unwrap();
    let mut all = Vec::new();
    for (path, item) in api["paths"].as_object().unwrap() {
        let way: Vec<&str> = path.split('/').map(|part| if part.starts_with('{') { UNKNOWN } else { part }).collect();
        let methods = item.as_object().unwrap().keys().map(|method| method.to_uppercase().parse().unwrap());
        all.extend(methods.map(|method| (method, way.join("/"))));
    }
    all
}

#[tokio::test]
async fn whoever_has_no_credentials_is_answered_while_the_writer_is_taken() {
    let world = World::with(&[("MOSTIK_MESSENGERS", "max vk")]).await;
    let store = world.store().await;
    let mut taken = store.write().await.unwrap();
    sql::query("UPDATE meta SET value = value").execute(&mut taken).await.unwrap();
    // What this one asks is whether the writer can be had.
    for (method, path) in routes().into_iter().filter(|(_, path)| path != "/health/ready") {
        for request in tries(&world, &method, &path) {
            let status = request.send().await.unwrap().status();
            assert_ne!(status, StatusCode::SERVICE_UNAVAILABLE, "{method} {path}");
        }
    }
    let ready = world.http.get(format!("{}/health/ready", world.url())).send().await.unwrap().status();
    assert!(on_postgres() || ready == StatusCode::SERVICE_UNAVAILABLE, "{ready}");
    drop(taken);
    store.close().await;
}

#[tokio::test]
async fn no_request_without_credentials_changes_the_database() {
    let world = World::with(&[("MOSTIK_MESSENGERS", "max vk")]).await;
    let written = Written::watch(&world).await;
    let mut asked = 0;
    for (method, path) in routes() {
        for request in tries(&world, &method, &path) {
            let status = request.send().await.unwrap().status();
            assert_ne!(status, StatusCode::INTERNAL_SERVER_ERROR, "{method} {path}");
            asked += 1;
        }
        assert_eq!(written.tables().await, BTreeSet::new(), "{method} {path}");
    }
    assert!(asked > 300, "{asked}");

    // Nor does who begins a sign-in and comes back with anything but the diary's word.
    for back in ["code=x", "error=access_denied", "error=x", ""] {
        let state = world.authorize(&[]).await.parameter("state").unwrap();
        let answer = world.http.get(format!("{}/diary/callback?state={state}&{back}", world.url())).send().await;
        assert_eq!(answer.unwrap().status(), StatusCode::SEE_OTHER, "{back}");
    }
    assert_eq!(written.tables().await, BTreeSet::new());

    // What is noted is noted.
    world.sign_in("misha").await;
    let tables = written.tables().await;
    for table in ["accounts", "sessions", "sign_ins", "auth_codes", "access_tokens"] {
        assert!(tables.contains(table), "{table}: {tables:?}");
    }
    written.0.close().await;
}

#[tokio::test]
async fn beginning_sign_ins_leaves_the_database_as_it_is() {
    let world = World::new().await;
    let written = Written::watch(&world).await;
    for _ in 0..400 {
        assert_eq!(world.authorize(&[]).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(written.tables().await, BTreeSet::new());
    written.0.close().await;
}
