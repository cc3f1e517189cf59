//! MAX proves a number: in place of an SMS, and in place of the number that was proven before.

use mostik_wire::{Code, Linking, MaxStep, MaxTrouble, Step, StepName};
use serde_json::json;

use crate::world::{App, DAY, MINUTE, World};

const PHONE: &str = "+79000001242";
const MISHA: i64 = 501_001;
const LIZA: i64 = 501_002;

fn max(linking: &Linking) -> &MaxStep {
    match &linking.step {
        Step::Max(max) => max,
        _ => panic!("{linking:?}"),
    }
}

async fn says(world: &World, user: i64, heard: &mut u64) -> String {
    world.bot_says(user, heard).await["text"].as_str().unwrap().to_owned()
}

async fn to_proof(world: &World, app: &App) -> Linking {
    let begun = world.begin(app).await;
    world.act(app, &begun, "max-proof", json!({})).await.linking()
}

#[tokio::test]
async fn who_is_linked_or_over_is_not_asked_for_a_number() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let linked = world.to_linked(&app, PHONE, MISHA).await;
    for what in ["max-proof", "max-number", "former"] {
        world.act(&app, &linked, what, json!({})).await.problem(Code::WrongStep);
    }
}

#[tokio::test]
async fn a_stale_wish_and_a_strangers_wish_change_nothing() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let begun = world.begin(&app).await;
    world.act(&app, &begun, "contact", json!({ "contact": PHONE })).await.linking();
    world.act(&app, &begun, "max-proof", json!({})).await.problem(Code::StaleVersion);
    let stranger = world.sign_in("liza").await;
    world.act(&stranger, &begun, "max-proof", json!({})).await.problem(Code::LinkingNotFound);
    // Nothing waits in MAX whose number could be taken, and there is no profile of before.
    let present = world.linking(&app, &begun.id.0).await;
    world.act(&app, &present, "max-number", json!({})).await.problem(Code::WrongStep);
    world.act(&app, &present, "former", json!({})).await.problem(Code::WrongStep);
}

#[tokio::test]
async fn a_foreign_number_or_a_forged_one_proves_nothing() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let linking = to_proof(&world, &app).await;
    world.max_open(MISHA, &max(&linking).url).await;
    let linking = world.until(&app, &linking, |l| max(l).opened).await;
    for (wish, trouble) in [
        (json!({ "phone": "375291234567" }), MaxTrouble::NumberForeign { phone_masked: "+37•••67".into() }),
        (json!({ "forged_hash": true }), MaxTrouble::UnprovenContact),
        (json!({ "contact_user_id": LIZA }), MaxTrouble::ForeignContact),
    ] {
        let before = world.linking(&app, &linking.id.0).await;
        world.max_contact(MISHA, wish).await;
        let after = world.until(&app, &before, |l| l.version > before.version).await;
        assert_eq!(max(&after).trouble, Some(trouble));
        assert_eq!(max(&after).profile_name, None);
    }
}

#[tokio::test]
async fn max_proves_the_number_and_no_sms_is_sent() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let linking = to_proof(&world, &app).await;
    assert_eq!((&max(&linking).profile_name, &max(&linking).phone_masked), (&None, &None));
    let mut heard = 0;
    world.max_open(MISHA, &max(&linking).url).await;
    assert!(says(&world, MISHA, &mut heard).await.contains("Вы подключаете дневник: Михаил О., 8-Б"));
    world.max_contact(MISHA, json!({})).await;
    let linking = world.until(&app, &linking, |l| l.step.name() == StepName::Profile).await;
    assert!(says(&world, MISHA, &mut heard).await.contains("СМС не нужно"));
    let Step::Profile(profile) = &linking.step else { panic!("{linking:?}") };
    assert_eq!(profile.contact_masked, "+7 900 •••-••-42");
    assert_eq!(world.sms_count(PHONE).await, 0);
    // Whose profile it is was the last question: MAX has answered already.
    let linking = world.act(&app, &linking, "confirm", json!({ "accept_other_name": true })).await.linking();
    let Step::Linked(linked) = &linking.step else { panic!("{linking:?}") };
    assert!(linked.in_max);
    assert!(says(&world, MISHA, &mut heard).await.contains("Готово."));
}

#[tokio::test]
async fn who_types_another_number_after_all_is_sent_a_code() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let linking = to_proof(&world, &app).await;
    world.max_open(MISHA, &max(&linking).url).await;
    world.max_contact(MISHA, json!({})).await;
    let linking = world.until(&app, &linking, |l| l.step.name() == StepName::Profile).await;
    let linking = world.act(&app, &linking, "contact", json!({ "contact": "+79000000007" })).await.linking();
    let code = world.sms_code("+79000000007").await;
    let linking = world.try_code(&app, &linking, &code).await.linking();
    let linking = world.act(&app, &linking, "confirm", json!({ "accept_other_name": true })).await.linking();
    // What MAX has proven was the other number: it is asked again.
    assert_eq!(max(&linking).phone_masked.as_deref(), Some("+7 900 •••-••-07"));
    assert!(!max(&linking).opened);
}

