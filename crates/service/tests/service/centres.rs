//! SMS centres as they are: one takes over from another, and no message goes out twice.

use std::time::Duration;

use mostik_wire::{Delivery, Linking, Step};
use serde_json::{Value, json};

use crate::{
    smsc::Smsc,
    world::{App, MINUTE, SECOND, World},
};

const PHONE: &str = "+79000001242";
const THROTTLED: u32 = 0x58;

pub fn delivery(linking: &Linking) -> Option<Delivery> {
    match &linking.step {
        Step::Code(step) => Some(step.delivery),
        _ => None,
    }
}

/// A world with these centres, in this order.
pub async fn behind(centres: &[(&Smsc, &str)]) -> World {
    let names = ["first", "second", "third"];
    let text: String = centres.iter().zip(names).map(|((smsc, more), name)| smsc.centre(name, more)).collect();
    World::with_centres(|_| text, &[]).await
}

impl World {
    /// What `/health/ready` says of SMS.
    async fn sms_health(&self) -> Value {
        let answer = self.http.get(format!("{}/health/ready", self.url())).send().await.unwrap();
        answer.json::<Value>().await.unwrap()["sms"].clone()
    }

    /// Gives a number for a new code.
    pub async fn ask_for_code(&self, app: &App, phone: &str) -> Linking {
        let begun = self.begin(app).await;
        self.act(app, &begun, "contact", json!({ "contact": phone })).await.linking()
    }
}

#[tokio::test]
async fn a_message_says_how_long_its_code_lives() {
    let smsc = Smsc::start("decimal").await;
    let world = behind(&[(&smsc, "")]).await;
    let app = world.sign_in("misha").await;
    world.ask_for_code(&app, PHONE).await;
    let (submitted, code) = smsc.submitted().await;
    assert_eq!(submitted["validity_period"], "000000001000000R", "ten minutes");
    assert_eq!((submitted["to"].as_str(), code.len()), (Some("79000001242"), 6));
}

#[tokio::test]
async fn a_message_that_waited_says_what_is_left_and_one_whose_time_is_over_is_not_sent() {
    let mut smsc = Smsc::start("decimal").await;
    let world = behind(&[(&smsc, "")]).await;
    smsc.set(json!({ "submit": THROTTLED }));
    let app = world.sign_in("misha").await;
    let linking = world.ask_for_code(&app, PHONE).await;
    smsc.submitted().await;
    world.until_delivery(&app, &linking, Delivery::Delayed).await;
    smsc.set(json!({ "submit": 0 }));
    world.advance(4 * MINUTE);
    let (late, _) = smsc.submitted().await;
    assert_eq!(late["validity_period"], "000000000600000R", "six minutes are left");
    world.until_delivery(&app, &linking, Delivery::Sent).await;
    // Another code finds the centre busy until its life is over.
    smsc.set(json!({ "submit": THROTTLED }));
    let again = world.act(&app, &world.linking(&app, &linking.id.0).await, "resend", json!({})).await.linking();
    smsc.submitted().await;
    world.until_delivery(&app, &again, Delivery::Delayed).await;
    smsc.set(json!({ "submit": 0 }));
    world.advance(10 * MINUTE);
    let app = world.sign_in("misha").await;
    world.until_delivery(&app, &again, Delivery::Failed).await;
    assert_eq!(smsc.so_far("submitted").await, 0);
}

#[tokio::test]
async fn a_resend_takes_the_place_of_what_waits() {
    let mut smsc = Smsc::start("decimal").await;
    let world = behind(&[(&smsc, "")]).await;
    smsc.set(json!({ "submit": 0x45 }));
    let app = world.sign_in("misha").await;
    let linking = world.ask_for_code(&app, PHONE).await;
    let (_, first) = smsc.submitted().await;
    world.until_delivery(&app, &linking, Delivery::Delayed).await;
    smsc.set(json!({ "submit": 0, "hold": true }));
    world.advance(MINUTE);
    // It may go out a second time before it is replaced: that time it is refused after the new one is there.
    let (_, once_more) = smsc.submitted().await;
    assert_eq!(once_more, first);
    let again = world.act(&app, &world.linking(&app, &linking.id.0).await, "resend", json!({})).await.linking();
    let (_, second) = smsc.submitted().await;
    smsc.tell(&json!({ "answer": 0x45 }));
    smsc.tell(&json!({ "answer": 0 }));
    world.until_delivery(&app, &again, Delivery::Sent).await;
    world.advance(MINUTE);
    assert_eq!(world.try_code(&app, &again, &second).await.status, 200);
    assert_eq!(smsc.so_far("submitted").await, 0, "the replaced code came once more");
}

