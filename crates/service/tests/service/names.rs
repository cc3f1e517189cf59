//! Names as they are: the diary's go through unchanged everywhere, a typed one is held to what hurts nobody, and all are compared as
//! people mean them.

use mostik_wire::{Code, DetailsStep, Export, FullName, Gender, Linking, Step};
use serde_json::{Value, json};

use crate::{
    by_mail::{ADDRESS, PASSWORD, anyas_details, with},
    mail::Mail,
    owner::by_password,
    world::{App, World},
};

const PHONE: &str = "+79000001242";
const MISHA_IN_MAX: i64 = 501_001;

/// What the window sends when nobody has changed what the diary filled in.
fn as_filled_in(step: &DetailsStep) -> Value {
    json!({
        "last_name": step.last_name, "first_name": step.first_name, "middle_name": step.middle_name,
        "birth_date": step.birth_date, "gender": step.gender.unwrap_or(Gender::Female),
        "consent": mostik_service::linkings::consent::VERSION,
    })
}

impl World {
    /// The details of a pupil, by the pupil's id, with an address of their own.
    async fn to_details_of(&self, mail: &Mail, app: &App, pupil: &str, address: &str) -> (Linking, DetailsStep) {
        let begun = self.post(app, "/v1/linkings", json!({ "pupil": pupil })).await.linking();
        let linking = self.act(app, &begun, "contact", json!({ "contact": address })).await.linking();
        let code = mail.letter(address).await.code();
        let linking = self.try_code(app, &linking, &code).await.linking();
        let linking = self.act(app, &linking, "password", json!({ "password": PASSWORD })).await.linking();
        let Step::Details(step) = linking.step.clone() else { panic!("{linking:?}") };
        (linking, step)
    }

    async fn export(&self, app: &App, pupil: &str) -> (Value, String) {
        let answer = self.proven(app, pupil, "export", by_password(PASSWORD)).await;
        let export: Export = serde_json::from_str(&answer.text).unwrap();
        (serde_json::from_str(&export.json).unwrap(), export.html)
    }
}

#[tokio::test]
async fn what_hurts_somebody_is_refused_at_its_field_and_all_else_is_kept_in_one_form() {
    let (world, mail) = World::with_mail("none").await;
    let olga = world.sign_in("olga").await;
    let linking = world.to_details(&mail, &olga, ADDRESS).await;
    let long = "а".repeat(61);
    for text in [
        "Орлова2",
        "<b>Орлова</b>",
        "Орлова\nBcc: x@y.z",
        "Ор\u{200b}лова",
        "Ор\u{202e}лова",
        "*Орлова*",
        "-",
        "🙂",
        &long,
    ] {
        for field in ["last_name", "first_name", "middle_name"] {
            let problem = world.act(&olga, &linking, "details", with(anyas_details(), field, json!(text))).await;
            assert_eq!(problem.problem(Code::NameMalformed).detail.as_deref(), Some(field), "{text:?}");
        }
    }
    // The diary has these three, so none of them may be left empty.
    for field in ["last_name", "first_name", "middle_name"] {
        let problem = world.act(&olga, &linking, "details", with(anyas_details(), field, json!(" "))).await;
        assert_eq!(problem.problem(Code::NameMalformed).detail.as_deref(), Some(field));
    }
    let typed = with(anyas_details(), "last_name", json!(" Орлова – Д’Артаньян\u{a0}фон "));
    let typed = with(typed, "first_name", json!("О"));
    let typed = with(typed, "middle_name", json!("Гасан  Али кызы Андреи\u{306}вна"));
    world.act(&olga, &linking, "details", typed).await.linking();
    let anya = world.pupil(&olga, "Анна").await;
    let (held, _) = world.export(&olga, &anya).await;
    assert_eq!(held["profile"]["last_name"], "Орлова - Д'Артаньян фон");
    assert_eq!(held["profile"]["first_name"], "О");
    assert_eq!(held["profile"]["middle_name"], "Гасан Али кызы Андрейвна");
    assert_eq!(held["diary"]["last_name"], "Орлова");
}

