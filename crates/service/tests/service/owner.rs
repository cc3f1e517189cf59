//! A linked profile in the hands of its people: what proves them, taking the data away, unlinking.

use futures_util::future::join_all;
use mostik_wire::{Code, Delivery, Export, LinkSummary, LogKind, Profile, SecurityLog, Step, StepName};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::{
    by_mail::{ADDRESS, PASSWORD},
    world::{Answer, App, DAY, MINUTE, World},
};

const PHONE: &str = "+79000001242";
const MISHA_IN_MAX: i64 = 501_001;

pub fn by_password(password: &str) -> Value {
    json!({ "by": "password", "password": password })
}

pub fn by_code(code: &str) -> Value {
    json!({ "by": "code", "code": code })
}

impl Answer {
    pub fn profile(&self) -> Profile {
        assert_eq!(self.status, StatusCode::OK, "{self:?}");
        serde_json::from_str(&self.text).unwrap()
    }
}

impl World {
    pub async fn pupil(&self, app: &App, first_name: &str) -> String {
        let me = self.me(app).await;
        me.pupils.iter().find(|p| p.first_name == first_name).unwrap().id.0.clone()
    }

    pub async fn profile(&self, app: &App, pupil: &str) -> Profile {
        self.get(app, &format!("/v1/pupils/{pupil}/profile")).await.profile()
    }

    pub async fn log(&self, app: &App, pupil: &str) -> SecurityLog {
        let answer = self.get(app, &format!("/v1/pupils/{pupil}/security")).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        serde_json::from_str(&answer.text).unwrap()
    }

    pub async fn own(&self, app: &App, pupil: &str, what: &str, body: Value) -> Answer {
        self.post(app, &format!("/v1/pupils/{pupil}/profile/{what}"), body).await
    }

    pub async fn proven(&self, app: &App, pupil: &str, what: &str, proof: Value) -> Answer {
        let profile = self.profile(app, pupil).await.id;
        self.own(app, pupil, what, json!({ "profile": profile, "proof": proof })).await
    }

    /// Asks for a code and answers with it.
    pub async fn owner_code(&self, app: &App, pupil: &str, phone: &str) -> String {
        let profile = self.profile(app, pupil).await.id;
        self.own(app, pupil, "code", json!({ "profile": profile })).await.profile();
        self.sms_code(phone).await
    }
}