#[tokio::test]
async fn a_wrong_number_is_told_at_once_and_not_tried_at_the_next_centre() {
    let (mut first, second) = (Smsc::start("decimal").await, Smsc::start("decimal").await);
    let world = behind(&[(&first, ""), (&second, "")]).await;
    first.set(json!({ "submit": 0x0B }));
    let app = world.sign_in("misha").await;
    let linking = world.ask_for_code(&app, PHONE).await;
    world.until_delivery(&app, &linking, Delivery::Failed).await;
    assert_eq!((first.so_far("submitted").await, second.so_far("submitted").await), (1, 0));
}

/// The next message to a centre: pauses end on the service's clock, and that stands still by itself.
async fn submitted_after_a_pause(world: &World, smsc: &Smsc) {
    for _ in 0..20 {
        world.advance(10 * SECOND);
        if tokio::time::timeout(Duration::from_secs(1), smsc.submitted()).await.is_ok() {
            return;
        }
    }
    panic!("it does not go out again")
}

#[tokio::test]
async fn a_refusal_that_nobody_knows_is_tried_three_times_again() {
    let mut smsc = Smsc::start("decimal").await;
    let world = behind(&[(&smsc, "")]).await;
    smsc.set(json!({ "submit": 0x3FF }));
    let app = world.sign_in("misha").await;
    let linking = world.ask_for_code(&app, PHONE).await;
    smsc.submitted().await;
    for _ in 0..3 {
        submitted_after_a_pause(&world, &smsc).await;
    }
    world.until_delivery(&app, &linking, Delivery::Failed).await;
    assert_eq!(smsc.so_far("submitted").await, 0);
}

#[tokio::test]
async fn a_generic_nack_is_a_no_whatever_its_status() {
    let mut smsc = Smsc::start("decimal").await;
    let world = behind(&[(&smsc, "")]).await;
    let app = world.sign_in("misha").await;
    smsc.set(json!({ "nack": 0 }));
    let linking = world.ask_for_code(&app, PHONE).await;
    smsc.submitted().await;
    smsc.set(json!({ "nack": null }));
    submitted_after_a_pause(&world, &smsc).await;
    world.until_delivery(&app, &linking, Delivery::Sent).await;
}

#[tokio::test]
async fn codes_of_a_vendor_pass() {
    let mut smsc = Smsc::start("decimal").await;
    let world = behind(&[(&smsc, "")]).await;
    smsc.set(json!({ "next": [0x400, 0x45, 0x14, 0x4FF, 0x58, 0x08] }));
    let app = world.sign_in("misha").await;
    let linking = world.ask_for_code(&app, PHONE).await;
    smsc.submitted().await;
    for _ in 0..6 {
        submitted_after_a_pause(&world, &smsc).await;
    }
    world.until_delivery(&app, &linking, Delivery::Sent).await;
}

#[tokio::test]
async fn while_the_first_centre_is_down_the_second_speaks_and_the_first_again_once_it_is_back() {
    let (mut first, second) = (Smsc::start("hex").await, Smsc::start("decimal").await);
    first.tell(&json!({ "close": true }));
    first.next("shut").await;
    let world = behind(&[(&first, ""), (&second, "")]).await;
    let app = world.sign_in("misha").await;
    let linking = world.ask_for_code(&app, PHONE).await;
    let (_, code) = second.submitted().await;
    world.until_delivery(&app, &linking, Delivery::Sent).await;
    assert_eq!(world.sms_health().await["speaks"], "second");
    assert_eq!(world.try_code(&app, &linking, &code).await.status, 200);

    first.tell(&json!({ "open": true }));
    first.next("bound").await;
    let liza = world.sign_in("liza").await;
    world.ask_for_code(&liza, "+79000002357").await;
    first.submitted().await;
    let expected = json!({ "speaks": "first", "centres": [{ "name": "first", "state": "up" }, { "name": "second", "state": "up" }] });
    assert_eq!(world.sms_health().await, expected);
    assert_eq!(second.so_far("submitted").await, 0);
}

