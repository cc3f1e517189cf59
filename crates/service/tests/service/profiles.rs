//! One number, one profile, one pupil; and nobody learns of a profile whose number is not theirs.

use mostik_wire::{Channel, Code, Step, StepName};
use serde_json::{Value, json};

use crate::world::{Answer, DAY, World};

const PHONE: &str = "+79000001242";
const MISHA: i64 = 501_001;

// What may differ between any two linkings, and the number itself.
fn masked(answer: &Answer, phone: &str) -> (u16, String, Vec<String>) {
    let mut json: Value = answer.without_request_id();
    let mut hide = |at: &str| {
        if let Some(value) = json.pointer_mut(at) {
            *value = json!("-");
        }
    };
    for at in ["/id", "/pupil", "/linking/id", "/linking/pupil"] {
        hide(at);
    }
    let headers = answer.headers.iter().filter(|(name, _)| *name != "date" && *name != "x-request-id");
    let headers = headers.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
    let shown = mostik_wire::Phone::parse(phone).unwrap().display();
    (answer.status.as_u16(), json.to_string().replace(&shown, "-"), headers)
}

#[tokio::test]
async fn known_and_unknown_numbers_are_answered_alike_until_proven() {
    let world = World::new().await;
    world
        .import(json!([{ "phone": "+79000000002", "first_name": "Анна", "last_name": "Серова", "role": "pupil", "class_name": "8-Б" }]))
        .await;
    let mut seen = Vec::new();
    // Unknown, known; the last is linked to another pupil already.
    let liza = world.sign_in("liza").await;
    world.to_linked(&liza, "+79000002357", 501_002).await;
    // What was sent to a number is counted for a day, whoever asked.
    world.advance(DAY);
    for phone in ["+79000000001", "+79000000002", "+79000002357"] {
        world.advance(60_000);
        let app = world.sign_in("misha").await;
        let begun = world.begin(&app).await;
        let mut answers = Vec::new();
        let sent = world.act(&app, &begun, "contact", json!({ "contact": phone })).await;
        let linking = sent.linking();
        let code = world.sms_code(phone).await;
        world
            .until(
                &app,
                &linking,
                |l| matches!(&l.step, Step::Code(c) if c.delivery == mostik_wire::Delivery::Delivered),
            )
            .await;
        let wrong = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
        answers.push(sent);
        answers.push(world.try_code(&app, &linking, &wrong).await);
        answers.push(world.act(&app, &linking, "resend", json!({})).await);
        answers.push(world.get(&app, &format!("/v1/linkings/{}", linking.id.0)).await);
        let times = world.now();
        let all: Vec<_> = answers
            .iter()
            .map(|a| masked(a, phone))
            .map(|(status, text, headers)| (status, shift(&text, times.0), headers))
            .collect();
        seen.push(all);
        let present = world.linking(&app, &linking.id.0).await;
        world.act(&app, &present, "cancel", json!({})).await.linking();
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], seen[2]);
}

// Moments, told from now.
fn shift(text: &str, now: i64) -> String {
    let mut json: Value = serde_json::from_str(text).unwrap();
    fn walk(value: &mut Value, now: i64) {
        match value {
            Value::Object(fields) => fields.values_mut().for_each(|v| walk(v, now)),
            Value::Number(n) if n.as_i64().is_some_and(|n| n > 1_000_000_000_000) => {
                *value = json!(n.as_i64().unwrap() - now)
            }
            _ => {}
        }
    }
    walk(&mut json, now);
    json.to_string()
}

#[tokio::test]
async fn a_linked_number_is_told_only_to_who_proves_it() {
    let world = World::new().await;
    let misha = world.sign_in("misha").await;
    world.to_linked(&misha, PHONE, MISHA).await;
    world.advance(60_000);
    let timur = world.sign_in("timur").await;
    let linking = world.to_profile(&timur, PHONE).await;
    assert_eq!(linking.step, Step::Taken { channel: Channel::Sms, contact_masked: "+7 900 •••-••-42".into() });
    // Another number goes on.
    let linking = world.act(&timur, &linking, "contact", json!({ "contact": "+79000000007" })).await.linking();
    let code = world.sms_code("+79000000007").await;
    let linking = world.try_code(&timur, &linking, &code).await.linking();
    assert_eq!(linking.step.name(), StepName::Profile);
}

#[tokio::test]
async fn of_two_pupils_with_one_number_the_first_in_max_gets_the_profile() {
    let world = World::new().await;
    let (misha, timur) = (world.sign_in("misha").await, world.sign_in("timur").await);
    let first = world.to_max(&misha, PHONE).await;
    world.advance(60_000);
    let second = world.to_max(&timur, PHONE).await;
    for (app, linking) in [(&misha, &first), (&timur, &second)] {
        let Step::Max(max) = &linking.step else { panic!("{linking:?}") };
        world.max_open(MISHA, &max.url).await;
        world.until(app, linking, |l| matches!(&l.step, Step::Max(m) if m.opened)).await;
        world.advance(1);
    }
    // The newest that was opened is the one that the person means.
    world.max_contact(MISHA, json!({})).await;
    world.until(&timur, &second, |l| l.step.name() == StepName::Linked).await;
    world.max_contact(MISHA, json!({})).await;
    let lost = world.until(&misha, &first, |l| l.step.name() != StepName::Max).await;
    assert_eq!(lost.step.name(), StepName::Taken);
    let links = world.me(&misha).await.pupils[0].link.clone();
    assert!(matches!(links, mostik_wire::LinkSummary::InProgress { step: StepName::Taken, .. }));
}

#[tokio::test]
async fn a_profile_taken_while_it_was_looked_at_is_not_confirmed() {
    let world = World::new().await;
    let (misha, timur) = (world.sign_in("misha").await, world.sign_in("timur").await);
    let looking = world.to_profile(&misha, PHONE).await;
    world.advance(60_000);
    world.to_linked(&timur, PHONE, MISHA).await;
    let answer = world.act(&misha, &looking, "confirm", json!({ "accept_other_name": true })).await;
    assert_eq!(answer.linking().step.name(), StepName::Taken);
}

#[tokio::test]
async fn a_parent_links_a_child_and_the_child_sees_it() {
    let world = World::new().await;
    let (olga, misha) = (world.sign_in("olga").await, world.sign_in("misha").await);
    let begun = world.begin(&olga).await;
    assert_eq!(world.begin(&misha).await.id, begun.id, "a pupil has one open linking");
    world.to_linked(&olga, PHONE, MISHA).await;
    let pupil = world.me(&misha).await.pupils[0].id.clone();
    world.post(&misha, "/v1/linkings", json!({ "pupil": pupil })).await.problem(Code::AlreadyLinked);
}
