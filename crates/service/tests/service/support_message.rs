//! Why a code did not arrive: each way that a message can take, as the support is told of it.

use mostik_wire::{Code, Delivery};
use serde_json::{Value, json};

use crate::{
    centres::behind,
    smsc::Smsc,
    support::{Operators, PHONE, WHY},
    world::{DAY, MINUTE, World},
};

fn events(message: &Value) -> Vec<&str> {
    message["events"].as_array().unwrap().iter().map(|event| event["event"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn nothing_is_known_of_who_was_never_written_to() {
    let world = World::new().await;
    let operators = Operators::of(&world);
    let told = operators.run("anna", &["message", PHONE]).await.told();
    assert_eq!(told, "no message of the last 35 days is known by that\n");
    operators.run("anna", &["message", "who?"]).await.refused(2, "nor an id");
    let looked = world.done_by_operators().await;
    assert!(looked.len() == 1 && looked[0].action == "support_looked", "{looked:?}");
}

#[tokio::test]
async fn the_whole_way_of_an_sms_is_told_with_each_centres_answers() {
    let (mut first, mut second) = (Smsc::start("decimal").await, Smsc::start("hex").await);
    let world = behind(&[(&first, ""), (&second, "")]).await;
    let operators = Operators::of(&world);
    first.set(json!({ "submit": 0x58 }));
    let app = world.sign_in("misha").await;
    let linking = world.ask_for_code(&app, PHONE).await;
    let (_, code) = first.submitted().await;
    second.submitted().await;
    let id = second.accepted().await;
    world.until_delivery(&app, &linking, Delivery::Sent).await;
    second.receipt(&id, PHONE, "DELIVRD").await;
    let linking = world.until_delivery(&app, &linking, Delivery::Delivered).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    world.act(&app, &linking, "code", json!({ "code": wrong })).await.problem(Code::CodeWrong);
    let linking = world.linking(&app, &linking.id.0).await;
    world.act(&app, &linking, "resend", json!({})).await.problem(Code::ResendTooEarly);
    let told = world.act(&app, &linking, "code", json!({ "code": code })).await;
    assert_eq!(told.status, 200);

    let answer = operators.run("anna", &["message", "8 900 000 12 42", "--json"]).await.json();
    let message = &answer["messages"][0];
    assert_eq!(message["outcome"], "delivered");
    let way = ["given", "refused", "given", "taken", "delivered", "mistyped", "not_sent", "proven"];
    assert_eq!(events(message), way, "{message}");
    let said = |nth: usize, what: &str| message["events"][nth][what].as_str().unwrap().to_owned();
    assert_eq!((said(1, "centre").as_str(), said(1, "answer").as_str()), ("first", "0x58"));
    assert_eq!(said(1, "meaning"), "the centre has too much to do");
    assert_eq!((said(3, "centre").as_str(), said(3, "answer")), ("second", format!("as {id}")));
    assert!(said(4, "answer").starts_with("delivrd"), "{message}");
    assert_eq!(said(6, "answer"), "resend_too_early");
    let budget = &answer["budgets"][0];
    assert_eq!((&budget["sent"], &budget["wrong_codes"]), (&json!(1), &json!(1)));
    assert_eq!(budget["refused_with"], "resend_too_early");

    let told = operators.run("anna", &["message", &linking.id.0]).await.told();
    for said in [
        "it arrived\n",
        " given to first\n",
        " refused by first: 0x58 (the centre has too much to do)\n",
        &format!(" taken by second: as {id}\n"),
        " its code was typed\n",
    ] {
        assert!(told.contains(said), "{said}: {told}");
    }
    assert!(
        !told.contains(&code) && !told.contains("9000001242") && !answer.to_string().contains("9000001242"),
        "{told}"
    );
    let kept = format!("{:?}", world.done_by_operators().await);
    assert!(kept.contains(WHY) && !kept.contains("9000001242"), "{kept}");
}

#[tokio::test]
async fn what_was_refused_for_good_expired_or_replaced_says_so() {
    let mut smsc = Smsc::start("decimal").await;
    let world = behind(&[(&smsc, "")]).await;
    let operators = Operators::of(&world);
    smsc.set(json!({ "submit": 0x58 }));
    let app = world.sign_in("misha").await;
    let linking = world.ask_for_code(&app, PHONE).await;
    smsc.submitted().await;
    let linking = world.until_delivery(&app, &linking, Delivery::Delayed).await;
    // Another number takes the waiting one's place; then nobody takes that in time; the third is no number at all.
    let linking = world.act(&app, &linking, "contact", json!({ "contact": "+79000002357" })).await.linking();
    // The centre rests for a while.
    world.advance(MINUTE);
    smsc.submitted().await;
    world.until_delivery(&app, &linking, Delivery::Delayed).await;
    world.advance(10 * MINUTE);
    let app = world.sign_in("misha").await;
    let linking = world.until_delivery(&app, &linking, Delivery::Failed).await;
    smsc.set(json!({ "submit": 0x0b }));
    let linking = world.act(&app, &linking, "resend", json!({})).await.linking();
    smsc.submitted().await;
    world.until_delivery(&app, &linking, Delivery::Failed).await;

    let all = operators.run("anna", &["message", &linking.id.0, "--json"]).await.json();
    let of = |nth: usize| all["messages"].as_array().unwrap().iter().find(|m| m["code_number"] == nth).unwrap();
    assert_eq!((of(1)["outcome"].as_str(), *events(of(1)).last().unwrap()), (Some("dropped"), "dropped"));
    assert_eq!((of(2)["outcome"].as_str(), *events(of(2)).last().unwrap()), (Some("expired"), "expired"));
    let last = of(3)["events"].as_array().unwrap().last().unwrap();
    assert_eq!((of(3)["outcome"].as_str(), last["event"].as_str()), (Some("failed"), Some("given_up")));
    assert!(last["answer"] == "0xb" && last["meaning"].as_str().unwrap().contains("this number"), "{last}");
}

#[tokio::test]
async fn a_letters_and_the_bots_ways_are_told_and_kept_for_a_month() {
    let (mut world, mail) = World::with_mail("none").await;
    let operators = Operators::of(&world);
    let olga = world.sign_in("olga").await;
    let (linking, _) = world.to_mail_code(&mail, &olga, crate::by_mail::ADDRESS).await;
    world.until_delivery(&olga, &linking, Delivery::Sent).await;
    let way = |answer: &Value| {
        let messages = answer["messages"].as_array().unwrap();
        messages.iter().map(|m| (m["kind"].clone(), m["outcome"].clone())).collect::<Vec<_>>()
    };
    let by_address = ["message", &crate::by_mail::ADDRESS.to_uppercase(), "--json"];
    assert_eq!(way(&operators.run("anna", &by_address).await.json()), [(json!("mail"), json!("handed_over"))]);
    world.advance(30 * DAY);
    world.restart().await;
    assert_eq!(way(&operators.run("anna", &by_address).await.json()), [(json!("mail"), json!("handed_over"))]);
    world.advance(6 * DAY);
    world.restart().await;
    let forgotten = || async { world.one::<i64>("SELECT COUNT(*) FROM messages").await == 0 };
    // The sweep comes with the start, beside it.
    while !forgotten().await {
        tokio::task::yield_now().await;
    }
    assert_eq!(way(&operators.run("anna", &by_address).await.json()), []);
}