#[tokio::test]
async fn a_bind_that_is_refused_or_does_not_come_lets_the_next_centre_speak() {
    for behaviour in
        [json!({ "bind": 0x0D }), json!({ "bind": 0x05 }), json!({ "bind": 0x0E }), json!({ "hold_binds": true })]
    {
        let (mut first, second) = (Smsc::start("decimal").await, Smsc::start("decimal").await);
        first.set(behaviour.clone());
        let world = behind(&[(&first, ""), (&second, "")]).await;
        let app = world.sign_in("misha").await;
        world.ask_for_code(&app, PHONE).await;
        second.submitted().await;
        assert_eq!(world.sms_health().await["centres"][0]["state"], "down", "{behaviour}");
        // A slow bind that is answered after all is one.
        if behaviour == json!({ "hold_binds": true }) {
            first.set(json!({ "hold_binds": false }));
            first.tell(&json!({ "let_in": true }));
            first.next("bound").await;
            let liza = world.sign_in("liza").await;
            world.ask_for_code(&liza, "+79000002357").await;
            first.submitted().await;
        }
    }
}

#[tokio::test]
async fn a_centre_with_two_addresses_is_reached_by_the_one_that_answers() {
    let smsc = Smsc::start("decimal").await;
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let text = smsc.centre("main", "").replace("smpp = \"", &format!("smpp = \"{nobody} "));
    let world = World::with_centres(|_| text, &[]).await;
    let app = world.sign_in("misha").await;
    world.ask_for_code(&app, PHONE).await;
    smsc.submitted().await;
}

#[tokio::test]
async fn what_a_throttling_centre_refuses_goes_to_the_next_at_once_and_the_first_rests() {
    let (mut first, second) = (Smsc::start("decimal").await, Smsc::start("decimal").await);
    let world = behind(&[(&first, ""), (&second, "")]).await;
    first.set(json!({ "submit": THROTTLED }));
    let app = world.sign_in("misha").await;
    let linking = world.ask_for_code(&app, PHONE).await;
    let (_, refused) = first.submitted().await;
    // No moment of the service's clock passes.
    let (_, code) = second.submitted().await;
    assert_eq!(refused, code);
    world.until_delivery(&app, &linking, Delivery::Sent).await;
    assert_eq!(world.sms_health().await["centres"][0]["state"], "resting");
    assert_eq!(world.sms_health().await["speaks"], "second");
    first.set(json!({ "submit": 0 }));
    world.advance(SECOND);
    let liza = world.sign_in("liza").await;
    world.ask_for_code(&liza, "+79000002357").await;
    first.submitted().await;
    assert_eq!((first.so_far("submitted").await, second.so_far("submitted").await), (0, 0));
}

#[tokio::test]
async fn a_centre_that_leaves_codes_without_receipts_is_passed_over_for_a_while() {
    let (first, second) = (Smsc::start("decimal").await, Smsc::start("decimal").await);
    let mut second = second;
    let world = behind(&[(&first, ""), (&second, "")]).await;
    let app = world.sign_in("misha").await;
    let linking = world.ask_for_code(&app, PHONE).await;
    first.submitted().await;
    let sent = world.until_delivery(&app, &linking, Delivery::Sent).await;
    world.advance(MINUTE);
    assert_eq!(world.sms_health().await["centres"][0]["state"], "silent");
    let again = world.act(&app, &sent, "resend", json!({})).await.linking();
    let (_, code) = second.submitted().await;
    let id = second.accepted().await;
    second.receipt(&id, PHONE, "DELIVRD").await;
    world.until_delivery(&app, &again, Delivery::Delivered).await;
    assert_eq!(world.try_code(&app, &again, &code).await.status, 200);
    assert_eq!(first.so_far("submitted").await, 0);
    // Later it gets another chance.
    world.advance(10 * MINUTE);
    let liza = world.sign_in("liza").await;
    world.ask_for_code(&liza, "+79000002357").await;
    first.submitted().await;
}

