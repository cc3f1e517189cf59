//! Temporary: brings one pupil to each step and writes the database down.
use mostik_wire::{Linking, Step, StepName};
use serde_json::{Value, json};

use crate::{
    by_mail::{PASSWORD, with},
    mail::Mail,
    owner::{by_code, by_password},
    world::{App, MINUTE, World},
};

async fn mail_code(world: &World, mail: &Mail, app: &App, first: &str, address: &str) -> (Linking, String) {
    let begun = world.begin_for(app, first).await;
    let linking = world.act(app, &begun, "contact", json!({ "contact": address })).await.linking();
    (linking, mail.letter(address).await.code())
}

async fn mail_proven(world: &World, mail: &Mail, app: &App, first: &str, address: &str) -> Linking {
    let (linking, code) = mail_code(world, mail, app, first, address).await;
    world.act(app, &linking, "code", json!({ "code": code })).await.linking()
}

fn details(first: &str, last: &str, middle: Option<&str>, birth: &str) -> Value {
    json!({ "last_name": last, "first_name": first, "middle_name": middle, "birth_date": birth, "gender": "female",
        "consent": mostik_service::linkings::consent::VERSION })
}

#[tokio::test]
async fn write() {
    let (world, mail) = World::with_mail_and("none", &[("MOSTIK_MESSENGERS", "max vk")]).await;
    let mut codes = Vec::new();
    // budi: linked in MAX, unlinked, and the former contact is asked (code, known).
    let budi = world.sign_in("budi").await;
    let linked = world.to_linked(&budi, "+79000005511", 501_004).await;
    assert_eq!(linked.step.name(), StepName::Linked);
    let pupil = world.me(&budi).await.pupils[0].id.0.clone();
    world.advance(16 * MINUTE);
    let budi = world.sign_in("budi").await;
    let code = world.owner_code(&budi, &pupil, "+79000005511").await;
    world.proven(&budi, &pupil, "unlink", by_code(&code)).await;
    world.advance(6 * MINUTE);
    let begun = world.begin(&budi).await;
    let former = world.act(&budi, &begun, "former", json!({})).await.linking();
    assert_eq!(former.step.name(), StepName::Code);
    codes.push(("budi", world.sms_code("+79000005511").await));
    // misha: linked in MAX and VK; an owner code is outstanding.
    let misha = world.sign_in("misha").await;
    let linked = world.to_linked(&misha, "+79000001242", 501_001).await;
    world.bind_vk(&misha, &linked, "710001").await;
    let pupil = world.me(&misha).await.pupils[0].id.0.clone();
    world.advance(6 * MINUTE);
    codes.push(("misha", world.owner_code(&misha, &pupil, "+79000001242").await));
    // olga: anya at details, lev at a code by mail that was tried wrongly once.
    let olga = world.sign_in("olga").await;
    let anya = mail_proven(&world, &mail, &olga, "Анна", "anya@mail.test").await;
    let anya = world.act(&olga, &anya, "password", json!({ "password": PASSWORD })).await.linking();
    assert_eq!(anya.step.name(), StepName::Details);
    let (lev, code) = mail_code(&world, &mail, &olga, "Лев", "lev@mail.test").await;
    let wrong = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
    world.act(&olga, &lev, "code", json!({ "code": wrong })).await;
    codes.push(("lev", code));
    // charles: a password is awaited.
    let charles = mail_proven(&world, &mail, &world.sign_in("constance").await, "Шарль", "charles@mail.test").await;
    assert_eq!(charles.step.name(), StepName::Password);
    // linh: her address has a profile; yn: a recovery.
    let profile = |email: &str, first: &str, last: &str| json!({ "email": email, "first_name": first, "last_name": last, "role": "pupil", "class_name": "5-А" });
    world.import(json!([profile("linh@mail.test", "Кхань Линь", "Нгуен Тхи"), profile("yn@mail.test", "Ын", "Чен"),
        profile("leyla@mail.test", "Лейла", "Алиева")])).await;
    let hung = world.sign_in("hung").await;
    let linh = mail_proven(&world, &mail, &hung, "Кхань Линь", "linh@mail.test").await;
    assert_eq!(linh.step.name(), StepName::Exists);
    let yn = mail_proven(&world, &mail, &hung, "Ын", "yn@mail.test").await;
    world.act(&hung, &yn, "recover", json!({})).await.linking();
    codes.push(("yn", mail.letter("yn@mail.test").await.code()));
    // leyla: signed in to her profile by mail; sonya: made, at MAX with VK begun.
    let gasan = world.sign_in("gasan").await;
    let leyla = mail_proven(&world, &mail, &gasan, "Лейла", "leyla@mail.test").await;
    let leyla = world.act(&gasan, &leyla, "recover", json!({})).await.linking();
    let code = mail.letter("leyla@mail.test").await.code();
    let leyla = world.act(&gasan, &leyla, "recovery", json!({ "code": code, "password": PASSWORD })).await.linking();
    assert_eq!(leyla.step.name(), StepName::Profile);
    let sonya = mail_proven(&world, &mail, &gasan, "Соня", "sonya@mail.test").await;
    let sonya = world.act(&gasan, &sonya, "password", json!({ "password": PASSWORD })).await.linking();
    let sonya = world.act(&gasan, &sonya, "details", details("Соня", "Ким-2 (Алиева)", Some("-"), "2018-12-12")).await.linking();
    assert_eq!(sonya.step.name(), StepName::Max);
    world.begin_vk(&gasan, &sonya).await;
    // alexandrina: made, MAX skipped, deletion asked for.
    let victoria = world.sign_in("victoria").await;
    let first = "Александрина-Виктория-Екатерина";
    let last = "Константинопольская-Задунайская-Преображенская-Новосвятогорская";
    let alex = mail_proven(&world, &mail, &victoria, first, "alex@mail.test").await;
    let alex = world.act(&victoria, &alex, "password", json!({ "password": PASSWORD })).await.linking();
    let alex = world.act(&victoria, &alex, "details", details(first, last, Some("Константиновна"), "2015-02-28")).await.linking();
    let alex = world.act(&victoria, &alex, "skip-max", json!({})).await.linking();
    assert_eq!(alex.step.name(), StepName::Linked);
    let pupil = world.me(&victoria).await.pupils[0].id.0.clone();
    assert_eq!(world.proven(&victoria, &pupil, "deletion", by_password(PASSWORD)).await.status, 200);
    // liza: at MAX for her number; another number answered there, and VK was refused.
    let liza = world.sign_in("liza").await;
    let at_max = world.to_max(&liza, "+79000002357").await;
    let Step::Max(step) = &at_max.step else { panic!() };
    world.max_open(501_005, &step.url).await;
    world.until(&liza, &at_max, |l| matches!(&l.step, Step::Max(m) if m.opened)).await;
    world.max_contact(501_005, json!({})).await;
    let at_max = world.until(&liza, &at_max, |l| matches!(&l.step, Step::Max(m) if m.trouble.is_some())).await;
    let begun = world.begin_vk(&liza, &at_max).await;
    world.through_vk(&crate::through_vk::url_of(&begun), None).await;
    // timur: MAX is to prove the number; a cancelled linking before that.
    let timur = world.sign_in("timur").await;
    let begun = world.begin(&timur).await;
    world.act(&timur, &begun, "cancel", json!({})).await.linking();
    let begun = world.begin(&timur).await;
    world.act(&timur, &begun, "max-proof", json!({})).await.linking();
    // omar: the number is another pupil's; david: proven in MAX, at the profile.
    let layla = world.sign_in("layla").await;
    world.advance(4 * MINUTE);
    let omar = world.begin_for(&layla, "عمر").await;
    let omar = world.act(&layla, &omar, "contact", json!({ "contact": "+79000001242" })).await.linking();
    let code = world.sms_code("+79000001242").await;
    let omar = world.act(&layla, &omar, "code", json!({ "code": code })).await.linking();
    assert_eq!(omar.step.name(), StepName::Taken);
    let david = world.begin_for(&layla, "דוד").await;
    let david = world.act(&layla, &david, "max-proof", json!({})).await.linking();
    let Step::Max(step) = &david.step else { panic!() };
    world.max_open(501_003, &step.url).await;
    world.until(&layla, &david, |l| matches!(&l.step, Step::Max(m) if m.opened)).await;
    world.max_contact(501_003, json!({})).await;
    world.until(&layla, &david, |l| l.step.name() == StepName::Profile).await;
    // putri: only begun.
    world.begin_for(&world.sign_in("dewi").await, "Путри").await;

    let mut answers = serde_json::Map::new();
    for login in ["misha", "liza", "timur", "budi", "olga", "constance", "hung", "gasan", "victoria", "layla", "dewi"] {
        let app = world.sign_in(login).await;
        let all = world.get(&app, "/v1/linkings").await.json();
        let mut profiles = serde_json::Map::new();
        for pupil in &world.me(&app).await.pupils {
            let path = format!("/v1/pupils/{}/profile", pupil.id.0);
            let request = world.http.get(format!("{}{path}", world.url())).bearer_auth(&app.access);
            profiles.insert(pupil.id.0.clone(), request.send().await.unwrap().json().await.unwrap());
        }
        answers.insert(login.to_owned(), json!({ "access": app.access, "linkings": all, "profiles": profiles }));
    }
    let written = json!({ "now": world.now().0, "answers": answers, "codes": codes, "url": world.url(),
        "max": world.sandbox.get("max_link"), "vk": world.sandbox.get("vk"), "vk_link": world.sandbox.get("vk_link") });
    let path = world.db_path();
    let mut world = world;
    world.stop().await;
    let to = std::env::var("FIXTURE").unwrap();
    std::fs::copy(path, format!("{to}/db.sqlite")).unwrap();
    std::fs::write(format!("{to}/answers.json"), serde_json::to_string_pretty(&written).unwrap()).unwrap();
}
