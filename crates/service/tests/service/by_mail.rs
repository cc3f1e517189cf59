//! Under fourteen: a parent makes the child's profile by e-mail.

use mostik_wire::{Channel, Code, Gender, LinkSummary, Linking, MaxStep, MaxTrouble, Role, Step, StepName};
use serde_json::{Value, json};

use crate::{
    mail::Mail,
    world::{App, MINUTE, World, asks_whose_max},
};

pub const ADDRESS: &str = "olga.orlova@mail.test";
pub const PASSWORD: &str = "синий трамвай у моря";
const OLGA_IN_MAX: i64 = 501_003;

pub fn anyas_details() -> Value {
    json!({
        "last_name": "Орлова", "first_name": "Анна", "middle_name": "Сергеевна", "birth_date": "2015-03-03",
        "gender": "female", "consent": mostik_service::linkings::consent::VERSION,
    })
}

pub fn with(mut body: Value, field: &str, value: Value) -> Value {
    body[field] = value;
    body
}

impl World {
    /// Anya's linking, where her address is proven.
    pub async fn to_proven(&self, mail: &Mail, app: &App, address: &str) -> Linking {
        let (linking, code) = self.to_mail_code(mail, app, address).await;
        self.try_code(app, &linking, &code).await.linking()
    }

    pub async fn to_details(&self, mail: &Mail, app: &App, address: &str) -> Linking {
        let linking = self.to_proven(mail, app, address).await;
        self.act(app, &linking, "password", json!({ "password": PASSWORD })).await.linking()
    }

    /// Anya has a profile with [`PASSWORD`], and it is linked.
    pub async fn to_made(&self, mail: &Mail, app: &App, address: &str) -> Linking {
        let linking = self.to_details(mail, app, address).await;
        let linking = self.act(app, &linking, "details", anyas_details()).await.linking();
        mail.letter(address).await;
        linking
    }

    pub async fn link_of(&self, app: &App, first_name: &str) -> LinkSummary {
        let me = self.me(app).await;
        me.pupils.into_iter().find(|p| p.first_name == first_name).unwrap().link
    }
}

#[tokio::test]
async fn a_password_that_anyone_would_try_is_not_taken_and_a_megabyte_is_not_read() {
    let (world, mail) = World::with_mail("none").await;
    let olga = world.sign_in("olga").await;
    let (linking, code) = world.to_mail_code(&mail, &olga, ADDRESS).await;
    let early = world.act(&olga, &linking, "password", json!({ "password": PASSWORD })).await;
    assert_eq!(early.problem(Code::WrongStep).linking.unwrap().step.name(), StepName::Code);
    let linking = world.try_code(&olga, &linking, &code).await.linking();
    for (password, refusal) in [
        ("", Code::PasswordTooShort),
        ("девять999", Code::PasswordTooShort),
        (&"ы".repeat(129), Code::PasswordTooLong),
        ("орлова2015", Code::PasswordTooCommon),
        ("анна030315", Code::PasswordTooCommon),
        ("gfhjkm1234", Code::PasswordTooCommon),
        ("olga.orlova", Code::PasswordTooCommon),
    ] {
        let problem = world.act(&olga, &linking, "password", json!({ "password": password })).await.problem(refusal);
        assert_eq!(problem.detail.as_deref(), Some("password"));
    }
    let megabyte = json!({ "password": "x".repeat(1 << 20) });
    world.act(&olga, &linking, "password", megabyte).await.problem(Code::MalformedRequest);
    let liza = world.sign_in("liza").await;
    let body = json!({ "password": PASSWORD });
    world.act(&liza, &linking, "password", body).await.problem(Code::LinkingNotFound);
}

#[tokio::test]
async fn the_operator_may_ask_for_longer_passwords() {
    let mail = Mail::start("none").await;
    let port = mail.port.to_string();
    let world = World::with(&[("MOSTIK_MAIL_PORT", &port), ("MOSTIK_PASSWORDS_SHORTEST", "15")]).await;
    let olga = world.sign_in("olga").await;
    let linking = world.to_proven(&mail, &olga, ADDRESS).await;
    assert!(matches!(&linking.step, Step::Password(step) if step.shortest == 15));
    let short = json!({ "password": "чайка у моря" });
    world.act(&olga, &linking, "password", short).await.problem(Code::PasswordTooShort);
}