#[tokio::test]
async fn what_was_handed_over_goes_to_nobody_else_after_a_break_and_a_restart() {
    let (mut first, second) = (Smsc::start("decimal").await, Smsc::start("decimal").await);
    let mut world = behind(&[(&first, ""), (&second, "")]).await;
    // The centre takes it and goes before its answer: it may be on its way to the phone.
    first.set(json!({ "drop": true }));
    let app = world.sign_in("misha").await;
    let linking = world.ask_for_code(&app, PHONE).await;
    let (_, code) = first.submitted().await;
    let late = world.until_delivery(&app, &linking, Delivery::Delayed).await;
    world.restart().await;
    world.advance(2 * MINUTE);
    // Something after it has gone out: it would have been before.
    let liza = world.sign_in("liza").await;
    first.set(json!({ "drop": false }));
    let others = world.ask_for_code(&liza, "+79000002357").await;
    world.until_delivery(&liza, &others, Delivery::Sent).await;
    let to_misha = |submitted: &Value| submitted["to"] == "79000001242";
    for smsc in [&first, &second] {
        for _ in 0..smsc.so_far("submitted").await {
            assert!(!to_misha(&smsc.submitted().await.0), "it went out twice");
        }
    }
    // It did come: the person is not held up.
    let app = world.sign_in("misha").await;
    assert_eq!(world.try_code(&app, &late, &code).await.status, 200);
}

#[tokio::test]
async fn an_answer_that_is_late_is_taken_and_the_next_centre_speaks_meanwhile() {
    let (mut first, second) = (Smsc::start("decimal").await, Smsc::start("decimal").await);
    let world = behind(&[(&first, ""), (&second, "")]).await;
    first.set(json!({ "hold": true }));
    let app = world.sign_in("misha").await;
    let linking = world.ask_for_code(&app, PHONE).await;
    first.submitted().await;
    // Ten seconds that pass here as they do for a pupil.
    world.until_delivery(&app, &linking, Delivery::Delayed).await;
    assert_eq!(world.sms_health().await["speaks"], "second");
    let liza = world.sign_in("liza").await;
    world.ask_for_code(&liza, "+79000002357").await;
    assert_eq!(second.submitted().await.0["to"], "79000002357");
    first.tell(&json!({ "answer": 0 }));
    world.until_delivery(&app, &linking, Delivery::Sent).await;
}

#[tokio::test]
async fn a_receipt_that_says_no_lets_the_next_centre_try_once() {
    let (mut first, mut second) = (Smsc::start("decimal").await, Smsc::start("decimal").await);
    let world = behind(&[(&first, ""), (&second, "")]).await;
    let app = world.sign_in("misha").await;
    let linking = world.ask_for_code(&app, PHONE).await;
    let (_, code) = first.submitted().await;
    let id = first.accepted().await;
    first.receipt(&id, PHONE, "REJECTD").await;
    assert_eq!(second.submitted().await.1, code);
    let id = second.accepted().await;
    second.receipt(&id, PHONE, "UNDELIV").await;
    world.until_delivery(&app, &linking, Delivery::Failed).await;
    // And not round and round.
    world.advance(2 * MINUTE);
    assert_eq!((first.so_far("submitted").await, second.so_far("submitted").await), (0, 0));
}

#[tokio::test]
async fn a_window_of_one_holds_the_next_message_until_the_answer() {
    let mut smsc = Smsc::start("decimal").await;
    let world = behind(&[(&smsc, "window = \"1\"")]).await;
    smsc.set(json!({ "hold": true }));
    let (misha, liza) = (world.sign_in("misha").await, world.sign_in("liza").await);
    world.ask_for_code(&misha, PHONE).await;
    smsc.submitted().await;
    let second = world.ask_for_code(&liza, "+79000002357").await;
    // The centre answers something else meanwhile, after it would have got the message.
    smsc.tell(&json!({ "enquire": true }));
    smsc.next("alive").await;
    assert_eq!(smsc.so_far("submitted").await, 0);
    smsc.tell(&json!({ "answer": 0 }));
    smsc.submitted().await;
    smsc.tell(&json!({ "answer": 0 }));
    world.until_delivery(&liza, &second, Delivery::Sent).await;
}