#[tokio::test]
async fn a_number_of_another_pupils_profile_is_said_to_be_taken() {
    let world = World::new().await;
    let misha = world.sign_in("misha").await;
    world.to_linked(&misha, PHONE, MISHA).await;
    let liza = world.sign_in("liza").await;
    let linking = to_proof(&world, &liza).await;
    world.max_open(LIZA, &max(&linking).url).await;
    world.max_contact(LIZA, json!({ "phone": "79000001242" })).await;
    world.until(&liza, &linking, |l| l.step.name() == StepName::Taken).await;
}

#[tokio::test]
async fn the_number_in_max_may_take_the_place_of_the_other() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let linking = world.to_max(&app, PHONE).await;
    world.max_open(MISHA, &max(&linking).url).await;
    world.max_contact(MISHA, json!({ "phone": "79000009999" })).await;
    let linking = world.until(&app, &linking, |l| max(l).trouble.is_some()).await;
    let usable = MaxTrouble::NumberDiffers { phone_masked: "+7 900 •••-••-99".into(), usable: true };
    assert_eq!(max(&linking).trouble, Some(usable));
    let linking = world.act(&app, &linking, "max-number", json!({})).await.linking();
    let Step::Profile(profile) = &linking.step else { panic!("{linking:?}") };
    assert_eq!((profile.contact_masked.as_str(), &profile.found), ("+7 900 •••-••-99", &None));
    let linking = world.act(&app, &linking, "confirm", json!({ "accept_other_name": false })).await.linking();
    let Step::Linked(linked) = &linking.step else { panic!("{linking:?}") };
    assert_eq!((linked.contact_masked.as_str(), linked.in_max), ("+7 900 •••-••-99", true));
}

#[tokio::test]
async fn nine_digits_do_what_the_link_does_and_cannot_be_guessed() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let linking = world.to_max(&app, PHONE).await;
    let digits = max(&linking).code.clone();
    assert_eq!((digits.len(), digits.bytes().all(|b| b.is_ascii_digit())), (9, true));
    let mut heard = world.greeted(LIZA).await;
    // A stranger's guesses: told to look again, then no longer compared at all.
    for guess in 0..10 {
        world.max_write(LIZA, &format!("{guess:09}")).await;
        assert!(says(&world, LIZA, &mut heard).await.contains("не подошли"));
    }
    world.max_write(LIZA, &digits).await;
    assert!(says(&world, LIZA, &mut heard).await.contains("Слишком много"));
    assert!(!max(&world.linking(&app, &linking.id.0).await).opened);
    // A day later the digits are over as well.
    world.advance(DAY);
    world.max_write(LIZA, &digits).await;
    assert!(says(&world, LIZA, &mut heard).await.contains("не подошли"));

    let app = world.sign_in("misha").await;
    let linking = world.linking(&app, &linking.id.0).await;
    let linking = world.act(&app, &linking, "max-link", json!({})).await.linking();
    let fresh = &max(&linking).code;
    assert_ne!(*fresh, digits);
    let mut heard = world.greeted(MISHA).await;
    world.max_write(MISHA, &format!("{} {}-{}", &fresh[..3], &fresh[3..6], &fresh[6..])).await;
    assert!(says(&world, MISHA, &mut heard).await.contains("Вы подключаете дневник"));
    world.max_contact(MISHA, json!({})).await;
    world.until(&app, &linking, |l| l.step.name() == StepName::Linked).await;
}

#[tokio::test]
async fn digits_serve_the_first_who_writes_them_and_live_ten_minutes() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let linking = world.to_max(&app, PHONE).await;
    let mut heard = world.greeted(MISHA).await;
    world.advance(10 * MINUTE);
    world.max_write(MISHA, &max(&linking).code).await;
    assert!(says(&world, MISHA, &mut heard).await.contains("не подошли"));
    let app = world.sign_in("misha").await;
    let linking = world.act(&app, &linking, "max-link", json!({})).await.linking();
    world.max_write(MISHA, &max(&linking).code).await;
    assert!(says(&world, MISHA, &mut heard).await.contains("Вы подключаете дневник"));
    let mut heard = world.greeted(LIZA).await;
    world.max_write(LIZA, &max(&linking).code).await;
    assert!(says(&world, LIZA, &mut heard).await.contains("не подошли"));
}