#[tokio::test]
async fn details_are_held_to_the_diary_and_to_a_parents_consent() {
    let (world, mail) = World::with_mail("none").await;
    let (olga, anya) = (world.sign_in("olga").await, world.sign_in("anya").await);
    let linking = world.to_details(&mail, &olga, ADDRESS).await;
    let details = anyas_details();
    for (body, refusal, detail) in [
        (with(details.clone(), "last_name", json!("Орлова2")), Code::NameMalformed, Some("last_name")),
        (with(details.clone(), "first_name", json!("")), Code::NameMalformed, Some("first_name")),
        (with(details.clone(), "middle_name", json!("-")), Code::NameMalformed, Some("middle_name")),
        (
            with(details.clone(), "birth_date", json!("2015-02-30")),
            Code::BirthDateWrong,
            Some("birth_date: no date of the calendar"),
        ),
        (
            with(details.clone(), "birth_date", json!("2015-03-04")),
            Code::BirthDateWrong,
            Some("birth_date: not the diary's"),
        ),
        (with(details.clone(), "consent", Value::Null), Code::ConsentMissing, Some("consent")),
        (with(details.clone(), "consent", json!("2020-01-01")), Code::ConsentMissing, Some("consent")),
        (with(details.clone(), "gender", json!("other")), Code::MalformedRequest, None),
    ] {
        let problem = world.act(&olga, &linking, "details", body).await.problem(refusal);
        assert!(detail.is_none() || problem.detail.as_deref() == detail, "{problem:?}");
    }
    // The child sees the linking, and cannot agree in the parent's place.
    world.act(&anya, &linking, "details", details.clone()).await.problem(Code::NeedsParent);
    // Meanwhile the child has turned fourteen.
    world.set_clock(1_867_179_600_000);
    let olga = world.sign_in("olga").await;
    let present = world.linking(&olga, &linking.id.0).await;
    if present.step.name() == StepName::Details {
        world.act(&olga, &present, "details", details).await.problem(Code::NotUnder14);
    }
}

#[tokio::test]
async fn a_parent_makes_a_profile_links_it_and_leaves_max_for_later() {
    let (world, mail) = World::with_mail("none").await;
    let olga = world.sign_in("olga").await;
    let linking = world.to_proven(&mail, &olga, ADDRESS).await;
    let linking = world.act(&olga, &linking, "password", json!({ "password": PASSWORD })).await.linking();
    let Step::Details(details) = &linking.step else { panic!("{linking:?}") };
    assert_eq!((details.last_name.as_str(), details.first_name.as_str()), ("Орлова", "Анна"));
    assert_eq!(details.middle_name.as_deref(), Some("Сергеевна"));
    assert_eq!(details.birth_date.unwrap().to_string(), "2015-03-03");
    assert_eq!(details.gender, Some(Gender::Female));
    assert!(details.consent.text.starts_with("Я родитель"));
    let english = world.linking(&olga.clone().in_english(), &linking.id.0).await;
    assert!(
        matches!(english.step, Step::Details(d) if d.consent.text.starts_with("I am a parent") && d.consent.version == details.consent.version)
    );

    let linking = world.act(&olga, &linking, "details", anyas_details()).await.linking();
    let Step::Max(max) = &linking.step else { panic!("{linking:?}") };
    assert_eq!((max.skippable, &max.phone_masked, max.profile_name.as_deref()), (true, &None, Some("Анна О.")));
    let letter = mail.letter(ADDRESS).await;
    assert_eq!(letter.subject, "Мостик: учебный профиль связан с дневником");
    assert!(letter.text.contains("Анна О.") && letter.text.contains("23.11.2026, 09:00"), "{}", letter.text);
    assert!(letter.text.contains("Если это сделали не вы"), "{}", letter.text);
    assert!(matches!(world.link_of(&olga, "Анна").await, LinkSummary::Linked { in_max: false, .. }));

    // Linked is linked: it is neither called off nor moved to another contact.
    world.act(&olga, &linking, "cancel", json!({})).await.problem(Code::WrongStep);
    world.act(&olga, &linking, "contact", json!({ "contact": "89000000007" })).await.problem(Code::WrongStep);
    let linking = world.act(&olga, &linking, "skip-max", json!({})).await.linking();
    let Step::Linked(linked) = &linking.step else { panic!("{linking:?}") };
    assert_eq!((linked.channel, linked.in_max), (Channel::Mail, false));
    assert_eq!(linked.contact_masked, "o•••@mail.test");
    world.act(&olga, &linking, "skip-max", json!({})).await.problem(Code::WrongStep);
    let me = world.me(&olga).await;
    let pupil = &me.pupils.iter().find(|p| p.first_name == "Анна").unwrap().id;
    world.post(&olga, "/v1/linkings", json!({ "pupil": pupil })).await.problem(Code::AlreadyLinked);

    // Back to MAX: any own number of the account is taken, and only an own one.
    let linking = world.act(&olga, &linking, "max-link", json!({})).await.linking();
    let Step::Max(max) = &linking.step else { panic!("{linking:?}") };
    world.max_open(OLGA_IN_MAX, &max.url).await;
    world.until(&olga, &linking, |l| matches!(&l.step, Step::Max(m) if m.opened)).await;
    for (wish, trouble) in [
        (json!({ "forged_hash": true }), MaxTrouble::UnprovenContact),
        (json!({ "contact_user_id": 501_001 }), MaxTrouble::ForeignContact),
    ] {
        world.max_contact(OLGA_IN_MAX, wish).await;
        let told = |l: &Linking| matches!(&l.step, Step::Max(m) if m.trouble.as_ref() == Some(&trouble));
        world.until(&olga, &linking, told).await;
    }
    world.max_contact(OLGA_IN_MAX, json!({})).await;
    let asked = world.until(&olga, &linking, asks_whose_max).await;
    assert!(matches!(world.link_of(&olga, "Анна").await, LinkSummary::Linked { in_max: false, .. }));
    let linking = world.act(&olga, &asked, "max-number", json!({})).await.linking();
    assert!(matches!(&linking.step, Step::Linked(l) if l.in_max));
    assert!(matches!(world.link_of(&olga, "Анна").await, LinkSummary::Linked { in_max: true, .. }));
    world.act(&olga, &linking, "max-link", json!({})).await.problem(Code::WrongStep);
}