#[tokio::test]
async fn every_child_gets_a_profile_in_the_very_name_that_the_diary_tells() {
    let (world, mail) = World::with_mail("none").await;
    let mut nth = 0;
    for login in ["constance", "hung", "gasan", "victoria", "layla", "dewi"] {
        let parent = world.sign_in(login).await;
        for pupil in world.me(&parent).await.pupils {
            nth += 1;
            let address = format!("child{nth}@mail.test");
            let (linking, told) = world.to_details_of(&mail, &parent, &pupil.id.0, &address).await;
            assert_eq!((&told.last_name, &told.first_name), (&pupil.last_name, &pupil.first_name));
            let done = world.act(&parent, &linking, "details", as_filled_in(&told)).await.linking();
            let name = FullName::new(&pupil.first_name, &pupil.last_name);
            let Step::Max(max) = &done.step else { panic!("{} is not made: {done:?}", name.whole()) };
            assert_eq!(max.profile_name.as_deref(), Some(name.masked().as_str()));
            let letter = mail.letter(&address).await;
            assert!(letter.text.contains(&format!("({})", name.masked())), "{}", letter.text);
            assert!(letter.html.contains(&name.masked().replace('\'', "&#39;")), "{}", letter.html);
            let (held, page) = world.export(&parent, &pupil.id.0).await;
            for part in ["last_name", "first_name", "middle_name"] {
                assert_eq!(held["profile"][part], held["diary"][part], "{part} of {}", name.whole());
            }
            assert_eq!(held["profile"]["last_name"], pupil.last_name);
            assert_eq!(held["profile"]["middle_name"], json!(told.middle_name));
            assert!(page.contains(&name.whole().replace('\'', "&#39;")), "{page}");
        }
    }
    assert_eq!(nth, 9);
}

#[tokio::test]
async fn the_same_name_is_known_however_it_is_spelt_and_another_one_is_not() {
    let world = World::new().await;
    let misha = world.sign_in("misha").await;
    for (nth, (first, last, same)) in [
        ("МИХАИЛ", "орлов", true),
        ("Михаил", "Opлов", true),
        (" Михаил\u{a0}", "Ор\u{ad}лов", true),
        ("", "Михаил Орлов", true),
        ("Михаил", "Орлова", false),
        ("Мишаил", "Орлов", false),
        ("Mikhail", "Orlov", false),
        ("", "Орлов", false),
    ]
    .into_iter()
    .enumerate()
    {
        let phone = format!("+7900000080{nth}");
        let profile = json!([{ "phone": phone, "first_name": first, "last_name": last, "role": "pupil" }]);
        world.import(profile).await;
        let linking = world.to_profile(&misha, &phone).await;
        let Step::Profile(step) = &linking.step else { panic!("{linking:?}") };
        assert_eq!(step.found.as_ref().unwrap().same_name, same, "{first} {last}");
        world.act(&misha, &linking, "cancel", json!({})).await;
    }
}

#[tokio::test]
async fn a_pupil_of_one_name_is_linked_by_phone() {
    let world = World::new().await;
    let budi = world.sign_in("budi").await;
    let me = world.me(&budi).await;
    assert_eq!((me.account.first_name.as_str(), me.account.last_name.as_str()), ("", "Сугиарто"));
    // The operator's register has the one name in the other column.
    let phone = "+79000005511";
    world.import(json!([{ "phone": phone, "first_name": "СУГИАРТО", "role": "pupil", "last_name": null }])).await;
    let linking = world.to_profile(&budi, phone).await;
    let Step::Profile(step) = &linking.step else { panic!("{linking:?}") };
    assert!(step.found.as_ref().unwrap().same_name);
    let linking = world.act(&budi, &linking, "confirm", json!({ "accept_other_name": false })).await.linking();
    let Step::Max(max) = &linking.step else { panic!("{linking:?}") };
    world.max_open(501_004, &max.url).await;
    let asked = world.bot_says(501_004, &mut 0).await;
    assert!(asked["text"].as_str().unwrap().contains("дневник: С., 9-А"), "{asked}");
}