#[tokio::test]
async fn a_centre_that_unbinds_is_bound_anew_and_strange_requests_break_nothing() {
    let mut smsc = Smsc::start("decimal").await;
    let world = behind(&[(&smsc, "")]).await;
    smsc.next("bound").await;
    for command in ["nack", "alert"] {
        smsc.tell(&json!({ command: true }));
    }
    smsc.tell(&json!({ "enquire": true }));
    smsc.next("alive").await;
    smsc.tell(&json!({ "unbind": true }));
    smsc.next("unbound").await;
    smsc.next("bound").await;
    let app = world.sign_in("misha").await;
    let linking = world.ask_for_code(&app, PHONE).await;
    smsc.submitted().await;
    world.until_delivery(&app, &linking, Delivery::Sent).await;
}

#[tokio::test]
async fn over_tls_only_a_centre_that_is_who_it_says_it_is_gets_anything() {
    let (dir, stranger) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    crate::mail::write_certificates(dir.path());
    crate::mail::write_certificates(stranger.path());
    let (posing, true_one) = (Smsc::start_tls(stranger.path()).await, Smsc::start_tls(dir.path()).await);
    let authority = dir.path().join("ca.pem").display().to_string();
    let centre = |smsc: &Smsc, name: &str| {
        smsc.centre(name, &format!("ca_file = {authority:?}")).replace("127.0.0.1:", "smpps://127.0.0.1:")
    };
    let text = centre(&posing, "posing") + &centre(&true_one, "true");
    let world = World::with_centres(|_| text, &[]).await;
    let app = world.sign_in("misha").await;
    let linking = world.ask_for_code(&app, PHONE).await;
    true_one.submitted().await;
    world.until_delivery(&app, &linking, Delivery::Sent).await;
    assert_eq!(posing.so_far("bound").await, 0, "not even the password");
}

/// How many texts the outbox holds.
async fn texts_kept(world: &World) -> i64 {
    let db = world.store().await;
    let kept = mostik_store::sql::query_scalar(
        "SELECT COUNT(*) FROM outbox WHERE sealed_payload IS NOT NULL OR recipient IS NOT NULL",
    );
    let kept = kept.fetch_one(&mut db.reader().await.unwrap()).await.unwrap();
    db.close().await;
    kept
}

#[tokio::test]
async fn a_text_that_is_kept_for_another_centre_goes_with_its_receipt_or_its_time() {
    let (mut first, second) = (Smsc::start("decimal").await, Smsc::start("decimal").await);
    let mut world = behind(&[(&first, ""), (&second, "")]).await;
    let (misha, liza) = (world.sign_in("misha").await, world.sign_in("liza").await);
    let linking = world.ask_for_code(&misha, PHONE).await;
    let id = first.accepted().await;
    world.until_delivery(&misha, &linking, Delivery::Sent).await;
    assert_eq!(texts_kept(&world).await, 1);
    first.receipt(&id, PHONE, "DELIVRD").await;
    world.until_delivery(&misha, &linking, Delivery::Delivered).await;
    assert_eq!(texts_kept(&world).await, 0);
    let linking = world.ask_for_code(&liza, "+79000002357").await;
    world.until_delivery(&liza, &linking, Delivery::Sent).await;
    world.advance(10 * MINUTE);
    // The sweep comes with the start.
    world.restart().await;
    let swept = async { while texts_kept(&world).await > 0 {} };
    tokio::time::timeout(Duration::from_secs(30), swept).await.expect("it is swept");
    // One centre: there is nobody to keep it for.
    let alone = behind(&[(&second, "")]).await;
    let misha = alone.sign_in("misha").await;
    let linking = alone.ask_for_code(&misha, PHONE).await;
    alone.until_delivery(&misha, &linking, Delivery::Sent).await;
    assert_eq!(texts_kept(&alone).await, 0);
}
