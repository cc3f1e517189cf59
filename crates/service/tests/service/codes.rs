//! Codes: what they admit, how long, how often, and at what price.

use futures_util::future::join_all;
use mostik_linking::GAPS;
use mostik_wire::{Code, Linking, Step, StepName};
use serde_json::json;

use crate::world::{Answer, App, DAY, MINUTE, World};

const PHONE: &str = "+79000001242";

/// Some code that is not this one.
fn wrong(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

impl World {
    pub async fn try_code(&self, app: &App, linking: &Linking, code: &str) -> Answer {
        self.act(app, linking, "code", json!({ "code": code })).await
    }

    async fn again(&self, app: &App, linking: &Linking) -> Linking {
        self.linking(app, &linking.id.0).await
    }
}

#[tokio::test]
async fn what_is_not_six_digits_costs_no_try() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let (linking, code) = world.to_code(&app, PHONE).await;
    for text in ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", " 12345"] {
        world.try_code(&app, &linking, text).await.problem(Code::MalformedRequest);
    }
    assert_eq!(world.try_code(&app, &linking, &wrong(&code)).await.problem(Code::CodeWrong).tries_left, Some(4));
}

#[tokio::test]
async fn a_code_that_begins_with_zeros_is_sent_and_taken_whole() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    *world.entropy.next_code.lock().unwrap() = Some(42);
    let (linking, code) = world.to_code(&app, PHONE).await;
    assert_eq!(code, "000042");
    world.try_code(&app, &linking, "42").await.problem(Code::MalformedRequest);
    assert_eq!(world.try_code(&app, &linking, &code).await.linking().step.name(), StepName::Profile);
}

#[tokio::test]
async fn a_code_admits_five_tries() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let (linking, code) = world.to_code(&app, PHONE).await;
    for left in (0..5).rev() {
        let problem = world.try_code(&app, &linking, &wrong(&code)).await.problem(Code::CodeWrong);
        assert_eq!(problem.tries_left, Some(left));
        assert!(matches!(problem.linking.unwrap().step, Step::Code(c) if c.tries_left == left));
    }
    let used_up = world.try_code(&app, &linking, &code).await.problem(Code::CodeTriesUsedUp);
    assert_eq!(used_up.tries_left, Some(0));
}

#[tokio::test]
async fn a_code_lives_ten_minutes_and_not_longer() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let (linking, code) = world.to_code(&app, PHONE).await;
    world.advance(10 * MINUTE);
    let app = world.sign_in("misha").await;
    world.try_code(&app, &linking, &code).await.problem(Code::CodeExpired);
    world.try_code(&app, &linking, &wrong(&code)).await.problem(Code::CodeExpired);
    let linking = world.act(&app, &linking, "resend", json!({})).await.linking();
    let code = world.sms_code(PHONE).await;
    world.advance(10 * MINUTE - 1_000);
    let linking = world.try_code(&app, &linking, &code).await.linking();
    assert_eq!(linking.step.name(), StepName::Profile);
}

#[tokio::test]
async fn only_the_newest_code_is_right_and_an_older_one_is_recognised() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let (linking, first) = world.to_code(&app, PHONE).await;
    world.try_code(&app, &linking, &wrong(&first)).await.problem(Code::CodeWrong);
    world.advance(MINUTE);
    let linking = world.act(&app, &world.again(&app, &linking).await, "resend", json!({})).await.linking();
    assert!(matches!(&linking.step, Step::Code(c) if c.nth == 2 && c.tries_left == 5));
    let second = world.sms_code(PHONE).await;
    let problem = world.try_code(&app, &linking, &first).await.problem(Code::CodeSuperseded);
    assert_eq!(problem.tries_left, Some(4), "an old code costs a try");
    // A code that went to another number is an older one too.
    let elsewhere = world.again(&app, &linking).await;
    let linking = world.act(&app, &elsewhere, "contact", json!({ "contact": "+79000000007" })).await.linking();
    let third = world.sms_code("+79000000007").await;
    world.try_code(&app, &linking, &second).await.problem(Code::CodeSuperseded);
    let linking = world.try_code(&app, &linking, &third).await.linking();
    assert_eq!(linking.step.name(), StepName::Profile);
}

#[tokio::test]
async fn a_code_of_one_linking_says_nothing_to_another() {
    let world = World::new().await;
    let (misha, liza) = (world.sign_in("misha").await, world.sign_in("liza").await);
    let (_, mishas) = world.to_code(&misha, PHONE).await;
    world.advance(MINUTE);
    let (linking, lizas) = world.to_code(&liza, PHONE).await;
    assert_ne!(mishas, lizas);
    world.try_code(&liza, &linking, &mishas).await.problem(Code::CodeWrong);
}

