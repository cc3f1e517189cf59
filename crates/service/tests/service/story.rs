//! The main job, and what stands at its edges.

use mostik_store::{
    family::{self, NewAccount, NewPupil},
    linkings,
};
use mostik_wire::{
    Channel, ClassChat, CloseReason, Code, Delivery, LessonChange, LinkSummary, Role, Schedule, Step, StepName,
};
use serde_json::json;

use crate::world::{Answer, DAY, World};

const PHONE: &str = "+7 900 000-12-42";
const MISHA_IN_MAX: i64 = 501_001;

#[tokio::test]
async fn what_is_no_request_of_the_contract_is_refused_as_a_problem() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let pupil = world.me(&app).await.pupils[0].id.clone();
    let url = |path: &str| format!("{}{path}", world.url());
    let nowhere = Answer::of(world.http.get(url("/v1/nowhere")).send().await.unwrap()).await;
    nowhere.problem(Code::NotFound);
    let wrong_method = Answer::of(world.http.delete(url("/v1/me")).send().await.unwrap()).await;
    wrong_method.problem(Code::NotFound);

    let send = async |key: Option<&str>, kind: &str, body: String| {
        let mut request =
            world.http.post(url("/v1/linkings")).bearer_auth(&app.access).header("content-type", kind).body(body);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        Answer::of(request.send().await.unwrap()).await
    };
    let good = json!({ "pupil": pupil }).to_string();
    for key in [None, Some("short"), Some("seventeen-chars-!"), Some(&"x".repeat(65)[..])] {
        send(key, "application/json", good.clone()).await.problem(Code::IdempotencyKeyMissing);
    }
    let key = Some("a-key-of-sixteen-or-more");
    send(key, "text/plain", good.clone()).await.problem(Code::MalformedRequest);
    for body in ["", "{", "[]", "{}", r#"{"pupil":1}"#, r#"{"pupil":"x","more":1}"#] {
        let problem = send(key, "application/json", body.into()).await.problem(Code::MalformedRequest);
        assert!(problem.detail.unwrap().starts_with("body: "));
    }
    let huge = format!("{{\"pupil\":\"{}\"}}", "x".repeat(20_000));
    send(key, "application/json", huge).await.problem(Code::MalformedRequest);
    assert_eq!(send(key, "application/json; charset=utf-8", good).await.status, 200);
}

#[tokio::test]
async fn nobody_reaches_anothers_pupil_or_linking() {
    let world = World::new().await;
    let (misha, liza) = (world.sign_in("misha").await, world.sign_in("liza").await);
    let linking = world.begin(&misha).await;
    let pupil = world.me(&misha).await.pupils[0].id.clone();
    world.post(&liza, "/v1/linkings", json!({ "pupil": pupil })).await.problem(Code::PupilNotYours);
    world.get(&liza, &format!("/v1/pupils/{}/schedule?date=2026-11-23", pupil.0)).await.problem(Code::PupilNotYours);
    world.get(&liza, &format!("/v1/linkings/{}", linking.id.0)).await.problem(Code::LinkingNotFound);
    world.get(&liza, &format!("/v1/linkings/{}/events", linking.id.0)).await.problem(Code::LinkingNotFound);
    for (what, body) in [
        ("contact", json!({ "contact": PHONE })),
        ("code", json!({ "code": "000000" })),
        ("resend", json!({})),
        ("confirm", json!({ "accept_other_name": true })),
        ("password", json!({ "password": "синий трамвай у моря" })),
        ("details", crate::by_mail::anyas_details()),
        ("profile-sign-in", json!({ "password": "x" })),
        ("recover", json!({})),
        ("recovery", json!({ "code": "00000000", "password": "синий трамвай у моря" })),
        ("max-link", json!({})),
        ("skip-max", json!({})),
        ("cancel", json!({})),
    ] {
        world.act(&liza, &linking, what, body).await.problem(Code::LinkingNotFound);
    }
    assert_eq!(world.linking(&misha, &linking.id.0).await.version, 1);
}