fn other_than(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

#[tokio::test]
async fn nobody_reaches_anothers_profile_nor_one_that_is_not_linked() {
    let (world, mail) = World::with_mail("none").await;
    let (olga, liza) = (world.sign_in("olga").await, world.sign_in("liza").await);
    let (anya, lev) = (world.pupil(&olga, "Анна").await, world.pupil(&olga, "Лев").await);
    world.to_made(&mail, &olga, ADDRESS).await;
    let profile = world.profile(&olga, &anya).await;
    assert_eq!((profile.name_masked.as_str(), profile.contact_masked.as_str()), ("Анна О.", "o•••@mail.test"));
    assert!(profile.has_password && profile.max.is_none() && profile.code.is_none() && profile.deletes_at.is_none());
    let proof = by_password(PASSWORD);
    for (app, pupil, id, refusal) in [
        (&liza, &anya, &profile.id, Code::PupilNotYours),
        (&olga, &lev, &profile.id, Code::NotLinked),
        (&olga, &anya, &"1000000000".to_owned(), Code::NotLinked),
    ] {
        for what in ["code", "keep"] {
            world.own(app, pupil, what, json!({ "profile": id })).await.problem(refusal);
        }
        for what in ["export", "unlink", "deletion"] {
            world.own(app, pupil, what, json!({ "profile": id, "proof": proof })).await.problem(refusal);
        }
    }
    world.get(&liza, &format!("/v1/pupils/{anya}/profile")).await.problem(Code::PupilNotYours);
    world.get(&olga, &format!("/v1/pupils/{lev}/profile")).await.problem(Code::NotLinked);
    for broken in [json!({ "by": "nothing" }), json!({ "by": "code", "code": "12345" }), json!("x"), Value::Null] {
        world.proven(&olga, &anya, "unlink", broken).await.problem(Code::MalformedRequest);
    }
    assert!(mail.left_unread().await.is_empty(), "a refusal tells nobody anything");
}

#[tokio::test]
async fn a_wrong_password_is_counted_with_those_of_the_sign_in_and_nothing_is_done() {
    let (world, mail) = World::with_mail("none").await;
    let olga = world.sign_in("olga").await;
    world.to_made(&mail, &olga, ADDRESS).await;
    let anya = world.pupil(&olga, "Анна").await;
    for left in (0..10).rev() {
        let problem = world.proven(&olga, &anya, "unlink", by_password("не тот пароль")).await;
        assert_eq!(problem.problem(Code::PasswordWrong).tries_left, Some(left));
    }
    let blocked = world.proven(&olga, &anya, "unlink", by_password(PASSWORD)).await.problem(Code::PasswordBlocked);
    assert_eq!(blocked.retry_at.unwrap().since(world.now()), DAY);
    let long = by_password(&"ы".repeat(1000));
    world.proven(&olga, &anya, "unlink", long).await.problem(Code::PasswordTooLong);
    assert!(matches!(world.link_of(&olga, "Анна").await, LinkSummary::Linked { .. }));
    assert!(mail.left_unread().await.is_empty());
}

#[tokio::test]
async fn a_code_proves_once_in_time_and_only_what_it_was_sent_for() {
    let world = World::new().await;
    let misha = world.sign_in("misha").await;
    let (linking, first) = world.to_code(&misha, PHONE).await;
    let linking = world.act(&misha, &linking, "code", json!({ "code": first })).await.linking();
    let linking = world.act(&misha, &linking, "confirm", json!({ "accept_other_name": true })).await.linking();
    world.finish_in_max(&misha, &linking, MISHA_IN_MAX).await;
    let pupil = world.pupil(&misha, "Михаил").await;
    assert!(!world.profile(&misha, &pupil).await.has_password);
    world.proven(&misha, &pupil, "unlink", by_password(PASSWORD)).await.problem(Code::PasswordWrong);
    // The code that proved the number proves nothing more.
    world.proven(&misha, &pupil, "unlink", by_code(&first)).await.problem(Code::CodeTriesUsedUp);

    let code = world.owner_code(&misha, &pupil, PHONE).await;
    let known = world.profile(&misha, &pupil).await;
    let sent = known.code.unwrap();
    assert_eq!(sent.expires_at.since(world.now()), 10 * MINUTE);
    assert_eq!((sent.tries_left, known.resend_at.unwrap().since(world.now())), (5, MINUTE));
    let problem = world.proven(&misha, &pupil, "unlink", by_code(&other_than(&code))).await.problem(Code::CodeWrong);
    assert_eq!(problem.tries_left, Some(4));
    let profile = world.profile(&misha, &pupil).await.id;
    world.own(&misha, &pupil, "code", json!({ "profile": profile })).await.problem(Code::ResendTooEarly);
    world.advance(MINUTE);
    let second = world.owner_code(&misha, &pupil, PHONE).await;
    world.proven(&misha, &pupil, "unlink", by_code(&code)).await.problem(Code::CodeSuperseded);
    world.advance(10 * MINUTE);
    let misha = world.sign_in("misha").await;
    world.proven(&misha, &pupil, "unlink", by_code(&second)).await.problem(Code::CodeExpired);
    assert!(world.profile(&misha, &pupil).await.code.is_none(), "what no longer works is not shown");
    let third = world.owner_code(&misha, &pupil, PHONE).await;
    world.proven(&misha, &pupil, "export", by_code(&third)).await;
    // What was spent on the export opens nothing else.
    world.proven(&misha, &pupil, "unlink", by_code(&third)).await.problem(Code::CodeTriesUsedUp);
    assert!(matches!(world.link_of(&misha, "Михаил").await, LinkSummary::Linked { .. }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_right_codes_at_once_one_unlinks() {
    let world = World::new().await;
    let misha = world.sign_in("misha").await;
    world.to_linked(&misha, PHONE, MISHA_IN_MAX).await;
    let pupil = world.pupil(&misha, "Михаил").await;
    let code = world.owner_code(&misha, &pupil, PHONE).await;
    let profile = world.profile(&misha, &pupil).await.id;
    let body = json!({ "profile": profile, "proof": by_code(&code) });
    let all = join_all((0..32).map(|_| world.own(&misha, &pupil, "unlink", body.clone()))).await;
    assert_eq!(all.iter().filter(|answer| answer.status == StatusCode::OK).count(), 1, "{all:?}");
    assert_eq!(world.link_of(&misha, "Михаил").await, LinkSummary::NotLinked);
}

#[tokio::test]
async fn a_repeated_unlink_is_answered_as_the_first_and_told_once() {
    let (world, mail) = World::with_mail("none").await;
    let olga = world.sign_in("olga").await;
    let linking = world.to_made(&mail, &olga, ADDRESS).await;
    let anya = world.pupil(&olga, "Анна").await;
    let profile = world.profile(&olga, &anya).await.id;
    let body = json!({ "profile": profile, "proof": by_password(PASSWORD) });
    let (path, key) = (format!("/v1/pupils/{anya}/profile/unlink"), world.new_key());
    let first = world.post_with_key(&olga, &path, &key, body.clone()).await;
    let second = world.post_with_key(&olga, &path, &key, body).await;
    assert_eq!((first.status, &first.text), (StatusCode::OK, &second.text));
    let letter = mail.letter(ADDRESS).await;
    assert_eq!(letter.subject, "Мостик: учебный профиль отвязан от дневника");
    for said in ["Анна О.", "23.11.2026, 09:00", "свяжите их снова"] {
        assert!(letter.text.contains(said), "{said}: {}", letter.text);
    }
    assert!(mail.left_unread().await.is_empty());
    assert_eq!(world.linking(&olga, &linking.id.0).await.step.name(), StepName::Closed);

    // The profile is there still: its password links it again at once.
    world.advance(MINUTE);
    let again = world.to_proven(&mail, &olga, ADDRESS).await;
    assert_eq!(again.step.name(), StepName::Exists);
    let again = world.act(&olga, &again, "profile-sign-in", json!({ "password": PASSWORD })).await.linking();
    world.act(&olga, &again, "confirm", json!({ "accept_other_name": false })).await.linking();
    assert_eq!(world.profile(&olga, &anya).await.id, profile);
}

#[tokio::test]
async fn who_unlinks_is_told_in_max_and_may_link_another_number_with_the_same_account_there() {
    let world = World::new().await;
    let misha = world.sign_in("misha").await;
    world.to_linked(&misha, PHONE, MISHA_IN_MAX).await;
    let pupil = world.pupil(&misha, "Михаил").await;
    let mut heard = 0;
    while !world.bot_says(MISHA_IN_MAX, &mut heard).await["text"].as_str().unwrap().contains("Готово") {}
    let code = world.owner_code(&misha, &pupil, PHONE).await;
    let answer = world.proven(&misha, &pupil, "unlink", by_code(&code)).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    let said = world.bot_says(MISHA_IN_MAX, &mut heard).await;
    assert!(said["text"].as_str().unwrap().contains("отвязан от школьного дневника"), "{said}");
    world.advance(MINUTE);
    let linking = world.to_max(&misha, "+79000009999").await;
    let Step::Max(max) = &linking.step else { panic!("{linking:?}") };
    world.max_open(MISHA_IN_MAX, &max.url).await;
    world.until(&misha, &linking, |l| matches!(&l.step, Step::Max(max) if max.opened)).await;
    world.max_contact(MISHA_IN_MAX, json!({ "phone": "79000009999" })).await;
    world.until(&misha, &linking, |l| l.step.is_over()).await;
    let max = world.profile(&misha, &pupil).await.max.unwrap();
    assert_eq!((max.name_masked.as_deref(), max.since), (Some("Миша О."), world.now()));
}

#[tokio::test]
async fn the_export_holds_everything_twice_and_the_address_is_told() {
    let (world, mail) = World::with_mail("none").await;
    let olga = world.sign_in("olga").await;
    world.to_made(&mail, &olga, ADDRESS).await;
    let anya = world.pupil(&olga, "Анна").await;
    let answer = world.proven(&olga, &anya, "export", by_password(PASSWORD)).await;
    let export: Export = serde_json::from_str(&answer.text).unwrap();
    let profile = world.profile(&olga, &anya).await.id;
    assert_eq!(export.name, format!("mostik-{profile}-2026-11-23"));
    let json: Value = serde_json::from_str(&export.json).unwrap();
    for (pointer, value) in [
        ("/format", json!("mostik-export-1")),
        ("/made_at", json!("2026-11-23T06:00:00Z")),
        ("/profile/id", json!(profile)),
        ("/profile/email", json!(ADDRESS)),
        ("/profile/first_name", json!("Анна")),
        ("/profile/middle_name", json!("Сергеевна")),
        ("/profile/birth_date", json!("2015-03-03")),
        ("/profile/gender", json!("female")),
        ("/profile/has_password", json!(true)),
        ("/diary/class_name", json!("5-А")),
        ("/link/in_max", json!(false)),
        ("/link/in_vk", json!(false)),
        ("/linkings/0/step", json!("max")),
        ("/consents/0/given_by", json!("Ольга Орлова")),
        ("/consents/0/wording", json!(mostik_service::linkings::consent::VERSION)),
        ("/seen_by/0/role", json!("parent")),
        ("/sessions/0/role", json!("parent")),
        ("/messages/0/kind", json!("mail")),
    ] {
        assert_eq!(json.pointer(pointer), Some(&value), "{pointer} of {}", export.json);
    }
    let way = json["messages"][0]["events"].as_array().unwrap();
    assert!(way.iter().any(|event| event["event"] == "proven" && event["times"] == 1), "{way:?}");
    for said in [ADDRESS, "Анна", "Сергеевна", "2015-03-03", "женский", "Ольга Орлова", "Школа", "lang=\"ru\""]
    {
        assert!(export.html.contains(said), "{said}: {}", export.html);
    }
    for secret in ["argon2", PASSWORD, "<script"] {
        assert!(!export.html.contains(secret) && !export.json.contains(secret), "{secret}");
    }
    let letter = mail.letter(ADDRESS).await;
    assert_eq!(letter.subject, "Мостик: сведения об учебном профиле сохранены");
    let english = world.proven(&olga.in_english(), &anya, "export", by_password(PASSWORD)).await;
    let export: Export = serde_json::from_str(&english.text).unwrap();
    assert!(export.html.contains("What Mostik holds") && export.html.contains("female"), "{}", export.html);
}

#[tokio::test]
async fn the_way_of_a_code_is_shown() {
    let (world, mail) = World::with_mail("none").await;
    let olga = world.sign_in("olga").await;
    let linking = world.to_made(&mail, &olga, ADDRESS).await;
    let anya = world.pupil(&olga, "Анна").await;
    let profile = world.profile(&olga, &anya).await;
    world.own(&olga, &anya, "code", json!({ "profile": profile.id })).await.profile();
    let letter = mail.letter(ADDRESS).await;
    assert!(letter.subject.contains("для действия с профилем"), "{}", letter.subject);
    let mut events = world.events(&olga, &linking.id.0).await;
    while world.profile(&olga, &anya).await.code.unwrap().delivery != Delivery::Sent {
        events.next().await.expect("the linking's events go on");
    }
}

#[tokio::test]
async fn what_happens_stands_in_the_history_with_who_and_nobody_elses_is_shown() {
    let (world, mail) = World::with_mail("none").await;
    let (olga, anya_herself) = (world.sign_in("olga").await, world.sign_in("anya").await);
    world.advance(MINUTE);
    world.to_made(&mail, &olga, ADDRESS).await;
    let (anya, lev) = (world.pupil(&olga, "Анна").await, world.pupil(&olga, "Лев").await);
    world.advance(MINUTE);
    world.proven(&olga, &anya, "export", by_password(PASSWORD)).await;
    world.advance(MINUTE);
    world.proven(&olga, &anya, "unlink", by_password(PASSWORD)).await;
    let log = world.log(&anya_herself, &anya).await;
    let told: Vec<_> = log.events.iter().map(|event| (event.kind, event.by.as_deref())).collect();
    use LogKind::{Exported, Linked, SignedIn, Unlinked};
    assert_eq!(told[..3], [(Unlinked, Some("Ольга")), (Exported, Some("Ольга")), (Linked, Some("Ольга"))]);
    assert!(told.contains(&(SignedIn, None)) && told.contains(&(SignedIn, Some("Ольга"))), "{told:?}");
    assert_eq!(log.events[0].at, world.now());
    // A brother's log knows nothing of it, and a stranger sees none.
    assert!(world.log(&olga, &lev).await.events.iter().all(|event| event.kind == SignedIn));
    let liza = world.sign_in("liza").await;
    world.get(&liza, &format!("/v1/pupils/{anya}/security")).await.problem(Code::PupilNotYours);
}

#[tokio::test]
async fn a_session_is_ended_by_its_own_account_alone_one_or_all() {
    let world = World::new().await;
    let (here, there, liza) = (world.sign_in("misha").await, world.sign_in("misha").await, world.sign_in("liza").await);
    let pupil = world.pupil(&here, "Михаил").await;
    let sessions = world.log(&here, &pupil).await.sessions;
    assert_eq!(sessions.iter().map(|s| s.present).collect::<Vec<_>>(), [true, false]);
    let end = async |app: &App, which: Value| {
        let answer = world.post(app, "/v1/sessions/end", json!({ "session": which })).await;
        answer.json()["ended"].as_u64().unwrap()
    };
    assert_eq!(end(&liza, json!(sessions[1].id)).await, 0, "another's session is none of hers");
    assert_eq!(end(&here, json!("no-such-session")).await, 0);
    assert_eq!(world.get(&there, "/v1/me").await.status, StatusCode::OK);
    assert_eq!(end(&here, json!(sessions[1].id)).await, 1);
    world.get(&there, "/v1/me").await.problem(Code::SessionEnded);
    assert_eq!(world.log(&here, &pupil).await.sessions.len(), 1);
    let third = world.sign_in("misha").await;
    assert_eq!(end(&here, Value::Null).await, 2);
    for ended in [&here, &third] {
        world.get(ended, "/v1/me").await.problem(Code::SessionEnded);
    }
    assert_eq!(world.get(&liza, "/v1/me").await.status, StatusCode::OK);
}
