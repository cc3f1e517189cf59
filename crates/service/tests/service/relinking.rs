//! Linking again after an unlink, and hearing of what others did meanwhile.

use mostik_wire::{Channel, Code, FormerProfile, Linking, Step, StepName};
use serde_json::json;

use crate::{
    owner::by_code,
    responses::Events,
    world::{App, World},
};

const PHONE: &str = "+79000001242";
const MISHA: i64 = 501_001;

async fn unlinked(world: &World, app: &App) -> String {
    world.to_linked(app, PHONE, MISHA).await;
    let pupil = world.me(app).await.pupils[0].id.0.clone();
    world.advance(mostik_linking::GAPS[0]);
    let code = world.owner_code(app, &pupil, PHONE).await;
    assert_eq!(world.proven(app, &pupil, "unlink", by_code(&code)).await.status, 200);
    world.advance(mostik_linking::GAPS[1]);
    pupil
}

fn former(linking: &Linking) -> Option<&FormerProfile> {
    match &linking.step {
        Step::Contact { former } => former.as_ref(),
        _ => panic!("{linking:?}"),
    }
}

async fn account_events(world: &World, app: &App) -> Events {
    let request = world.http.get(format!("{}/v1/events", world.url())).bearer_auth(&app.access);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    Events { response, text: String::new() }
}

#[tokio::test]
async fn a_profile_that_another_pupil_took_meanwhile_is_not_offered() {
    let world = World::new().await;
    let misha = world.sign_in("misha").await;
    unlinked(&world, &misha).await;
    let liza = world.sign_in("liza").await;
    world.to_linked(&liza, PHONE, MISHA).await;
    let begun = world.begin(&misha).await;
    assert_eq!(former(&begun), None);
    world.act(&misha, &begun, "former", json!({})).await.problem(Code::WrongStep);
}

#[tokio::test]
async fn the_former_profile_is_signed_in_to_with_one_code_and_max_is_not_asked_again() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    unlinked(&world, &app).await;
    let begun = world.begin(&app).await;
    let expected = FormerProfile {
        name_masked: "Михаил О.".into(),
        channel: Channel::Sms,
        contact_masked: "+7 900 •••-••-42".into(),
    };
    assert_eq!(former(&begun), Some(&expected));
    let linking = world.act(&app, &begun, "former", json!({})).await.linking();
    // The number was not typed, so it is not shown whole.
    assert!(matches!(&linking.step, Step::Code(code) if code.contact == "+7 900 •••-••-42"));
    let code = world.sms_code(PHONE).await;
    let linking = world.try_code(&app, &linking, &code).await.linking();
    assert_eq!(linking.step.name(), StepName::Profile);
    let linking = world.act(&app, &linking, "confirm", json!({ "accept_other_name": false })).await.linking();
    assert!(matches!(&linking.step, Step::Linked(linked) if linked.in_max));
    let mut heard = 0;
    let mut done = 0;
    while done < 2 {
        done += u32::from(world.bot_says(MISHA, &mut heard).await["text"].as_str().unwrap().contains("Готово"));
    }
}

#[tokio::test]
async fn another_profile_than_the_former_one_is_asked_for_in_max() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    unlinked(&world, &app).await;
    let linking = world.to_max(&app, "+79000000007").await;
    assert!(matches!(&linking.step, Step::Max(max) if !max.opened));
}

#[tokio::test]
async fn an_account_hears_of_every_pupil_of_its_own_and_of_no_other() {
    let world = World::new().await;
    let (olga, liza) = (world.sign_in("olga").await, world.sign_in("liza").await);
    let mut heard = account_events(&world, &olga).await;
    // Nothing of another account's, and each new linking of one's own.
    world.begin(&liza).await;
    let pupils = world.me(&olga).await.pupils;
    let mut versions = Vec::new();
    for pupil in pupils.iter().take(2) {
        let begun = world.post(&olga, "/v1/linkings", json!({ "pupil": pupil.id })).await.linking();
        assert_eq!(heard.next().await.unwrap(), Linking { server_time: world.now(), ..begun.clone() });
        versions.push(begun);
    }
    let cancelled = world.act(&olga, &versions[0], "cancel", json!({})).await.linking();
    assert_eq!(heard.next().await.unwrap(), cancelled);
    let listed: Vec<Linking> = serde_json::from_value(world.get(&olga, "/v1/linkings").await.json()).unwrap();
    assert_eq!(listed, [cancelled, versions[1].clone()]);
    // A session that ends, ends the stream.
    world.post(&olga, "/v1/sessions/end", json!({ "session": null })).await;
    assert!(heard.next().await.is_none());
}

#[tokio::test]
async fn a_link_that_another_device_removed_is_heard_of() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let linked = world.to_linked(&app, PHONE, MISHA).await;
    let mut heard = account_events(&world, &app).await;
    assert_eq!(heard.next().await.unwrap().id, linked.id);
    let elsewhere = world.sign_in("misha").await;
    let pupil = world.me(&app).await.pupils[0].id.0.clone();
    world.advance(mostik_linking::GAPS[0]);
    let code = world.owner_code(&elsewhere, &pupil, PHONE).await;
    world.proven(&elsewhere, &pupil, "unlink", by_code(&code)).await;
    let mut told = heard.next().await.unwrap();
    while told.step.name() == StepName::Linked {
        told = heard.next().await.unwrap();
    }
    assert_eq!((told.id, told.step.name()), (linked.id, StepName::Closed));
}