#[tokio::test]
async fn only_russian_mobile_numbers_are_taken() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let linking = world.begin(&app).await;
    for (phone, code) in [
        ("8 916", Code::PhoneMalformed),
        ("+7 495 123-45-67", Code::PhoneLandline),
        ("+375 29 123-45-67", Code::PhoneForeign),
        ("8 900 000-12-42 доб. 5", Code::PhoneExtension),
        ("8 900 000-12-4", Code::PhoneTooShort),
        ("4276 3800 1234 5678", Code::PhoneTooLong),
        ("8 9ОО 000-12-42", Code::PhoneMalformed),
        ("8 900 000-12-42, 8 900 000-12-17", Code::TwoNumbers),
        ("8 900 000-12-42, misha@mail.ru", Code::NumberAndAddress),
        ("misha@mail.ru, olga@mail.ru", Code::TwoAddresses),
        ("mishaщ@mail.ru", Code::EmailMixedAlphabets),
        ("misha@mail,ru", Code::EmailMalformed),
    ] {
        let problem = world.act(&app, &linking, "contact", json!({ "contact": phone })).await.problem(code);
        assert_eq!(problem.detail.as_deref(), Some("contact"));
    }
}

#[tokio::test]
async fn a_number_is_taken_out_of_what_stands_around_it() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let begun = world.begin(&app).await;
    let pasted = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Орлов;Миша\r\nTEL;TYPE=CELL:8 (900) 000-12-42\r\nEND:VCARD\r\n";
    let linking = world.act(&app, &begun, "contact", json!({ "contact": pasted })).await.linking();
    assert!(matches!(&linking.step, Step::Code(code) if code.contact == "+7 900 000-12-42"), "{linking:?}");
    world.sms_code(PHONE).await;
}

#[tokio::test]
async fn a_request_on_an_older_choice_is_stale_and_shows_the_present_one() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let begun = world.begin(&app).await;
    let (linking, _) = world.to_code(&app, PHONE).await;
    let stale =
        world.act(&app, &begun, "contact", json!({ "contact": "+79000000001" })).await.problem(Code::StaleVersion);
    assert_eq!(stale.linking.unwrap().step.name(), StepName::Code);
    let future = json!({ "version": 999 });
    world.post(&app, &format!("/v1/linkings/{}/cancel", linking.id.0), future).await.problem(Code::StaleVersion);
    assert_eq!(world.sms_count("+79000000001").await, 0);
}

#[tokio::test]
async fn every_step_refuses_what_it_does_not_serve() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let all = [
        "contact",
        "code",
        "resend",
        "confirm",
        "password",
        "details",
        "profile-sign-in",
        "recover",
        "recovery",
        "max-link",
        "skip-max",
        "cancel",
    ];
    let body_of = |what: &str| match what {
        "contact" => json!({ "contact": PHONE }),
        "code" => json!({ "code": "000000" }),
        "confirm" => json!({ "accept_other_name": false }),
        "password" | "profile-sign-in" => json!({ "password": "синий трамвай у моря" }),
        "details" => crate::by_mail::anyas_details(),
        "recovery" => json!({ "code": "00000000", "password": "синий трамвай у моря" }),
        _ => json!({}),
    };
    let refuses = async |served: &[&str]| {
        let linking = world.begin_or_last(&app).await;
        for what in all.iter().filter(|w| !served.contains(w)) {
            let problem = world.act(&app, &linking, what, body_of(what)).await.problem(Code::WrongStep);
            assert_eq!(problem.linking.unwrap().step.name(), linking.step.name(), "{what}");
        }
    };
    let begun = world.begin(&app).await;
    refuses(&["contact", "cancel"]).await;
    let (linking, code) = world.to_code(&app, PHONE).await;
    refuses(&["contact", "code", "resend", "cancel"]).await;
    let linking = world.act(&app, &linking, "code", json!({ "code": code })).await.linking();
    refuses(&["contact", "confirm", "cancel"]).await;
    let linking = world.act(&app, &linking, "confirm", json!({ "accept_other_name": false })).await.linking();
    refuses(&["contact", "max-link", "cancel"]).await;
    let closed = world.act(&app, &linking, "cancel", json!({})).await.linking();
    assert_eq!(closed.step, Step::Closed { reason: CloseReason::Cancelled });
    for what in all {
        world.act(&app, &closed, what, body_of(what)).await.problem(Code::WrongStep);
    }
    assert_eq!(begun.id, closed.id);
}

impl World {
    async fn begin_or_last(&self, app: &crate::world::App) -> mostik_wire::Linking {
        self.begin(app).await
    }
}