#[tokio::test]
async fn the_gaps_between_sends_grow_to_the_second_and_end_after_five() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let first_sent = world.now();
    let (mut linking, _) = world.to_code(&app, PHONE).await;
    // The same number again changes nothing while its code is on its way.
    let same = world.act(&app, &linking, "contact", json!({ "contact": PHONE })).await.linking();
    assert!(matches!(same.step, Step::Code(c) if c.nth == 1));
    assert_eq!(world.sms_count(PHONE).await, 1);
    for (nth, gap) in (2..).zip(GAPS) {
        let due = world.now().plus(gap);
        world.advance(gap - 1);
        let app = world.sign_in("misha").await;
        let answer = world.act(&app, &linking, "resend", json!({})).await;
        assert_eq!(answer.problem(Code::ResendTooEarly).retry_at, Some(due));
        assert_eq!(answer.headers["retry-after"], "1");
        world.advance(1);
        linking = world.act(&app, &linking, "resend", json!({})).await.linking();
        let Step::Code(step) = &linking.step else { panic!("{linking:?}") };
        assert_eq!(step.nth, nth);
        world.sms_code(PHONE).await;
    }
    let Step::Code(step) = &linking.step else { panic!("{linking:?}") };
    assert_eq!(step.resend_at, first_sent.plus(DAY));
    world.advance(2 * 60 * MINUTE);
    let app = world.sign_in("misha").await;
    let answer = world.act(&app, &linking, "resend", json!({})).await;
    assert_eq!(answer.problem(Code::SendsUsedUp).retry_at, Some(first_sent.plus(DAY)));
    // Neither another linking nor another account gets round it.
    let liza = world.sign_in("liza").await;
    let other = world.begin(&liza).await;
    world.act(&liza, &other, "contact", json!({ "contact": PHONE })).await.problem(Code::SendsUsedUp);
    world.set_clock(first_sent.plus(DAY).0);
    let app = world.sign_in("misha").await;
    world.act(&app, &linking, "resend", json!({})).await.linking();
    world.sms_code(PHONE).await;
    assert_eq!(world.sms_count(PHONE).await, 6);
}

#[tokio::test]
async fn a_number_admits_twenty_five_failures_a_day_whatever_linkings_accounts_and_restarts() {
    let mut world = World::new().await;
    let first_sent = world.now();
    let mut first_failure = first_sent;
    for (round, tries) in [5, 5, 5, 5, 4].into_iter().enumerate() {
        // Each round another linking, by turns of two accounts.
        let login = if round % 2 == 0 { "misha" } else { "liza" };
        let (linking, code) = world.to_code(&world.sign_in(login).await, PHONE).await;
        if round == 0 {
            // Failures begin late, so that they outlast the first send.
            world.advance(9 * MINUTE);
            first_failure = world.now();
        }
        let app = world.sign_in(login).await;
        for _ in 0..tries {
            world.try_code(&app, &linking, &wrong(&code)).await.problem(Code::CodeWrong);
        }
        world.restart().await;
        let present = world.again(&app, &linking).await;
        world.act(&app, &present, "cancel", json!({})).await.linking();
        world.advance(GAPS.get(round).copied().unwrap_or_default());
    }
    world.set_clock(first_sent.plus(DAY).0);
    let app = world.sign_in("misha").await;
    let (linking, code) = world.to_code(&app, PHONE).await;
    world.try_code(&app, &linking, &wrong(&code)).await.problem(Code::CodeWrong);
    let answer = world.try_code(&app, &linking, &code).await;
    let problem = answer.problem(Code::ContactBlocked);
    assert_eq!(problem.retry_at, Some(first_failure.plus(DAY)), "even the right code is not compared");
    assert_eq!(answer.headers["retry-after"], (9 * 60).to_string());
    world.advance(MINUTE);
    let present = world.again(&app, &linking).await;
    world.act(&app, &present, "resend", json!({})).await.problem(Code::ContactBlocked);
    let liza = world.sign_in("liza").await;
    let other = world.begin(&liza).await;
    world.act(&liza, &other, "contact", json!({ "contact": PHONE })).await.problem(Code::ContactBlocked);
    world.set_clock(first_failure.plus(DAY).0);
    let app = world.sign_in("misha").await;
    let proven = world.try_code(&app, &linking, &code).await.linking();
    assert_eq!(proven.step.name(), StepName::Profile);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_right_codes_at_once_prove_the_number_once() {
    let world = World::new().await;
    let other_node = world.another_node().await;
    let app = world.sign_in("misha").await;
    let (linking, code) = world.to_code(&app, PHONE).await;
    let path = format!("/v1/linkings/{}/code", linking.id.0);
    let body = json!({ "version": linking.version, "code": code });
    let urls = [world.url(), &other_node.url];
    let answers = join_all((0..64).map(|n| {
        let (world, app, path, body) = (&world, &app, &path, body.clone());
        async move { world.post_to(urls[n % 2], app, path, &world.new_key(), body).await }
    }))
    .await;
    let won: Vec<_> = answers.iter().filter(|a| a.status == 200).collect();
    assert_eq!(won.len(), 1);
    assert_eq!(won[0].linking().step.name(), StepName::Profile);
    for lost in answers.iter().filter(|a| a.status != 200) {
        assert_eq!(lost.problem(Code::StaleVersion).linking.unwrap().step.name(), StepName::Profile);
    }
    other_node.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_wrong_codes_at_once_get_five_tries() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let (linking, code) = world.to_code(&app, PHONE).await;
    let wrong = wrong(&code);
    let answers = join_all((0..64).map(|_| world.try_code(&app, &linking, &wrong))).await;
    let compared = answers.iter().filter(|a| a.json()["code"] == "code_wrong").count();
    assert_eq!(compared, 5);
    // Where the machine is slow some are not let in at all.
    let refusals = ["code_wrong", "code_tries_used_up", "overloaded"];
    assert!(answers.iter().all(|a| refusals.contains(&a.json()["code"].as_str().unwrap())), "{answers:?}");
}
