//! What is told, and what happens by itself, when the others are down.

use mostik_wire::{Code, Delivery, Linking, Step, StepName};
use mostik_world::postgres::Postgres;
use serde_json::json;

use crate::world::{MINUTE, World, on_postgres};

const PHONE: &str = "+79000001242";

fn delivery(linking: &Linking) -> Option<Delivery> {
    match &linking.step {
        Step::Code(step) => Some(step.delivery),
        _ => None,
    }
}

#[tokio::test]
async fn an_sms_waits_for_its_provider_and_goes_out_by_itself() {
    let mut world = World::new().await;
    let app = world.sign_in("misha").await;
    for faults in [json!({ "down": true }), json!({ "refuse": "throttled" }), json!({ "refuse": "syserr" })] {
        world.faults(json!({ "sms": faults })).await;
        let begun = world.begin(&app).await;
        let phone = format!("+7900000{:04}", world.now().0 / 1000 % 10_000);
        let linking = world.act(&app, &begun, "contact", json!({ "contact": phone })).await.linking();
        assert_eq!(delivery(&linking), Some(Delivery::Queued));
        world.until(&app, &linking, |l| delivery(l) == Some(Delivery::Delayed)).await;
        world.faults(json!({})).await;
        world.restart().await;
        world.advance(MINUTE);
        let code = world.sms_code(&phone).await;
        let sent = world.until(&app, &linking, |l| delivery(l) == Some(Delivery::Delivered)).await;
        let proven = world.try_code(&app, &linking, &code).await.linking();
        assert_eq!(proven.step.name(), StepName::Profile);
        world.act(&app, &proven, "cancel", json!({})).await.linking();
        assert!(sent.version > linking.version);
    }
}

#[tokio::test]
async fn a_number_that_the_provider_refuses_is_told_at_once() {
    let world = World::new().await;
    world.faults(json!({ "sms": { "refuse": "invalid_number" } })).await;
    let app = world.sign_in("misha").await;
    let begun = world.begin(&app).await;
    let linking = world.act(&app, &begun, "contact", json!({ "contact": PHONE })).await.linking();
    let told = world.until(&app, &linking, |l| delivery(l) == Some(Delivery::Failed)).await;
    // Another number goes on.
    world.faults(json!({})).await;
    world.act(&app, &told, "contact", json!({ "contact": "+79000000007" })).await.linking();
    world.sms_code("+79000000007").await;
}

#[tokio::test]
async fn a_queued_code_that_was_replaced_never_goes_out() {
    let world = World::new().await;
    world.faults(json!({ "sms": { "down": true } })).await;
    let app = world.sign_in("misha").await;
    let begun = world.begin(&app).await;
    let first = world.act(&app, &begun, "contact", json!({ "contact": PHONE })).await.linking();
    let first = world.until(&app, &first, |l| delivery(l) == Some(Delivery::Delayed)).await;
    world.advance(MINUTE);
    let second = world.act(&app, &first, "resend", json!({})).await.linking();
    world.faults(json!({})).await;
    world.advance(MINUTE);
    let code = world.sms_code(PHONE).await;
    assert_eq!(world.sms_count(PHONE).await, 1);
    world.try_code(&app, &second, &code).await.linking();
}

#[tokio::test]
async fn a_code_that_expired_in_the_queue_is_given_up() {
    let world = World::new().await;
    world.faults(json!({ "sms": { "down": true } })).await;
    let app = world.sign_in("misha").await;
    let begun = world.begin(&app).await;
    let linking = world.act(&app, &begun, "contact", json!({ "contact": PHONE })).await.linking();
    world.until(&app, &linking, |l| delivery(l) == Some(Delivery::Delayed)).await;
    world.advance(10 * MINUTE);
    let app = world.sign_in("misha").await;
    world.until(&app, &linking, |l| delivery(l) == Some(Delivery::Failed)).await;
    world.faults(json!({})).await;
}

#[tokio::test]
async fn a_lost_sms_is_sent_and_a_new_one_helps() {
    let world = World::new().await;
    world.faults(json!({ "sms": { "lose_next": 1 } })).await;
    let app = world.sign_in("misha").await;
    let begun = world.begin(&app).await;
    let linking = world.act(&app, &begun, "contact", json!({ "contact": PHONE })).await.linking();
    let sent = world.until(&app, &linking, |l| delivery(l) == Some(Delivery::Sent)).await;
    world.advance(MINUTE);
    let again = world.act(&app, &sent, "resend", json!({})).await.linking();
    let code = world.sms_code(PHONE).await;
    world.try_code(&app, &again, &code).await.linking();
}

#[tokio::test]
async fn max_may_be_down_for_a_while() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let linking = world.to_max(&app, PHONE).await;
    let Step::Max(max) = &linking.step else { panic!("{linking:?}") };
    world.faults(json!({ "max": { "down": true } })).await;
    world.max_open(501_001, &max.url).await;
    assert_eq!(world.linking(&app, &linking.id.0).await.version, linking.version);
    world.faults(json!({})).await;
    world.until(&app, &linking, |l| matches!(&l.step, Step::Max(m) if m.opened)).await;
    let mut heard = 0;
    world.bot_says(501_001, &mut heard).await;
}