#[tokio::test]
async fn an_idle_linking_ends_after_thirty_days() {
    let world = World::new().await;
    let (app, timur) = (world.sign_in("misha").await, world.sign_in("timur").await);
    let (idle, of_timur) = (world.begin(&app).await, world.begin(&timur).await);
    world.advance(30 * DAY);
    let (app, timur) = (world.sign_in("misha").await, world.sign_in("timur").await);
    let mut events = world.events(&app, &idle.id.0).await;
    assert_eq!(events.next().await.unwrap().version, 1);
    let fresh = world.begin(&app).await;
    assert_ne!(fresh.id, idle.id);
    let expired = Step::Closed { reason: CloseReason::Expired };
    assert_eq!(world.linking(&app, &idle.id.0).await.step, expired);
    assert_eq!(events.next().await.unwrap().step, expired, "who still looks at it is told");
    let left = world.linking(&timur, &of_timur.id.0).await.step;
    assert_eq!(left, of_timur.step, "one person's request does not wait for what the sweep has to do");
}

#[tokio::test]
async fn the_sweep_ends_however_many_lie_idle() {
    let mut world = World::new().await;
    let store = world.store().await;
    let mut tx = store.write().await.unwrap();
    for nth in 0..2 * linkings::IDLE_AT_ONCE {
        let (pupil, student) = (format!("pupil-{nth}"), format!("student-{nth}"));
        let new = NewPupil {
            id: &pupil,
            diary_student: &student,
            diary_person: None,
            first_name: "Анна",
            last_name: "Орлова",
            middle_name: None,
            class_name: "8-Б",
            school: None,
            birth_date: None,
            gender: None,
        };
        let account = NewAccount {
            id: &pupil,
            diary_user: &student,
            first_name: "О",
            last_name: "О",
            role: Role::Parent,
            sealed_tokens: "",
        };
        family::keep_account(&mut tx, &account).await.unwrap();
        family::keep_pupils(&mut tx, &pupil, &[new]).await.unwrap();
        linkings::begin(&mut tx, &format!("linking-{nth}"), &pupil, &pupil, world.now()).await.unwrap();
    }
    tx.commit().await.unwrap();
    store.close().await;
    // The last of them in the order of the sweep.
    world.advance(1);
    let linking = world.begin(&world.sign_in("misha").await).await;
    world.stop().await;
    world.advance(30 * DAY);
    world.restart().await;
    let app = world.sign_in("misha").await;
    world.until(&app, &linking, |l| l.step == Step::Closed { reason: CloseReason::Expired }).await;
    let store = world.store().await;
    for nth in 0..2 * linkings::IDLE_AT_ONCE {
        let open = linkings::open_of(&mut store.reader().await.unwrap(), &format!("pupil-{nth}")).await.unwrap();
        assert_eq!(open, None);
    }
    store.close().await;
}

