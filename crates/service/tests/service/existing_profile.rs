//! The address has a profile already: its password opens it, or a recovery does; a code alone never.

use futures_util::future::join_all;
use mostik_linking::limits::WRONG_PASSWORDS_OF_PROFILE;
use mostik_wire::{Code, LinkSummary, Linking, Step, StepName};
use serde_json::json;

use crate::{
    by_mail::PASSWORD,
    mail::Mail,
    world::{App, DAY, MINUTE, World},
};

const ADDRESS: &str = "anya@mail.test";
/// «an old password» by another time's policy (4 MiB, 3 passes), hashed by the reference implementation in C.
const CHEAP: &str = "$argon2id$v=19$m=4096,t=3,p=1$BwcHBwcHBwcHBwcHBwcHBw$SlmQW/WKp5rXVrqqtRUXBzX+jJ1PbBGLl+uyYo4tDo4";
const NEW_PASSWORD: &str = "зелёный кит на крыше";

impl World {
    /// Anya's linking at the profile that her address has; the profile has no password yet.
    async fn to_exists(&self, mail: &Mail, app: &App) -> Linking {
        self.import(json!([{ "email": ADDRESS, "first_name": "Анна", "last_name": "Орлова", "role": "pupil", "class_name": "5-А" }]))
            .await;
        let linking = self.to_proven(mail, app, ADDRESS).await;
        assert_eq!(linking.step.name(), StepName::Exists);
        linking
    }

    async fn recover(&self, mail: &Mail, app: &App, linking: &Linking, password: &str) -> Linking {
        let linking = self.act(app, linking, "recover", json!({})).await.linking();
        let code = mail.letter(ADDRESS).await.code();
        self.act(app, &linking, "recovery", json!({ "code": code, "password": password })).await.linking()
    }

    /// As [`World::to_exists`], with [`PASSWORD`] set by a recovery of another child's linking that was then called off.
    async fn with_password(&self, mail: &Mail, app: &App) -> Linking {
        let linking = self.to_exists(mail, app).await;
        let linking = self.recover(mail, app, &linking, PASSWORD).await;
        mail.letter(ADDRESS).await;
        self.act(app, &linking, "cancel", json!({})).await.linking();
        self.advance(5 * MINUTE);
        self.to_proven(mail, app, ADDRESS).await
    }
}

#[tokio::test]
async fn a_code_to_the_address_alone_opens_nothing() {
    let (world, mail) = World::with_mail("none").await;
    let olga = world.sign_in("olga").await;
    let linking = world.to_exists(&mail, &olga).await;
    let Step::Exists(step) = &linking.step else { panic!("{linking:?}") };
    assert_eq!((step.profile_name.as_str(), step.contact_masked.as_str()), ("Анна О.", "a•••@mail.test"));
    for (what, body) in [
        ("confirm", json!({ "accept_other_name": true })),
        ("password", json!({ "password": PASSWORD })),
        ("details", crate::by_mail::anyas_details()),
        ("recovery", json!({ "code": "00000000", "password": PASSWORD })),
        ("code", json!({ "code": "000000" })),
        ("max-link", json!({})),
        ("skip-max", json!({})),
    ] {
        world.act(&olga, &linking, what, body).await.problem(Code::WrongStep);
    }
    // A profile without a password has no right one.
    let body = json!({ "password": PASSWORD });
    world.act(&olga, &linking, "profile-sign-in", body).await.problem(Code::PasswordWrong);
    assert!(matches!(world.link_of(&olga, "Анна").await, LinkSummary::InProgress { .. }));
}