#[tokio::test]
async fn a_diary_in_trouble_is_named_and_keeps_its_own_time() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let pupil = world.me(&app).await.pupils[0].id.0.clone();
    let path = format!("/v1/pupils/{pupil}/schedule?date=2026-11-23");
    for faults in [json!({ "html": true }), json!({ "truncate": true }), json!({ "status": 500 })] {
        world.faults(json!({ "diary": faults })).await;
        let problem = world.get(&app, &path).await.problem(Code::DiaryUnavailable);
        assert_eq!((problem.retry_at, problem.event), (None, None));
    }
    for status in [429, 503] {
        world.faults(json!({ "diary": { "status": status, "retry_after": 7 } })).await;
        let answer = world.get(&app, &path).await;
        assert_eq!(answer.problem(Code::DiaryUnavailable).retry_at, Some(world.now().plus(7_000)));
        assert_eq!(answer.headers["retry-after"], "7");
    }
    world.faults(json!({})).await;
    assert_eq!(world.get(&app, &path).await.status, 200);
    // The diary's own token is over: it is renewed unnoticed.
    world.advance(9 * 60 * MINUTE);
    let app = world.sign_in("misha").await;
    assert_eq!(world.get(&app, &path).await.status, 200);
}

#[tokio::test]
async fn a_diary_that_forgot_the_sign_in_says_so() {
    let mut world = World::new().await;
    let app = world.sign_in("misha").await;
    let pupil = world.me(&app).await.pupils[0].id.0.clone();
    world.renew_sandbox().await;
    let path = format!("/v1/pupils/{pupil}/schedule?date=2026-11-23");
    world.get(&app, &path).await.problem(Code::DiarySignInEnded);
    let app = world.sign_in("misha").await;
    assert_eq!(world.get(&app, &path).await.status, 200);
}

#[tokio::test]
async fn changes_made_by_another_node_are_seen() {
    let world = World::new().await;
    let other_node = world.another_node().await;
    let app = world.sign_in("misha").await;
    let linking = world.begin(&app).await;
    let mut events = world.events(&app, &linking.id.0).await;
    assert_eq!(events.next().await.unwrap().version, 1);
    let path = format!("/v1/linkings/{}/cancel", linking.id.0);
    world.post_to(&other_node.url, &app, &path, &world.new_key(), json!({ "version": 1 })).await.linking();
    assert_eq!(events.next().await.unwrap().step.name(), StepName::Closed);
    other_node.stop().await;
}

#[tokio::test]
async fn a_locked_database_asks_to_come_again() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    world.me(&app).await;
    let db = world.store().await;
    let mut lock = db.write().await.unwrap();
    if on_postgres() {
        // A change does not keep others out there; this does.
        let tables = "LOCK TABLE idempotency, meta IN ACCESS EXCLUSIVE MODE";
        mostik_store::sql::query(tables).execute(&mut lock).await.unwrap();
    }
    let answer = world.post(&app, "/v1/linkings", json!({ "pupil": "x" })).await;
    answer.problem(Code::Overloaded);
    assert_eq!(answer.headers["retry-after"], "1");
    let ready = world.http.get(format!("{}/health/ready", world.url())).send().await.unwrap();
    assert_eq!(ready.status(), 503);
    lock.rollback().await.unwrap();
    db.close().await;
    let ready = world.http.get(format!("{}/health/ready", world.url())).send().await.unwrap();
    assert_eq!(ready.status(), 200);
    let live = world.http.get(format!("{}/health/live", world.url())).send().await.unwrap();
    assert_eq!(live.status(), 200);
}

#[tokio::test]
async fn a_database_without_room_asks_to_come_again_keeps_nothing_and_takes_the_same_request_once_there_is_room() {
    if !on_postgres() {
        // A file without room: the store's tests.
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let server = Postgres::start(folder.path(), &[]).unwrap();
    let database = server.new_database().unwrap();
    let world = World::over(database.clone()).await;
    let name = database.rsplit('/').next().unwrap();
    let app = world.sign_in("misha").await;
    let begun = world.begin(&app).await;
    let closed = world.act(&app, &begun, "cancel", json!({})).await.linking();

    server.limit_room().unwrap();
    for filler in ["repeat('x', 1500)", "''"] {
        let insert = format!(
            "INSERT INTO linkings (id, pupil_id, version, moved_at_version, step, state, created_at, updated_at)
             SELECT 'filler ' || length({filler}) || ' ' || $n, pupil_id, 1, 1, step, state || {filler}, 0, 0
             FROM linkings WHERE id = '{}'",
            closed.id.0
        );
        server.fill(name, &insert).unwrap();
    }
    let before = server.run(name, COUNTS).unwrap();
    let pupil = world.me(&app).await.pupils[0].id.0.clone();
    let (key, body) = (world.new_key(), json!({ "pupil": pupil }));
    for _ in 0..3 {
        let answer = world.post_with_key(&app, "/v1/linkings", &key, body.clone()).await;
        answer.problem(Code::Overloaded);
        assert_eq!(answer.headers["retry-after"], "1");
    }
    assert_eq!(world.linking(&app, &closed.id.0).await.version, closed.version);
    assert_eq!(server.run(name, COUNTS).unwrap(), before, "half of a change was kept");

    server.make_room().unwrap();
    let linking = world.post_with_key(&app, "/v1/linkings", &key, body).await.linking();
    assert_eq!(linking.version, 1);
}

/// What a begun linking would add to.
const COUNTS: &str = "SELECT (SELECT COUNT(*) FROM linkings), (SELECT COUNT(*) FROM idempotency),
     (SELECT COUNT(*) FROM history), (SELECT COUNT(*) FROM audit_entries)";
