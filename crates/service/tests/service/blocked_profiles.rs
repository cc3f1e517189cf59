//! A profile that an operator has blocked: nobody gets to it or changes it, who cannot prove the contact learns nothing, and what operators
//! do goes on.

use mostik_linking::limits::WRONG_PASSWORDS_OF_PROFILE;
use mostik_service::support::{desk::Desk, operators::Right};
use mostik_store::blocks::Blockable;
use mostik_wire::{Code, LinkSummary, Linking, Step, StepName};
use serde_json::{Value, json};

use crate::{
    by_mail::{ADDRESS, PASSWORD},
    launches::{GRANT, accept, claimed},
    mail::Mail,
    owner::{by_code, by_password},
    support::{MISHA_IN_MAX, Operators, PHONE},
    through_max::{text, url_of},
    through_vk::{self, shows},
    world::{DAY, World},
};

/// A profile that nobody is linked to, under Misha's number.
const IMPORTED: &str = "SELECT id FROM profiles WHERE phone = '+79000001242'";

/// An operator at work, who blocks profiles.
async fn at_work(world: &World) -> Desk {
    Operators::of(world).desk(world, "boris", Right::Act).await.ok().unwrap()
}

async fn block(desk: &Desk, profile: &str) {
    assert!(desk.block(Blockable::Profile(profile)).await.ok().unwrap().changed);
}

async fn unblock(desk: &Desk, profile: &str) {
    assert!(desk.unblock(Blockable::Profile(profile)).await.ok().unwrap().changed);
}

impl World {
    /// A day later, as the sweep comes with the start.
    pub async fn until_erased(&mut self, mail: &Mail) {
        self.advance(DAY);
        self.restart().await;
        while !mail.letter(ADDRESS).await.subject.contains("профиль удалён") {}
    }
}

async fn import_mishas(world: &World) -> String {
    world.import(json!([{ "phone": PHONE, "first_name": "Михаил", "last_name": "Орлов", "role": "pupil", "class_name": "8-Б" }])).await;
    world.one(IMPORTED).await
}

/// The answer without what no two of them share: ids and moments.
fn comparable(linking: &Linking) -> Value {
    let mut step = serde_json::to_value(&linking.step).unwrap();
    for moment in ["expires_at", "resend_at"] {
        step.as_object_mut().unwrap().remove(moment);
    }
    step
}

async fn says_blocked(world: &World, user: i64, heard: &mut u64) {
    let said = world.bot_says(user, heard).await;
    assert!(text(&said).contains("заблокирован"), "{said}");
}

#[tokio::test]
async fn before_the_number_is_proven_nothing_tells_that_its_profile_is_blocked() {
    let world = World::new().await;
    let desk = at_work(&world).await;
    let misha = world.sign_in("misha").await;
    let profile = import_mishas(&world).await;
    block(&desk, &profile).await;
    let (linking, code) = world.to_code(&misha, PHONE).await;
    let liza = world.sign_in("liza").await;
    let (of_nobody, _) = world.to_code(&liza, "+79000002357").await;
    let masked = |linking: &Linking| comparable(linking).to_string().replace("2357", "1242").replace("23-57", "12-42");
    assert_eq!(masked(&linking), masked(&of_nobody));
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let told = world.act(&misha, &linking, "code", json!({ "code": wrong })).await.problem(Code::CodeWrong);
    assert_eq!(told.tries_left, Some(4));
    // Who has proven it is told, as often as they like, and may leave for another number.
    let linking = world.linking(&misha, &linking.id.0).await;
    for _ in 0..2 {
        let refused = world.act(&misha, &linking, "code", json!({ "code": code })).await.problem(Code::ProfileBlocked);
        assert_eq!(refused.linking, None);
    }
    let other = world.act(&misha, &linking, "contact", json!({ "contact": "+79000002358" })).await.linking();
    assert_eq!(other.step.name(), StepName::Code);
}