#[tokio::test]
async fn wrong_passwords_are_counted_by_profile_over_a_day() {
    let (world, mail) = World::with_mail("none").await;
    let olga = world.sign_in("olga").await;
    let linking = world.with_password(&mail, &olga).await;
    let long = json!({ "password": "x".repeat(600) });
    world.act(&olga, &linking, "profile-sign-in", long).await.problem(Code::PasswordTooLong);
    let first = world.now();
    // At once, so that none slips past the counter.
    let answers = join_all((0..30).map(|n| {
        let (world, olga, linking) = (&world, &olga, &linking);
        async move { world.act(olga, linking, "profile-sign-in", json!({ "password": format!("wrong {n}") })).await }
    }))
    .await;
    let compared = answers.iter().filter(|a| a.json()["code"] == "password_wrong").count();
    assert_eq!(compared, WRONG_PASSWORDS_OF_PROFILE.most);
    let least = answers.iter().filter_map(|a| a.json()["tries_left"].as_u64()).min();
    assert_eq!(least, Some(0));
    let right = json!({ "password": PASSWORD });
    let blocked = world.act(&olga, &linking, "profile-sign-in", right.clone()).await;
    assert_eq!(blocked.problem(Code::PasswordBlocked).retry_at, Some(first.plus(DAY)), "not even the right one");
    world.set_clock(first.plus(DAY).0);
    let olga = world.sign_in("olga").await;
    let linking = world.act(&olga, &linking, "profile-sign-in", right).await.linking();
    assert_eq!(linking.step.name(), StepName::Profile);
}

#[tokio::test]
async fn the_right_password_leads_to_the_profile_and_a_yes_links_it() {
    let (world, mail) = World::with_mail("none").await;
    let olga = world.sign_in("olga").await;
    let linking = world.with_password(&mail, &olga).await;
    world
        .act(&olga, &linking, "profile-sign-in", json!({ "password": "другой пароль 1" }))
        .await
        .problem(Code::PasswordWrong);
    let linking = world.act(&olga, &linking, "profile-sign-in", json!({ "password": PASSWORD })).await.linking();
    let Step::Profile(step) = &linking.step else { panic!("{linking:?}") };
    let found = step.found.clone().unwrap();
    assert_eq!((found.name_masked.as_str(), found.same_name), ("Анна О.", true));
    let linking = world.act(&olga, &linking, "confirm", json!({ "accept_other_name": false })).await.linking();
    assert!(matches!(&linking.step, Step::Max(max) if max.skippable && max.phone_masked.is_none()));
    assert!(mail.letter(ADDRESS).await.subject.contains("связан с дневником"));
    assert!(matches!(world.link_of(&olga, "Анна").await, LinkSummary::Linked { in_max: false, .. }));
}

#[tokio::test]
async fn a_recovery_has_codes_and_counters_of_its_own() {
    let (world, mail) = World::with_mail("none").await;
    let olga = world.sign_in("olga").await;
    let linking = world.to_exists(&mail, &olga).await;
    // The code that proved the address was sent a moment ago: that is another matter.
    let linking = world.act(&olga, &linking, "recover", json!({})).await.linking();
    let Step::Recovery(step) = linking.step.clone() else { panic!("{linking:?}") };
    assert_eq!((step.nth, step.tries_left, step.expires_at), (1, 5, world.now().plus(10 * MINUTE)));
    let letter = mail.letter(ADDRESS).await;
    let code = letter.code();
    assert_eq!(code.len(), 8);
    assert!(letter.subject.ends_with("для нового пароля"), "{}", letter.subject);
    world.act(&olga, &linking, "recover", json!({})).await.problem(Code::ResendTooEarly);
    let recovery = |code: &str, password: &str| json!({ "code": code, "password": password });
    for text in ["", "123456", "123456789", "1234567a"] {
        world.act(&olga, &linking, "recovery", recovery(text, NEW_PASSWORD)).await.problem(Code::MalformedRequest);
    }
    // A password that will not do costs no try.
    world.act(&olga, &linking, "recovery", recovery("00000000", "короткий")).await.problem(Code::PasswordTooShort);
    world.act(&olga, &linking, "recovery", recovery("00000000", "орлова2015")).await.problem(Code::PasswordTooCommon);
    for left in (0..5).rev() {
        let problem = world.act(&olga, &linking, "recovery", recovery("00000000", NEW_PASSWORD)).await;
        assert_eq!(problem.problem(Code::CodeWrong).tries_left, Some(left));
    }
    world.act(&olga, &linking, "recovery", recovery(&code, NEW_PASSWORD)).await.problem(Code::CodeTriesUsedUp);
    world.advance(MINUTE);
    let present = world.linking(&olga, &linking.id.0).await;
    let linking = world.act(&olga, &present, "recover", json!({})).await.linking();
    let second = mail.letter(ADDRESS).await.code();
    world.act(&olga, &linking, "recovery", recovery(&code, NEW_PASSWORD)).await.problem(Code::CodeSuperseded);
    world.advance(10 * MINUTE);
    let olga = world.sign_in("olga").await;
    world.act(&olga, &linking, "recovery", recovery(&second, NEW_PASSWORD)).await.problem(Code::CodeExpired);
}