#[tokio::test]
async fn what_the_diary_tells_breaks_no_header_no_sentence_and_no_page() {
    let (mut world, mail) = World::with_mail("none").await;
    let mut people: Value = serde_json::from_str(include_str!("../../../sandbox/world/default.json")).unwrap();
    let mut name = |login: &str, first: &str, last: &str, middle: &str| {
        let accounts = people["accounts"].as_array_mut().unwrap();
        let account = accounts.iter_mut().find(|account| account["login"] == login).unwrap();
        for (part, text) in [("first_name", first), ("last_name", last), ("middle_name", middle)] {
            account["person"][part] = json!(text);
        }
    };
    name("anya", "Аня\r\nBcc: all@mail.test\r\n\r\n<b>*Да*</b>\u{202e}", "\u{2067}\nОр'лова\"", "<i>-</i>\u{0}");
    name("misha", "[Миша](http://x)\n\n/start", "`О`рлов", "—");
    name("olga", "", "Орлова", "");
    world.renew_sandbox_with(mostik_sandbox::World::from_json(&people.to_string()).unwrap()).await;

    let (olga, anya) = (world.sign_in("olga").await, world.sign_in("anya").await);
    let pupil = world.me(&anya).await.pupils.remove(0);
    let (linking, told) = world.to_details_of(&mail, &olga, &pupil.id.0, ADDRESS).await;
    world.act(&olga, &linking, "details", as_filled_in(&told)).await.linking();
    let letter = mail.letter(ADDRESS).await;
    assert_eq!(letter.envelope["to"], json!([ADDRESS]));
    assert_eq!((letter.header("Bcc"), letter.subject.as_str()), (None, "Мостик: учебный профиль связан с дневником"));
    assert!(
        letter.text.starts_with("Учебный профиль (Аня  Bcc: all@mail.test    <b>*Да*</b> О.) связан"),
        "{}",
        letter.text
    );
    assert!(!letter.html.contains("<b>") && letter.html.contains("&lt;b&gt;"), "{}", letter.html);
    let (held, page) = world.export(&olga, &pupil.id.0).await;
    assert_eq!(
        (&held["profile"]["first_name"], &held["diary"]["first_name"]),
        (&json!(told.first_name), &json!(told.first_name))
    );
    // PostgreSQL keeps no U+0000, so neither of the two does.
    assert_eq!(held["profile"]["middle_name"], "<i>-</i>\u{fffd}");
    assert!(!page.contains("<b>") && !page.contains("<i>"), "{page}");
    // Who has a surname alone is called by it.
    let log = world.log(&anya, &pupil.id.0).await;
    assert!(log.events.iter().any(|event| event.by.as_deref() == Some("Орлова")), "{log:?}");
    let again = world.act(&anya, &linking, "password", json!({ "password": PASSWORD })).await;
    assert_eq!(again.problem(Code::StaleVersion).moved_by.as_deref(), Some("Орлова"));

    let misha = world.sign_in("misha").await;
    let linking = world.to_max(&misha, PHONE).await;
    let Step::Max(max) = &linking.step else { panic!("{linking:?}") };
    world.max_open(MISHA_IN_MAX, &max.url).await;
    let asked = world.bot_says(MISHA_IN_MAX, &mut 0).await;
    let text = asked["text"].as_str().unwrap();
    assert!(text.starts_with("Вы подключаете дневник: [Миша](http://x)  /start О., 8-Б. Если"), "{text}");
    assert!(asked["format"].is_null(), "the text is no markup: {asked}");
}
