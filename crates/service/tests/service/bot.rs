//! The bot against a MAX that errs, limits, forgets, and brings words twice, late and out of order.

use mostik_wire::{Code, Linking, Step};
use serde_json::json;

use crate::{
    fake_max::{Asked, FakeMax, shared, started, stopped, wrote},
    world::{DAY, MINUTE, SECOND, World},
};

const PHONE: &str = "+79000001242";
const MISHA: i64 = 501_001;
const LIZA: i64 = 501_002;
const HELLO: &str = "Здравствуйте";
const STALE: &str = "уже не действует";
const PROVEN: &str = "Номер подтверждён";
const UNPROVEN: &str = "не подтвердил";

pub fn ticket(linking: &Linking) -> String {
    let Step::Max(max) = &linking.step else { panic!("{linking:?}") };
    max.url.rsplit_once("start=").unwrap().1.to_owned()
}

fn is_opened(linking: &Linking) -> bool {
    matches!(&linking.step, Step::Max(max) if max.opened)
}

fn says(asked: &Asked, user: i64, words: &str) {
    assert!(asked.user == user && asked.text().contains(words), "{words}: {asked:?}");
}

/// The next request to arrive, which must be this one, while the clock goes on.
async fn next_in_time(world: &World, max: &mut FakeMax, what: &str, step: i64) -> Asked {
    let mut tick = tokio::time::interval(std::time::Duration::from_millis(50));
    let next = max.next(what);
    tokio::pin!(next);
    loop {
        tokio::select! {
            asked = &mut next => return asked,
            _ = tick.tick() => world.advance(step),
        }
    }
}

async fn message_in_time(world: &World, max: &mut FakeMax) -> Asked {
    next_in_time(world, max, "POST /messages", SECOND).await
}

#[tokio::test]
async fn words_that_come_twice_late_or_out_of_order_change_nothing() {
    let (mut world, mut max) = FakeMax::with_world().await;
    let app = world.sign_in("misha").await;
    let linking = world.to_max(&app, PHONE).await;
    let token = &world.sandbox.get("bot/token").to_owned();
    // The contact is here before the start.
    world.hook(&shared(MISHA, 20, token, "79000001242")).await;
    says(&max.message().await, MISHA, PROVEN);
    world.hook(&started(MISHA, 10, Some(&ticket(&linking)))).await;
    says(&max.message().await, MISHA, "Вы подключаете дневник");
    let opened = world.linking(&app, &linking.id.0).await;
    assert!(is_opened(&opened));
    let other_node = world.another_node().await;
    max.next("POST /subscriptions").await;
    for url in [world.url(), &other_node.url] {
        world.hook_to(url, &shared(MISHA, 20, token, "79000001242")).await;
        world.hook_to(url, &started(MISHA, 10, Some(&ticket(&linking)))).await;
    }
    assert_eq!(world.linking(&app, &linking.id.0).await.version, opened.version);
    // Days later they are known still; what is new gets the next answer.
    world.advance(5 * DAY);
    world.restart().await;
    max.next("POST /subscriptions").await;
    world.hook(&shared(MISHA, 20, token, "79000001242")).await;
    world.hook(&started(MISHA, 10, None)).await;
    world.hook(&wrote(MISHA, 30, &"Ж".repeat(100_000))).await;
    says(&max.message().await, MISHA, HELLO);
    other_node.stop().await;
}

#[tokio::test]
async fn who_has_stopped_the_bot_is_left_alone_until_started_again() {
    let (world, mut max) = FakeMax::with_world().await;
    let app = world.sign_in("misha").await;
    let linking = world.to_max(&app, PHONE).await;
    world.hook(&started(MISHA, 10, Some(&ticket(&linking)))).await;
    says(&max.message().await, MISHA, "Вы подключаете дневник");
    world.hook(&stopped(MISHA, 30)).await;
    // The link waits to be opened once more.
    let left = world.linking(&app, &linking.id.0).await;
    assert!(!is_opened(&left) && left.version > linking.version);
    assert_eq!(ticket(&left), ticket(&linking));
    // Said before the stop, heard after it.
    world.hook(&started(MISHA, 20, Some(&ticket(&linking)))).await;
    world.hook(&wrote(MISHA, 29, "привет")).await;
    assert_eq!(world.linking(&app, &linking.id.0).await.version, left.version);
    world.hook(&started(MISHA, 40, Some(&ticket(&linking)))).await;
    says(&max.message().await, MISHA, "Вы подключаете дневник");
    // A stop that is older than the start comes late.
    world.hook(&stopped(MISHA, 35)).await;
    assert!(is_opened(&world.linking(&app, &linking.id.0).await));
    world.hook(&wrote(MISHA, 41, "привет")).await;
    says(&max.message().await, MISHA, HELLO);
}

