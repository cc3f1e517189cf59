//! A database of an older version is brought up to date, with what is in it.

use std::borrow::Cow;

use mostik_store::{Address, sql};
use mostik_wire::{Code, Linking, Profile, StepName};
use regex::Regex;
use serde_json::{Value, json};
use sqlx::{Connection, migrate::Migrator};

use crate::{
    by_mail::PASSWORD,
    owner::by_code,
    world::{App, World},
};

static ALL: Migrator = sqlx::migrate!("../store/migrations/sqlite");

#[tokio::test]
async fn the_first_versions_rows_survive_with_their_links() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("mostik.sqlite");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file).create_if_missing(true).foreign_keys(true);
    let old = sqlx::SqlitePool::connect_with(options).await.unwrap();
    let first = Migrator { migrations: Cow::Owned(vec![ALL.migrations[0].clone()]), ..Migrator::DEFAULT };
    first.run(&old).await.unwrap();
    for sql in [
        "INSERT INTO accounts VALUES ('a', '1', 'Ольга', 'Орлова', 'parent', NULL)",
        "INSERT INTO pupils VALUES ('u', '2', 'Михаил', 'Орлов', '8-Б', NULL, '2011-05-14')",
        "INSERT INTO profiles VALUES ('p', '+79000001242', 'Михаил', 'Орлов', 'pupil', '8-Б', 501001, 1)",
        "INSERT INTO linkings (id, pupil_id, version, moved_at_version, step, created_at, updated_at, phone, nth, profile_id,
             linked_at) VALUES ('l', 'u', 7, 7, 'linked', 1, 2, '+79000001242', 2, 'p', 2)",
        "INSERT INTO linkings (id, pupil_id, version, moved_at_version, step, created_at, updated_at)
             VALUES ('m', 'u', 1, 1, 'contact', 3, 3)",
        "INSERT INTO links VALUES ('u', 'p', 'l', 2)",
        "INSERT INTO codes VALUES ('l', 1, 'h1', '+79000001242', 5, 9)",
        "INSERT INTO codes VALUES ('l', 2, 'h2', '+79000001242', 0, 9)",
        "INSERT INTO outbox VALUES ('o', 'sms', '79000001242', 'sealed', 'l', 2, 'queued', 0, 1, 9, 1, NULL)",
    ] {
        sqlx::query(sql).execute(&old).await.unwrap();
    }
    old.close().await;

    let db = mostik_store::Store::open(&Address::from(&*file)).await.unwrap();
    let linking: (String, Option<String>, Option<String>, String, i64) = sql::query_as(
        "SELECT l.step, l.state ->> '$.link.contact.channel', l.contact, p.phone, k.linked_at
         FROM linkings l JOIN profiles p ON p.id = l.profile_id JOIN links k ON k.linking_id = l.id WHERE l.id = 'l'",
    )
    .fetch_one(&mut db.reader().await.unwrap())
    .await
    .unwrap();
    assert_eq!(linking, ("linked".into(), Some("sms".into()), Some("+79000001242".into()), "+79000001242".into(), 2));
    let in_max: (i64, Option<i64>, Option<i64>) = sql::query_as("SELECT max_user, max_at, vk_user FROM profiles")
        .fetch_one(&mut db.reader().await.unwrap())
        .await
        .unwrap();
    assert_eq!(in_max, (501_001, Some(2), None), "since the link was made");
    let begun: (String, Option<String>, Option<String>) =
        sql::query_as("SELECT step, state ->> '$.contact.channel', contact FROM linkings WHERE id = 'm'")
            .fetch_one(&mut db.reader().await.unwrap())
            .await
            .unwrap();
    assert_eq!(begun, ("contact".into(), None, None));
    let codes: Vec<(i64, String, String)> = sql::query_as("SELECT nth, purpose, contact FROM codes ORDER BY nth")
        .fetch_all(&mut db.reader().await.unwrap())
        .await
        .unwrap();
    assert_eq!(codes[1], (2, "contact".into(), "+79000001242".into()));
    let queued: i64 = sql::query_scalar("SELECT COUNT(*) FROM outbox WHERE state = 'queued' AND kind = 'sms'")
        .fetch_one(&mut db.reader().await.unwrap())
        .await
        .unwrap();
    assert_eq!((codes.len(), queued), (2, 1));
    // References hold, and so do the rules on the new tables.
    let broken: Vec<(String,)> = sql::query_as("SELECT \"table\" FROM pragma_foreign_key_check")
        .fetch_all(&mut db.reader().await.unwrap())
        .await
        .unwrap();
    assert!(broken.is_empty(), "{broken:?}");
    for refused in [
        "INSERT INTO linkings (id, pupil_id, version, moved_at_version, step, created_at, updated_at) VALUES ('n', 'u', 1, 1, 'code', 3, 3)",
        "INSERT INTO profiles (id, first_name, last_name, role, created_at) VALUES ('q', 'x', 'y', 'pupil', 1)",
        "INSERT INTO profiles (id, phone, first_name, last_name, role, created_at) VALUES ('q', '+79000001242', 'x', 'y', 'pupil', 1)",
        "INSERT INTO links VALUES ('u2', 'nobody', 'l', 2)",
    ] {
        let mut tx = db.write().await.unwrap();
        assert!(sql::query(refused).execute(&mut tx).await.is_err(), "{refused}");
        tx.rollback().await.unwrap();
    }
    db.close().await;
}