#[tokio::test]
async fn a_pupil_links_by_phone_and_max() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    assert_eq!(world.me(&app).await.pupils[0].link, LinkSummary::NotLinked);

    let begun = world.begin(&app).await;
    assert_eq!((begun.version, &begun.step), (1, &Step::Contact { former: None }));
    assert_eq!(world.begin(&app).await.id, begun.id, "an open linking is given back");
    let mut events = world.events(&app, &begun.id.0).await;
    assert_eq!(events.next().await.unwrap().version, 1);

    let linking = world.act(&app, &begun, "contact", json!({ "contact": "8 (900) 000-12-42" })).await.linking();
    let Step::Code(code_step) = &linking.step else { panic!("{linking:?}") };
    assert_eq!((code_step.channel, code_step.contact.as_str()), (Channel::Sms, "+7 900 000-12-42"));
    assert_eq!((code_step.tries_left, code_step.nth), (5, 1));
    assert_eq!(code_step.expires_at, world.now().plus(600_000));
    assert_eq!(code_step.resend_at, world.now().plus(60_000));
    let text = world.sms(PHONE).await;
    assert!(text.starts_with("Мостик: код ") && text.contains("Никому не сообщайте"), "{text}");
    let code: String = text.chars().filter(char::is_ascii_digit).take(6).collect();
    let delivered = |l: &mostik_wire::Linking| matches!(&l.step, Step::Code(c) if c.delivery == Delivery::Delivered);
    world.until(&app, &linking, delivered).await;
    assert!(matches!(
        &world.me(&app).await.pupils[0].link,
        LinkSummary::InProgress { linking, step: StepName::Code } if *linking == begun.id
    ));

    // What became known of the SMS meanwhile makes the request no older.
    let linking = world.act(&app, &linking, "code", json!({ "code": code })).await.linking();
    let Step::Profile(profile) = &linking.step else { panic!("{linking:?}") };
    assert_eq!((profile.contact_masked.as_str(), &profile.found), ("+7 900 •••-••-42", &None));
    let linking = world.act(&app, &linking, "confirm", json!({ "accept_other_name": false })).await.linking();
    let Step::Max(max) = linking.step.clone() else { panic!("{linking:?}") };
    assert_eq!((max.profile_name.as_deref(), max.opened, &max.trouble), (Some("Михаил О."), false, &None));
    assert_eq!(max.expires_at, world.now().plus(600_000));

    let mut heard = 0;
    world.max_open(MISHA_IN_MAX, &max.url).await;
    let asks = world.bot_says(MISHA_IN_MAX, &mut heard).await;
    assert!(asks["text"].as_str().unwrap().contains("Вы подключаете дневник: Михаил О., 8-Б."), "{asks}");
    assert!(asks["attachments"].to_string().contains("request_contact"), "{asks}");
    world.max_contact(MISHA_IN_MAX, json!({})).await;
    let done = world.bot_says(MISHA_IN_MAX, &mut heard).await;
    let return_link = format!("{}/return/{}", world.url(), max.return_handle);
    assert!(done["attachments"].to_string().contains(&return_link), "{done}");

    let linked = loop {
        let linking = events.next().await.unwrap();
        if linking.step.is_over() {
            break linking;
        }
    };
    let Step::Linked(link) = &linked.step else { panic!("{linked:?}") };
    assert_eq!((link.profile_name.as_str(), link.contact_masked.as_str()), ("Михаил О.", "+7 900 •••-••-42"));
    assert_eq!(link.sferum_url, format!("{}/sferum?profile={}", world.sandbox.get("max_link"), link.profile));
    assert!(
        matches!(&world.me(&app).await.pupils[0].link, LinkSummary::Linked { linking, .. } if *linking == begun.id)
    );
    let pupil = &world.me(&app).await.pupils[0].id;
    let again = world.post(&app, "/v1/linkings", json!({ "pupil": pupil })).await.problem(Code::AlreadyLinked);
    assert_eq!(again.linking.unwrap().id, begun.id);

    let page = Answer::of(world.http.get(return_link).send().await.unwrap()).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains(&format!("href=\"mostik://return/{}\"", max.return_handle)));
    assert!(!page.text.contains("Михаил"));
    let bad = world.http.get(format!("{}/return/%22%3E%3Cscript%3E", world.url())).send().await.unwrap();
    assert_eq!(bad.status(), 404);
}

#[tokio::test]
async fn a_found_profile_of_another_name_needs_an_explicit_yes() {
    let world = World::new().await;
    let profile = json!([{ "phone": "+79000001242", "first_name": "Ольга", "last_name": "Орлова", "role": "parent", "class_name": null }]);
    world.import(profile.clone()).await;
    world.import(profile).await;
    let app = world.sign_in("misha").await;
    let linking = world.to_profile(&app, PHONE).await;
    let Step::Profile(step) = &linking.step else { panic!("{linking:?}") };
    let found = step.found.clone().unwrap();
    assert_eq!((found.name_masked.as_str(), found.role, found.same_name), ("Ольга О.", Role::Parent, false));
    let no = json!({ "accept_other_name": false });
    world.act(&app, &linking, "confirm", no).await.problem(Code::OtherNameNotAccepted);
    let linking = world.act(&app, &linking, "confirm", json!({ "accept_other_name": true })).await.linking();
    assert!(matches!(&linking.step, Step::Max(m) if m.profile_name.as_deref() == Some("Ольга О.")));
}