#[tokio::test]
async fn a_profile_that_is_blocked_on_the_way_to_it_is_not_linked() {
    let world = World::with_both().await;
    let desk = at_work(&world).await;
    let misha = world.sign_in("misha").await;
    let profile = import_mishas(&world).await;
    let at_profile = world.to_profile(&misha, PHONE).await;
    block(&desk, &profile).await;
    world.act(&misha, &at_profile, "confirm", json!({ "accept_other_name": true })).await.problem(Code::ProfileBlocked);
    unblock(&desk, &profile).await;
    let at_max = world.act(&misha, &at_profile, "confirm", json!({ "accept_other_name": true })).await.linking();
    let begun = world.begin_vk(&misha, &at_max).await;
    let question = world.through_vk(&through_vk::url_of(&begun), Some("710001")).await;
    block(&desk, &profile).await;
    for (what, body) in [("max-link", json!({})), ("vk", json!({}))] {
        let present = world.linking(&misha, &at_max.id.0).await;
        world.act(&misha, &present, what, body).await.problem(Code::ProfileBlocked);
    }
    shows(&world.answer_vk(&question, "yes").await, 403, "Учебный профиль заблокирован");
    let mut heard = 0;
    world.max_open(MISHA_IN_MAX, &url_of(&at_max)).await;
    says_blocked(&world, MISHA_IN_MAX, &mut heard).await;
    unblock(&desk, &profile).await;
    let present = world.linking(&misha, &at_max.id.0).await;
    assert_eq!(world.finish_in_max(&misha, &present, MISHA_IN_MAX).await.step.name(), StepName::Linked);
}

#[tokio::test]
async fn who_comes_from_max_with_its_number_is_told_and_the_launch_waits() {
    let world = World::new().await;
    let desk = at_work(&world).await;
    let misha = world.sign_in("misha").await;
    let profile = import_mishas(&world).await;
    block(&desk, &profile).await;
    claimed(&world, MISHA_IN_MAX, GRANT).await;
    accept(&world, &misha, GRANT).await.problem(Code::ProfileBlocked);
    unblock(&desk, &profile).await;
    assert_eq!(accept(&world, &misha, GRANT).await.linking().step.name(), StepName::Profile);
}

#[tokio::test]
async fn a_number_that_max_proves_in_place_of_an_sms_leads_to_no_blocked_profile() {
    let world = World::new().await;
    let desk = at_work(&world).await;
    let misha = world.sign_in("misha").await;
    let profile = import_mishas(&world).await;
    let begun = world.begin(&misha).await;
    let linking = world.act(&misha, &begun, "max-proof", json!({})).await.linking();
    let mut heard = 0;
    world.max_open(MISHA_IN_MAX, &url_of(&linking)).await;
    assert!(text(&world.bot_says(MISHA_IN_MAX, &mut heard).await).contains("Вы подключаете дневник"));
    block(&desk, &profile).await;
    world.max_contact(MISHA_IN_MAX, json!({})).await;
    says_blocked(&world, MISHA_IN_MAX, &mut heard).await;
    let present = world.linking(&misha, &linking.id.0).await;
    assert!(matches!(&present.step, Step::Max(step) if step.opened), "{present:?}");
    unblock(&desk, &profile).await;
    world.max_contact(MISHA_IN_MAX, json!({})).await;
    world.until(&misha, &present, |l| l.step.name() == StepName::Profile).await;
}