#[tokio::test]
async fn a_recovery_sets_the_password_ends_what_the_old_one_opened_and_tells_the_address() {
    let (world, mail) = World::with_mail("none").await;
    let olga = world.sign_in("olga").await;
    let anya = world.with_password(&mail, &olga).await;
    // Another child's linking has signed in to the same profile with the old password.
    world.advance(15 * MINUTE);
    let olga = world.sign_in("olga").await;
    let lev = world.begin_for(&olga, "Лев").await;
    let lev = world.act(&olga, &lev, "contact", json!({ "contact": ADDRESS })).await.linking();
    let code = mail.letter(ADDRESS).await.code();
    let lev = world.try_code(&olga, &lev, &code).await.linking();
    let lev = world.act(&olga, &lev, "profile-sign-in", json!({ "password": PASSWORD })).await.linking();
    assert_eq!(lev.step.name(), StepName::Profile);

    let anya = world.recover(&mail, &olga, &anya, NEW_PASSWORD).await;
    assert_eq!(anya.step.name(), StepName::Profile);
    let letter = mail.letter(ADDRESS).await;
    assert_eq!(letter.subject, "Мостик: пароль учебного профиля изменён");
    assert!(letter.text.contains("Если это сделали не вы"), "{}", letter.text);
    let stale =
        world.act(&olga, &lev, "confirm", json!({ "accept_other_name": true })).await.problem(Code::StaleVersion);
    let lev = *stale.linking.unwrap();
    assert_eq!(lev.step.name(), StepName::Exists);
    world.act(&olga, &lev, "profile-sign-in", json!({ "password": PASSWORD })).await.problem(Code::PasswordWrong);
    let lev = world.act(&olga, &lev, "profile-sign-in", json!({ "password": NEW_PASSWORD })).await.linking();
    assert!(matches!(&lev.step, Step::Profile(step) if !step.found.as_ref().unwrap().same_name));
    // Anya is first; for Lev the profile is gone.
    world.act(&olga, &anya, "confirm", json!({ "accept_other_name": false })).await.linking();
    let lev = world.act(&olga, &lev, "confirm", json!({ "accept_other_name": true })).await.linking();
    assert_eq!(lev.step.name(), StepName::Taken);
}

#[tokio::test]
async fn a_cheap_hash_is_made_anew_at_the_sign_in() {
    let (world, mail) = World::with_mail("none").await;
    let olga = world.sign_in("olga").await;
    let linking = world.to_exists(&mail, &olga).await;
    let db = world.store().await;
    let mut tx = db.write().await.unwrap();
    mostik_store::sql::query("UPDATE profiles SET password_hash = $1").bind(CHEAP).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    world.act(&olga, &linking, "profile-sign-in", json!({ "password": "an old password" })).await.linking();
    let stored: String = mostik_store::sql::query_scalar("SELECT password_hash FROM profiles")
        .fetch_one(&mut db.reader().await.unwrap())
        .await
        .unwrap();
    assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$") && stored != CHEAP, "{stored}");
    db.close().await;
}