#[tokio::test]
async fn a_denied_dialog_counts_as_stopped_and_the_app_sees_the_link_unopened() {
    let (world, mut max) = FakeMax::with_world().await;
    let app = world.sign_in("misha").await;
    let linking = world.to_max(&app, PHONE).await;
    max.answer_next(&[(403, None, r#"{"code":"chat.denied","message":"Invalid chatId: 0"}"#)]);
    world.hook(&started(MISHA, 10, Some(&ticket(&linking)))).await;
    says(&max.message().await, MISHA, "Вы подключаете дневник");
    world.until(&app, &linking, |l| l.version > linking.version && !is_opened(l)).await;
    // Neither tried again nor for ever: the next word of the person opens the dialog.
    world.advance(MINUTE);
    world.hook(&wrote(MISHA, 11, "привет")).await;
    says(&max.message().await, MISHA, HELLO);
}

#[tokio::test]
async fn what_max_calls_wrong_is_given_up_and_what_passes_is_sent_again() {
    let (world, mut max) = FakeMax::with_world().await;
    let mut at = 10;
    for wrong in [r#"{"code":"proto.payload","message":"x"}"#, r#"{"code":"not.found"}"#] {
        max.answer_next(&[(400, None, wrong)]);
        world.hook(&wrote(MISHA, at, "привет")).await;
        says(&max.message().await, MISHA, HELLO);
        world.hook(&started(MISHA, at + 1, Some("x"))).await;
        says(&message_in_time(&world, &mut max).await, MISHA, STALE);
        at += 2;
    }
    for passing in [
        (401, None, r#"{"code":"verify.token","message":"Invalid access_token"}"#),
        (400, None, r#"{"code":"attachment.not.ready","message":"x"}"#),
        (429, None, r#"{"code":"too.many.requests","message":"x"}"#),
        (500, None, r#"{"code":"internal.error","message":"x"}"#),
        (503, Some(2), ""),
        (403, None, "<html>"),
        (404, None, "<html>"),
        (200, None, "<html>"),
        (200, None, r#"{"message":{"#),
    ] {
        max.answer_next(&[passing, passing]);
        world.hook(&wrote(MISHA, at, "привет")).await;
        world.hook(&started(MISHA, at + 1, Some("x"))).await;
        // The one behind it waits for its turn.
        for _ in 0..3 {
            says(&message_in_time(&world, &mut max).await, MISHA, HELLO);
        }
        says(&message_in_time(&world, &mut max).await, MISHA, STALE);
        at += 2;
    }
}

#[tokio::test]
async fn a_wait_that_max_names_is_kept_to_the_millisecond() {
    let (world, mut max) = FakeMax::with_world().await;
    let db = world.store().await;
    max.answer_next(&[(429, Some(7), r#"{"code":"too.many.requests"}"#)]);
    world.hook(&wrote(MISHA, 10, "привет")).await;
    let begun = world.now();
    says(&max.message().await, MISHA, HELLO);
    let mut next_at = 0;
    while next_at != begun.plus(7_000).0 {
        // Its lease, until the answer is noted.
        let held = [begun.0, begun.plus(60_000).0, begun.plus(7_000).0];
        next_at = mostik_store::sql::query_scalar("SELECT next_at FROM outbox")
            .fetch_one(&mut db.reader().await.unwrap())
            .await
            .unwrap();
        assert!(held.contains(&next_at), "{}", next_at - begun.0);
    }
    // Nobody is written to meanwhile.
    world.hook(&wrote(LIZA, 10, "привет")).await;
    world.advance(6_999);
    let waiting: i64 =
        mostik_store::sql::query_scalar("SELECT COUNT(*) FROM outbox WHERE state = 'queued' AND attempts < 2")
            .fetch_one(&mut db.reader().await.unwrap())
            .await
            .unwrap();
    assert_eq!(waiting, 2);
    world.advance(1);
    let mut told = [max.message().await.user, max.message().await.user];
    told.sort_unstable();
    assert_eq!(told, [MISHA, LIZA]);
    db.close().await;
}

#[tokio::test]
async fn a_dialog_gets_two_messages_a_second_and_holds_up_no_other() {
    let (world, mut max) = FakeMax::with_world().await;
    let begun = tokio::time::Instant::now();
    for at in 10..17 {
        world.hook(&wrote(MISHA, at, "привет")).await;
    }
    world.hook(&wrote(LIZA, 10, "привет")).await;
    let mut to_misha = 0;
    while to_misha < 7 {
        let asked = max.message().await;
        to_misha += usize::from(asked.user == MISHA);
        // Liza's was the eighth, and waits for nobody's limit.
        assert!(asked.user == MISHA || to_misha <= 4, "{asked:?}");
        let windows = u32::try_from(to_misha.saturating_sub(1) / 2).unwrap();
        assert!(asked.at - begun >= std::time::Duration::from_secs(1) * windows, "{to_misha}: {asked:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_nodes_and_a_stumbling_max_lose_no_message_and_keep_each_dialogs_order() {
    let (world, mut max) = FakeMax::with_world().await;
    let other_node = world.another_node().await;
    max.next("POST /subscriptions").await;
    let busy = (429, Some(1), "");
    max.answer_next(&[(500, None, ""), busy, (200, None, "<html>"), (502, None, ""), busy, (401, None, "")]);
    let people = [MISHA, LIZA, 501_003, 501_004];
    let words = [HELLO, STALE, UNPROVEN];
    for n in 0..6 {
        for user in people {
            let at = 10 + i64::from(n);
            let update = match n % 3 {
                0 => wrote(user, at, "привет"),
                1 => started(user, at, Some("x")),
                _ => shared(user, at, "", "79000001242"),
            };
            let url = if n % 2 == 0 { world.url() } else { &other_node.url };
            world.hook_to(url, &update).await;
        }
    }
    let mut heard = std::collections::HashMap::<i64, Vec<String>>::new();
    while heard.values().map(Vec::len).sum::<usize>() < 6 * people.len() {
        let asked = message_in_time(&world, &mut max).await;
        let before = heard.entry(asked.user).or_default();
        assert!(asked.text().contains(words[before.len() % 3]), "{before:?}, then {asked:?}");
        if asked.taken {
            before.push(asked.text().to_owned());
        }
    }
    other_node.stop().await;
}

#[tokio::test]
async fn a_subscription_that_max_dropped_is_made_again() {
    let (world, mut max) = FakeMax::with_world().await;
    // While it stands, it is looked at and left alone.
    next_in_time(&world, &mut max, "GET /subscriptions", MINUTE).await;
    let elsewhere = json!({ "url": "https://elsewhere.example/max/webhook", "time": 1 });
    let too_few = json!(["bot_started", "message_created"]);
    let too_few = json!({ "url": format!("{}/max/webhook", world.url()), "time": 1, "update_types": too_few });
    for left in [vec![], vec![elsewhere], vec![too_few]] {
        *max.subscriptions() = left;
        next_in_time(&world, &mut max, "GET /subscriptions", MINUTE).await;
        max.next("POST /subscriptions").await;
    }
    // What it has now will do.
    for _ in 0..2 {
        next_in_time(&world, &mut max, "GET /subscriptions", MINUTE).await;
    }
}

#[tokio::test]
async fn no_link_is_given_into_a_max_that_does_not_answer() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let linking = world.to_max(&app, PHONE).await;
    let path = format!("/v1/linkings/{}/max-link", linking.id.0);
    let body = json!({ "version": linking.version });
    let key = "the-key-of-the-new-link";
    for faults in [json!({ "down": true }), json!({ "status": 500 }), json!({ "status": 401 }), json!({ "html": true })]
    {
        world.faults(json!({ "max": faults })).await;
        let problem = world.post_with_key(&app, &path, key, body.clone()).await.problem(Code::MaxUnavailable);
        assert_eq!((problem.retry_at, problem.event), (None, None));
    }
    world.faults(json!({ "max": { "status": 503, "retry_after": 7 } })).await;
    let answer = world.post_with_key(&app, &path, key, body.clone()).await;
    assert_eq!(answer.problem(Code::MaxUnavailable).retry_at, Some(world.now().plus(7_000)));
    assert_eq!(answer.headers["retry-after"], "7");
    // The link that was there is there still, and the same request goes through once MAX is back.
    assert_eq!(world.linking(&app, &linking.id.0).await.version, linking.version);
    world.faults(json!({})).await;
    let renewed = world.post_with_key(&app, &path, key, body).await.linking();
    assert_ne!(ticket(&renewed), ticket(&linking));
}