#[tokio::test]
async fn a_stranger_who_has_photographed_the_code_is_bound_by_nobody() {
    const STRANGER: i64 = 501_001;
    let (world, mail) = World::with_mail("none").await;
    let olga = world.sign_in("olga").await;
    let linking = world.to_made(&mail, &olga, ADDRESS).await;
    let url = |linking: &Linking| match &linking.step {
        Step::Max(max) => max.url.clone(),
        other => panic!("{other:?}"),
    };
    world.max_open(STRANGER, &url(&linking)).await;
    world.until(&olga, &linking, |l| matches!(&l.step, Step::Max(m) if m.opened)).await;
    world.max_contact(STRANGER, json!({})).await;
    let asked = world.until(&olga, &linking, asks_whose_max).await;
    let Step::Max(MaxStep { trouble: Some(MaxTrouble::ToConfirm { phone_masked, name_masked }), .. }) = &asked.step
    else {
        panic!("{asked:?}")
    };
    assert_eq!((phone_masked.as_str(), name_masked.as_str()), ("+7 900 •••-••-42", "Миша О."));
    // «Это не мой MAX»
    let anew = world.act(&olga, &asked, "max-link", json!({})).await.linking();
    assert!(matches!(&anew.step, Step::Max(max) if !max.opened && max.trouble.is_none()));
    world.act(&olga, &anew, "max-number", json!({})).await.problem(Code::WrongStep);
    let linked = world.finish_in_max(&olga, &anew, OLGA_IN_MAX).await;
    assert!(matches!(&linked.step, Step::Linked(linked) if linked.in_max));
    let pupil = world.pupil(&olga, "Анна").await;
    let max = world.profile(&olga, &pupil).await.max.unwrap();
    assert_ne!(max.name_masked.as_deref(), Some("Миша О."));
}

