//! One `Idempotency-Key`, one effect, one answer.

use futures_util::future::join_all;
use mostik_wire::Code;
use serde_json::json;

use crate::world::{DAY, World};

const PHONE: &str = "+79000001242";
const KEY: &str = "the-same-key-again-and-again";

#[tokio::test]
async fn the_same_key_with_another_body_or_path_is_refused() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let linking = world.begin(&app).await;
    let path = format!("/v1/linkings/{}/contact", linking.id.0);
    world.post_with_key(&app, &path, KEY, json!({ "version": 1, "contact": PHONE })).await.linking();
    let other_body = json!({ "version": 1, "contact": "+79000000001" });
    world.post_with_key(&app, &path, KEY, other_body).await.problem(Code::IdempotencyKeyReused);
    let cancel = format!("/v1/linkings/{}/cancel", linking.id.0);
    world
        .post_with_key(&app, &cancel, KEY, json!({ "version": 1, "contact": PHONE }))
        .await
        .problem(Code::MalformedRequest);
    world.post_with_key(&app, &cancel, KEY, json!({ "version": 2 })).await.problem(Code::IdempotencyKeyReused);
    // Keys belong to an account.
    let liza = world.sign_in("liza").await;
    let pupil = world.me(&liza).await.pupils[0].id.clone();
    world.post_with_key(&liza, "/v1/linkings", KEY, json!({ "pupil": pupil })).await.linking();
}

#[tokio::test]
async fn an_answer_is_repeated_to_the_byte_even_after_a_restart() {
    let mut world = World::new().await;
    let app = world.sign_in("misha").await;
    let linking = world.begin(&app).await;
    let path = format!("/v1/linkings/{}/contact", linking.id.0);
    let body = json!({ "version": 1, "contact": PHONE });
    let first = world.post_with_key(&app, &path, KEY, body.clone()).await;
    let code = world.sms_code(PHONE).await;
    world.advance(1_000);
    world.restart().await;
    let again = world.post_with_key(&app, &path, KEY, body.clone()).await;
    assert_eq!((first.status, &first.text), (again.status, &again.text));
    assert_eq!(world.sms_count(PHONE).await, 1);

    // A counted try is repeated too: it costs no second one.
    let wrong = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
    let path = format!("/v1/linkings/{}/code", linking.id.0);
    let body = json!({ "version": first.linking().version, "code": wrong });
    let key = "another-key-for-the-code";
    let first = world.post_with_key(&app, &path, key, body.clone()).await;
    let again = world.post_with_key(&app, &path, key, body.clone()).await;
    assert_eq!(first.problem(Code::CodeWrong).tries_left, Some(4));
    assert_eq!(again.problem(Code::CodeWrong), first.problem(Code::CodeWrong));
    // After a day the key is free.
    world.advance(DAY);
    let app = world.sign_in("misha").await;
    world.post_with_key(&app, &path, key, body).await.problem(Code::CodeExpired);
}

#[tokio::test]
async fn a_refusal_that_changed_nothing_gives_its_key_back() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let (linking, _) = world.to_code(&app, PHONE).await;
    let path = format!("/v1/linkings/{}/resend", linking.id.0);
    let body = json!({ "version": linking.version });
    world.post_with_key(&app, &path, KEY, body.clone()).await.problem(Code::ResendTooEarly);
    world.advance(60_000);
    world.post_with_key(&app, &path, KEY, body).await.linking();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn while_the_first_is_answered_the_second_waits_outside() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let linking = world.begin(&app).await;
    let path = format!("/v1/linkings/{}/contact", linking.id.0);
    let body = json!({ "version": 1, "contact": PHONE });
    let (entered, release) = world.hold_next_code();
    let first = world.post_with_key(&app, &path, KEY, body.clone());
    let second = async {
        entered.await.unwrap();
        let answer = world.post_with_key(&app, &path, KEY, body.clone()).await;
        answer.problem(Code::RequestInFlight);
        assert_eq!(answer.headers["retry-after"], "1");
        let other = json!({ "version": 1, "contact": "+79000000001" });
        world.post_with_key(&app, &path, KEY, other).await.problem(Code::IdempotencyKeyReused);
        release.send(()).unwrap();
    };
    let (first, ()) = tokio::join!(first, second);
    let again = world.post_with_key(&app, &path, KEY, body).await;
    assert_eq!(first.text, again.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn thirty_two_at_once_have_one_effect() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let linking = world.begin(&app).await;
    let path = format!("/v1/linkings/{}/contact", linking.id.0);
    let body = json!({ "version": 1, "contact": PHONE });
    let answers = join_all((0..32).map(|_| world.post_with_key(&app, &path, KEY, body.clone()))).await;
    let texts: std::collections::BTreeSet<_> = answers.iter().filter(|a| a.status == 200).map(|a| &a.text).collect();
    assert_eq!(texts.len(), 1);
    for answer in answers.iter().filter(|a| a.status != 200) {
        answer.problem(Code::RequestInFlight);
    }
    world.sms_code(PHONE).await;
    assert_eq!(world.sms_count(PHONE).await, 1);
}