#[tokio::test]
async fn a_day_at_school_comes_from_the_diary() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let pupil = world.me(&app).await.pupils[0].id.0.clone();
    for date in ["", "date=", "date=2026-02-30", "date=23.11.2026", "day=2026-11-23"] {
        let answer = world.get(&app, &format!("/v1/pupils/{pupil}/schedule?{date}")).await;
        answer.problem(Code::MalformedRequest);
    }
    let week = |date: &'static str| {
        let path = format!("/v1/pupils/{pupil}/schedule?date={date}");
        let (world, app) = (&world, &app);
        async move { serde_json::from_str::<Schedule>(&world.get(app, &path).await.text).unwrap() }
    };
    let told = week("2026-11-25").await;
    let dates: Vec<_> = told.days.iter().map(|day| day.date.as_str()).collect();
    let expected = (23..=29).map(|day| format!("2026-11-{day}")).collect::<Vec<_>>();
    assert_eq!(dates, expected, "Monday to Sunday, whichever day is asked for");
    assert_eq!((week("2026-11-23").await, week("2026-11-29").await), (told.clone(), told.clone()));
    assert!(told.day("2026-11-29").unwrap().lessons.is_empty());
    for day in &told.days[..5] {
        assert_eq!(day.lessons.iter().filter(|l| l.remote).count(), 1, "{day:?}");
        assert!(day.lessons.windows(2).all(|two| two[0].ends_at <= two[1].begins_at));
        assert!(
            day.lessons.iter().all(|l| l.room.is_some() != l.remote && l.join_url.is_some() == l.remote),
            "{day:?}"
        );
    }
    let lessons = || told.days.iter().flat_map(|day| &day.lessons);
    let ids: std::collections::BTreeSet<_> = lessons().map(|l| l.id.clone()).collect();
    assert_eq!(ids.len(), lessons().count());
    for change in [LessonChange::Cancelled, LessonChange::Replaced] {
        assert!(lessons().any(|l| l.change == Some(change)), "{change:?} in {told:?}");
    }
    assert!(lessons().any(|l| l.homework.is_some()) && lessons().any(|l| l.mark.is_none()));
}

#[tokio::test]
async fn a_calendar_that_gives_nothing_takes_no_lesson_away() {
    let world = World::with(&[("MOSTIK_DIARY_CALENDAR_URL", "http://127.0.0.1:9/calendar")]).await;
    let app = world.sign_in("misha").await;
    let pupil = world.me(&app).await.pupils[0].id.0.clone();
    let answer = world.get(&app, &format!("/v1/pupils/{pupil}/schedule?date=2026-11-23")).await;
    let week: Schedule = serde_json::from_str(&answer.text).unwrap();
    assert!(week.days[..5].iter().all(|day| day.lessons.len() >= 4), "{week:?}");
    assert!(week.days.iter().flat_map(|day| &day.lessons).all(|l| l.room.is_none() && l.join_url.is_none()));
}

#[tokio::test]
async fn class_chats_are_named_to_all_and_open_to_who_is_linked() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("chats.toml");
    let chats = "[[chat]]\nclass = \"8-Б\"\ntitle = \"8 «Б»\"\nurl = \"https://max.ru/join/8b\"\n\
                 [[chat]]\nclass = \"5-А\"\ntitle = \"5 «А»\"\nurl = \"https://max.ru/join/5a\"\n";
    std::fs::write(&file, chats).unwrap();
    let world = World::with(&[("MOSTIK_SFERUM_CHATS_FILE", file.to_str().unwrap())]).await;
    let app = world.sign_in("misha").await;
    let chat = |url: Option<&str>| ClassChat { title: "8 «Б»".into(), url: url.map(Into::into) };
    assert_eq!(world.me(&app).await.pupils[0].chats, [chat(None)]);
    world.to_max(&app, PHONE).await;
    assert_eq!(world.me(&app).await.pupils[0].chats, [chat(None)], "not before MAX has answered");
    let world = World::with(&[("MOSTIK_SFERUM_CHATS_FILE", file.to_str().unwrap())]).await;
    let app = world.sign_in("misha").await;
    world.to_linked(&app, PHONE, 501_001).await;
    assert_eq!(world.me(&app).await.pupils[0].chats, [chat(Some("https://max.ru/join/8b"))]);
}

#[tokio::test]
async fn a_row_that_cannot_be_is_logged_under_an_id_and_told_by_the_id_alone() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let (linking, _) = world.to_code(&app, PHONE).await;
    // The last word of the SMS centre: nothing writes to the row after it.
    world.until(&app, &linking, |l| matches!(&l.step, Step::Code(c) if c.delivery == Delivery::Delivered)).await;
    let db = world.store().await;
    let mut tx = db.write().await.unwrap();
    mostik_store::sql::query("UPDATE linkings SET state = REPLACE(state, '\"delivered\"', '\"by pigeon\"')")
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    db.close().await;
    let answer = world.get(&app, &format!("/v1/linkings/{}", linking.id.0)).await;
    let event = answer.problem(Code::Internal).event.unwrap();
    let parts: Vec<_> = event.split('-').map(str::len).collect();
    assert!(event.starts_with("M-") && parts == [1, 4, 2], "{event}");
    assert!(!answer.text.contains("linkings") && !answer.text.contains("pigeon"), "{answer:?}");
}