/// A database that version 0.1.0 with migration 11 has written, with a pupil at each step.
const OF_MIGRATION_11: &str = include_str!("../databases/0011.sql");
/// What that version answered about it: by login, with the access token that was good then.
const ANSWERS_OF_MIGRATION_11: &str = include_str!("../databases/0011.json");

/// What a test's ports are not compared by.
fn without_ports(answer: &Value) -> Value {
    let ports = Regex::new(r"127\.0\.0\.1(%3A|:)\d+").unwrap();
    serde_json::from_str(&ports.replace_all(&answer.to_string(), "loopback")).unwrap()
}

async fn world_of_migration_11() -> (World, Value) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("mostik.sqlite");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file).create_if_missing(true).foreign_keys(false);
    let mut old = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::raw_sql(OF_MIGRATION_11).execute(&mut old).await.unwrap();
    old.close().await.unwrap();
    let database = file.display().to_string();
    let world = World::in_dir(dir, &[("MOSTIK_DATABASE", &database), ("MOSTIK_MESSENGERS", "max vk")]).await;
    let answers: Value = serde_json::from_str(ANSWERS_OF_MIGRATION_11).unwrap();
    world.set_clock(answers["now"].as_i64().unwrap());
    // The first keys of a world were used for what the database holds.
    for _ in 0..1000 {
        world.new_key();
    }
    (world, answers)
}

fn app_of(answers: &Value, login: &str) -> App {
    let access = answers["answers"][login]["access"].as_str().unwrap().to_owned();
    App { access, refresh: String::new(), language: "ru" }
}

#[tokio::test]
async fn every_step_of_the_version_before_is_answered_as_that_version_did() {
    let (world, answers) = world_of_migration_11().await;
    let mut steps = std::collections::BTreeSet::new();
    for (login, was) in answers["answers"].as_object().unwrap() {
        let app = app_of(&answers, login);
        let all = world.get(&app, "/v1/linkings").await.json();
        assert_eq!(without_ports(&all), was["linkings"], "{login}");
        steps.extend(all.as_array().unwrap().iter().map(|linking| linking["step"].to_string()));
        for (pupil, was) in was["profiles"].as_object().unwrap() {
            let profile = world.get(&app, &format!("/v1/pupils/{pupil}/profile")).await.without_request_id();
            assert_eq!(without_ports(&profile), *was, "{login}");
        }
    }
    assert_eq!(steps.len(), 11, "{steps:?}");
}

#[tokio::test]
async fn from_every_step_of_the_version_before_people_go_on() {
    let (world, answers) = world_of_migration_11().await;
    let app = |login: &str| app_of(&answers, login);
    let code = |of: &str| {
        let codes = answers["codes"].as_array().unwrap();
        codes.iter().find(|code| code[0] == of).unwrap()[1].as_str().unwrap().to_owned()
    };
    for (login, first_name, what, body, next) in [
        ("budi", "", "contact", json!({ "contact": "+7 900 000-55-11" }), StepName::Code),
        ("olga", "Анна", "details", crate::by_mail::anyas_details(), StepName::Max),
        ("olga", "Лев", "code", json!({ "code": code("lev") }), StepName::Password),
        ("constance", "Шарль", "password", json!({ "password": PASSWORD }), StepName::Details),
        ("hung", "Ын", "recovery", json!({ "code": code("yn"), "password": PASSWORD }), StepName::Profile),
        ("gasan", "Лейла", "confirm", json!({ "accept_other_name": false }), StepName::Max),
        ("gasan", "Соня", "skip-max", json!({}), StepName::Linked),
        ("victoria", "Александрина-Виктория-Екатерина", "max-link", json!({}), StepName::Max),
        ("liza", "Елизавета", "max-number", json!({}), StepName::Profile),
        ("timur", "Тимур", "cancel", json!({}), StepName::Closed),
        ("layla", "דוד", "confirm", json!({ "accept_other_name": true }), StepName::Linked),
    ] {
        let app = app(login);
        let me = world.me(&app).await;
        let pupil = me.pupils.iter().find(|pupil| pupil.first_name == first_name).unwrap();
        let all = world.get(&app, "/v1/linkings").await.json();
        let linking = all.as_array().unwrap().iter().find(|linking| linking["pupil"] == pupil.id.0).unwrap();
        let mut linking: Linking = serde_json::from_value(linking.clone()).unwrap();
        if linking.step.name() == StepName::Closed {
            // Two were begun in one millisecond, and the other one is open.
            linking = world.begin(&app).await;
        }
        let answer = world.act(&app, &linking, what, body).await.linking();
        assert_eq!(answer.step.name(), next, "{login} {what}");
    }
    // The code for the owner proves once more, and the link goes with what is bound to it.
    let misha = app("misha");
    let pupil = world.pupil(&misha, "Михаил").await;
    let wrong = if code("misha") == "000000" { "000001" } else { "000000" };
    world.proven(&misha, &pupil, "unlink", by_code(wrong)).await.problem(Code::CodeWrong);
    assert_eq!(world.proven(&misha, &pupil, "unlink", by_code(&code("misha"))).await.status, 200);
    let victoria = app("victoria");
    let pupil = world.pupil(&victoria, "Александрина-Виктория-Екатерина").await;
    let kept: Profile = world.profile(&victoria, &pupil).await;
    let kept = world.own(&victoria, &pupil, "keep", json!({ "profile": kept.id })).await.profile();
    assert_eq!(kept.deletes_at, None);
}