#[tokio::test]
async fn its_password_is_compared_with_nothing_and_no_recovery_begins() {
    let (world, mail) = World::with_mail("none").await;
    let desk = at_work(&world).await;
    let olga = world.sign_in("olga").await;
    world.import(json!([{ "email": ADDRESS, "first_name": "Анна", "last_name": "Орлова", "role": "pupil", "class_name": "5-А" }])).await;
    let linking = world.to_proven(&mail, &olga, ADDRESS).await;
    assert_eq!(linking.step.name(), StepName::Exists);
    let profile: String = world.one("SELECT id FROM profiles").await;
    block(&desk, &profile).await;
    for _ in 0..20 {
        let body = json!({ "password": PASSWORD });
        world.act(&olga, &linking, "profile-sign-in", body).await.problem(Code::ProfileBlocked);
    }
    world.act(&olga, &linking, "recover", json!({})).await.problem(Code::ProfileBlocked);
    unblock(&desk, &profile).await;
    let body = json!({ "password": PASSWORD });
    let wrong = world.act(&olga, &linking, "profile-sign-in", body).await.problem(Code::PasswordWrong);
    assert_eq!(wrong.tries_left, u32::try_from(WRONG_PASSWORDS_OF_PROFILE.most - 1).ok(), "no try was counted before");
}

#[tokio::test]
async fn a_link_stays_and_its_people_change_nothing_while_operators_may() {
    let (world, mail) = World::with_mail("none").await;
    let desk = at_work(&world).await;
    let olga = world.sign_in("olga").await;
    let made = world.to_made(&mail, &olga, ADDRESS).await;
    let anya = world.pupil(&olga, "Анна").await;
    let profile = world.profile(&olga, &anya).await.id;
    block(&desk, &profile).await;
    assert!(matches!(world.link_of(&olga, "Анна").await, LinkSummary::Linked { .. }));
    for what in ["export", "unlink", "deletion"] {
        world.proven(&olga, &anya, what, by_password(PASSWORD)).await.problem(Code::ProfileBlocked);
    }
    world.proven(&olga, &anya, "unlink", by_code("000000")).await.problem(Code::CodeTriesUsedUp);
    world.own(&olga, &anya, "code", json!({ "profile": profile })).await.problem(Code::ProfileBlocked);
    world.act(&olga, &made, "max-link", json!({})).await.problem(Code::ProfileBlocked);
    assert_eq!(world.act(&olga, &made, "skip-max", json!({})).await.linking().step.name(), StepName::Linked);
    assert!(!desk.export(&profile).await.ok().unwrap().json.is_empty());
    desk.unlink(&profile, None).await.ok().unwrap();
    assert_eq!(world.link_of(&olga, "Анна").await, LinkSummary::NotLinked);
}

#[tokio::test]
async fn a_deletion_that_is_due_goes_on_and_can_be_called_off() {
    let (mut world, mail) = World::with_mail("none").await;
    let desk = at_work(&world).await;
    let olga = world.sign_in("olga").await;
    world.to_made(&mail, &olga, ADDRESS).await;
    let anya = world.pupil(&olga, "Анна").await;
    let profile = world.profile(&olga, &anya).await.id;
    assert_eq!(world.proven(&olga, &anya, "deletion", by_password(PASSWORD)).await.status, 200);
    block(&desk, &profile).await;
    assert_eq!(world.own(&olga, &anya, "keep", json!({ "profile": profile })).await.profile().deletes_at, None);
    unblock(&desk, &profile).await;
    assert_eq!(world.proven(&olga, &anya, "deletion", by_password(PASSWORD)).await.status, 200);
    block(&desk, &profile).await;
    world.until_erased(&mail).await;
    let left: i64 = world.one("SELECT COUNT(*) FROM profiles").await;
    assert_eq!(left, 0);
}

#[tokio::test]
async fn two_operators_delete_a_blocked_profile() {
    let world = World::new().await;
    let operators = Operators::of(&world);
    let (_, _, profile) = world.linked().await;
    operators.run("boris", &["block", "--profile", &profile]).await.told();
    let asked = operators.run("vera", &["delete", &profile, "--json"]).await.json();
    operators.run("boris", &["confirm-deletion", asked["id"].as_str().unwrap()]).await.told();
    let left: i64 = world.one("SELECT COUNT(*) FROM profiles").await;
    assert_eq!(left, 0);
}