#[tokio::test]
async fn the_consent_is_recorded_and_the_password_is_a_hash() {
    let (mut world, mail) = World::with_mail("none").await;
    let olga = world.sign_in("olga").await;
    let linking = world.to_made(&mail, &olga, ADDRESS).await;
    let at = world.now().0;
    world.stop().await;
    let db = world.store().await;
    let (wording, given_at, linking_id, diary_user): (String, i64, String, String) = mostik_store::sql::query_as(
        "SELECT c.wording, c.given_at, c.linking_id, a.diary_user FROM consents c JOIN accounts a ON a.id = c.account_id",
    )
    .fetch_one(&mut db.reader().await.unwrap())
    .await
    .unwrap();
    assert_eq!((wording.as_str(), given_at), (mostik_service::linkings::consent::VERSION, at));
    assert_eq!((linking_id, diary_user.is_empty()), (linking.id.0, false));
    let hashes: Vec<String> =
        mostik_store::sql::query_scalar("SELECT password_hash FROM profiles WHERE password_hash IS NOT NULL")
            .fetch_all(&mut db.reader().await.unwrap())
            .await
            .unwrap();
    assert!(hashes.len() == 1 && hashes[0].starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hashes:?}");
    let left: i64 = mostik_store::sql::query_scalar("SELECT COUNT(*) FROM linkings WHERE state LIKE '%argon2%'")
        .fetch_one(&mut db.reader().await.unwrap())
        .await
        .unwrap();
    assert_eq!(left, 0);
    db.close().await;
    let files = std::fs::read_dir(world.dir.path()).unwrap();
    let bytes: Vec<u8> = files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect();
    assert!(!bytes.windows(PASSWORD.len()).any(|part| part == PASSWORD.as_bytes()));
}

#[tokio::test]
async fn two_children_with_one_address_are_told_so_and_another_address_goes_on() {
    let (world, mail) = World::with_mail("none").await;
    let olga = world.sign_in("olga").await;
    // Both prove the address before either has a profile.
    let lev = world.begin_for(&olga, "Лев").await;
    let lev = world.act(&olga, &lev, "contact", json!({ "contact": ADDRESS })).await.linking();
    let code = mail.letter(ADDRESS).await.code();
    let lev = world.try_code(&olga, &lev, &code).await.linking();
    let lev = world.act(&olga, &lev, "password", json!({ "password": PASSWORD })).await.linking();
    world.advance(MINUTE);
    world.to_made(&mail, &olga, ADDRESS).await;
    let levs = json!({
        "last_name": "Орлов", "first_name": "Лев", "middle_name": null, "birth_date": "2018-07-07", "gender": "male",
        "consent": mostik_service::linkings::consent::VERSION,
    });
    let lev = world.act(&olga, &lev, "details", levs).await.linking();
    assert_eq!(lev.step, Step::Taken { channel: Channel::Mail, contact_masked: "o•••@mail.test".into() });
    // And so is who comes with it afterwards.
    world.advance(2 * MINUTE);
    let lev = world.act(&olga, &lev, "contact", json!({ "contact": ADDRESS })).await.linking();
    let code = mail.letter(ADDRESS).await.code();
    let lev = world.try_code(&olga, &lev, &code).await.linking();
    assert_eq!(lev.step.name(), StepName::Taken);
    let lev = world.act(&olga, &lev, "contact", json!({ "contact": "lev@mail.test" })).await.linking();
    let code = mail.letter("lev@mail.test").await.code();
    let lev = world.try_code(&olga, &lev, &code).await.linking();
    assert_eq!(lev.step.name(), StepName::Password);
    assert!(matches!(world.link_of(&olga, "Анна").await, LinkSummary::Linked { .. }));
}

#[tokio::test]
async fn of_two_accounts_on_one_child_the_later_is_told_who_was_first() {
    let (world, mail) = World::with_mail("none").await;
    let (olga, anya) = (world.sign_in("olga").await, world.sign_in("anya").await);
    assert_eq!(world.me(&anya).await.account.role, Role::Pupil);
    let begun = world.begin_for(&anya, "Анна").await;
    let (linking, _) = world.to_mail_code(&mail, &olga, ADDRESS).await;
    assert_eq!(linking.id, begun.id);
    let stale = world.act(&anya, &begun, "contact", json!({ "contact": "anya@mail.test" })).await;
    assert_eq!(stale.problem(Code::StaleVersion).moved_by.as_deref(), Some("Ольга"));
    // One's own other window is nobody else.
    let stale = world.act(&olga, &begun, "contact", json!({ "contact": "anya@mail.test" })).await;
    assert_eq!(stale.problem(Code::StaleVersion).moved_by, None);
}
