//! From MAX into the app: what a link may do, and all that it may not.

use mostik_wire::{Code, Launch, LaunchPage, Linking, Step, StepName};
use serde_json::{Value, json};

use crate::world::{Answer, App, MINUTE, SECOND, World};

const PHONE: &str = "+79000001242";
const MISHA: i64 = 501_001;
const LIZA: i64 = 501_002;
pub const GRANT: &str = "AAAAAAAAAAAAAAAAAAAAA1";
const OTHER_GRANT: &str = "AAAAAAAAAAAAAAAAAAAAA2";

/// The address of the page that the bot's button opens, once MAX has proven the number.
async fn landing_page(world: &World, user: i64) -> String {
    let mut heard = world.greeted(user).await;
    world.max_contact(user, json!({})).await;
    let said = world.bot_says(user, &mut heard).await;
    button(&said)
}

fn button(said: &Value) -> String {
    let text = said.to_string();
    let start = text.find("/open/").unwrap_or_else(|| panic!("no way into the app: {text}"));
    let from = text[..start].rfind('"').unwrap() + 1;
    text[from..].split(['"', '\\']).next().unwrap().to_owned()
}

/// Presses the page's button and reads the handle out of the link that it makes.
async fn handle(world: &World, landing_page: &str) -> String {
    let page = world.http.post(landing_page).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let html = page.text().await.unwrap();
    let (_, rest) = html.split_once("mostik://open/").unwrap();
    rest[..22].to_owned()
}

async fn claim(world: &World, handle: &str, grant: &str) -> Answer {
    let body = json!({ "handle": handle, "grant": grant });
    let answer = world.http.post(format!("{}/v1/launches/claim", world.url())).json(&body).send().await.unwrap();
    Answer::of(answer).await
}

pub async fn claimed(world: &World, user: i64, grant: &str) -> Launch {
    let landing_page = landing_page(world, user).await;
    let handle = handle(world, &landing_page).await;
    serde_json::from_value(claim(world, &handle, grant).await.json()).unwrap()
}

pub async fn accept(world: &World, app: &App, grant: &str) -> Answer {
    let pupil = world.me(app).await.pupils[0].id.clone();
    world.post(app, "/v1/launches/accept", json!({ "grant": grant, "pupil": pupil })).await
}

#[tokio::test]
async fn the_bots_menu_leads_into_the_app() {
    let world = World::new().await;
    let look = async || {
        let path = world.phone_page(&format!("/api/max/chat?user_id={MISHA}"));
        let chat: Value = world.http.get(path).send().await.unwrap().json().await.unwrap();
        chat["commands"][0]["name"].as_str().map(str::to_owned)
    };
    let mut beat = tokio::time::interval(std::time::Duration::from_millis(25));
    let name = loop {
        beat.tick().await;
        if let Some(name) = look().await {
            break name;
        }
    };
    let app = world.sign_in("misha").await;
    world.to_linked(&app, PHONE, MISHA).await;
    let mut heard = 0;
    while !world.bot_says(MISHA, &mut heard).await["text"].as_str().unwrap().contains("Готово") {}
    world.max_write(MISHA, &format!("/{name}")).await;
    assert!(button(&world.bot_says(MISHA, &mut heard).await).starts_with(world.url()));
}

#[tokio::test]
async fn forged_late_and_repeated_links_open_nothing() {
    let world = World::new().await;
    claim(&world, "AbCdEfGhIjKlMnOpQrStU-", GRANT).await.problem(Code::LaunchUnknown);
    claim(&world, "short", GRANT).await.problem(Code::LaunchUnknown);
    claim(&world, "AbCdEfGhIjKlMnOpQrStU-", "short").await.problem(Code::MalformedRequest);
    for path in ["AbCdEfGhIjKlMnOpQrStU-", "x", "..%2f"] {
        let url = format!("{}/open/{path}", world.url());
        assert_eq!(world.http.get(&url).send().await.unwrap().status(), 404);
        assert_eq!(world.http.post(&url).send().await.unwrap().status(), 404);
    }

    let landing_page = landing_page(&world, MISHA).await;
    // Looking at the page makes no link; pressing twice leaves the newer one alone.
    assert!(!world.http.get(&landing_page).send().await.unwrap().text().await.unwrap().contains("mostik://"));
    let older = handle(&world, &landing_page).await;
    let newer = handle(&world, &landing_page).await;
    claim(&world, &older, GRANT).await.problem(Code::LaunchUnknown);
    world.advance(61 * SECOND);
    claim(&world, &newer, GRANT).await.problem(Code::LaunchExpired);
    let third = handle(&world, &landing_page).await;
    assert_eq!(claim(&world, &third, GRANT).await.status, 200);
    // The same app asks again, its answer was lost; another app has come too late.
    assert_eq!(claim(&world, &third, GRANT).await.status, 200);
    claim(&world, &third, OTHER_GRANT).await.problem(Code::LaunchUsed);
    assert_eq!(world.http.post(&landing_page).send().await.unwrap().status(), 410);
    assert_eq!(world.http.get(&landing_page).send().await.unwrap().status(), 410);
}

#[tokio::test]
async fn a_page_that_nobody_pressed_ends_after_ten_minutes() {
    let world = World::new().await;
    let landing_page = landing_page(&world, MISHA).await;
    world.advance(10 * MINUTE);
    assert_eq!(world.http.get(&landing_page).send().await.unwrap().status(), 410);
    assert_eq!(world.http.post(&landing_page).send().await.unwrap().status(), 410);
}

#[tokio::test]
async fn only_who_is_signed_in_accepts_and_only_for_a_pupil_of_theirs() {
    let world = World::new().await;
    claimed(&world, MISHA, GRANT).await;
    let (misha, liza) = (world.sign_in("misha").await, world.sign_in("liza").await);
    let pupil = world.me(&misha).await.pupils[0].id.clone();
    let body = json!({ "grant": GRANT, "pupil": pupil });
    world.post(&liza, "/v1/launches/accept", body.clone()).await.problem(Code::PupilNotYours);
    let forged = json!({ "grant": OTHER_GRANT, "pupil": pupil });
    world.post(&misha, "/v1/launches/accept", forged).await.problem(Code::LaunchUnknown);
    let nobody = App { access: "x".into(), ..misha.clone() };
    world.post(&nobody, "/v1/launches/accept", body.clone()).await.problem(Code::Unauthorized);
    // None of them has begun anything.
    let all: Vec<Linking> = serde_json::from_value(world.get(&misha, "/v1/linkings").await.json()).unwrap();
    assert!(all.is_empty());
    world.advance(15 * MINUTE);
    let misha = world.sign_in("misha").await;
    world.post(&misha, "/v1/launches/accept", body).await.problem(Code::LaunchExpired);
}

#[tokio::test]
async fn the_app_opens_with_the_number_proven() {
    let world = World::new().await;
    let launch = claimed(&world, MISHA, GRANT).await;
    assert_eq!((launch.max_name.as_str(), launch.phone_masked.as_deref()), ("Миша О.", Some("+7 900 •••-••-42")));
    let app = world.sign_in("misha").await;
    let linking = accept(&world, &app, GRANT).await.linking();
    assert_eq!(linking.step.name(), StepName::Profile);
    accept(&world, &app, GRANT).await.problem(Code::LaunchUsed);
    let linking = world.act(&app, &linking, "confirm", json!({ "accept_other_name": true })).await.linking();
    assert!(matches!(&linking.step, Step::Linked(linked) if linked.in_max));
    assert_eq!(world.sms_count(PHONE).await, 0);
}

#[tokio::test]
async fn a_linking_that_waits_for_this_number_in_max_is_linked() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    world.to_max(&app, PHONE).await;
    claimed(&world, MISHA, GRANT).await;
    let linking = accept(&world, &app, GRANT).await.linking();
    assert_eq!(linking.step.name(), StepName::Linked);
}

#[tokio::test]
async fn who_is_linked_comes_to_the_diary_and_another_account_changes_nothing() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let linked = world.to_linked(&app, PHONE, MISHA).await;
    // The bot knows the person: no number is asked for.
    let mut heard = 0;
    while !world.bot_says(MISHA, &mut heard).await["text"].as_str().unwrap().contains("Готово") {}
    world.max_write(MISHA, "открой").await;
    let landing_page = button(&world.bot_says(MISHA, &mut heard).await);
    let first = handle(&world, &landing_page).await;
    claim(&world, &first, GRANT).await;
    assert_eq!(accept(&world, &app, GRANT).await.linking(), world.linking(&app, &linked.id.0).await);

    claimed(&world, LIZA, OTHER_GRANT).await;
    accept(&world, &app, OTHER_GRANT).await.problem(Code::AlreadyLinked);
    assert_eq!(world.linking(&app, &linked.id.0).await.version, linked.version);
}

/// What MAX puts into a mini app's address.
fn init_data(token: &str, user: i64, auth_date: i64) -> String {
    use hmac::{Hmac, KeyInit, Mac};
    let hmac = |key: &[u8], text: &str| {
        Hmac::<sha2::Sha256>::new_from_slice(key).unwrap().chain_update(text.as_bytes()).finalize().into_bytes()
    };
    let person = json!({ "id": user, "first_name": "Миша", "last_name": "Орлов", "language_code": "ru" }).to_string();
    let signed = format!("auth_date={auth_date}\nquery_id=q{auth_date}\nuser={person}");
    let hash: String = hmac(&hmac(b"WebAppData", token), &signed).iter().map(|byte| format!("{byte:02x}")).collect();
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs([
        ("auth_date", auth_date.to_string()),
        ("query_id", format!("q{auth_date}")),
        ("user", person),
        ("hash", hash),
    ]);
    query.finish()
}

async fn enter(world: &World, init_data: &str) -> Answer {
    let body = json!({ "init_data": init_data });
    let answer = world.http.post(format!("{}/v1/launches/mini-app", world.url())).json(&body).send().await.unwrap();
    Answer::of(answer).await
}

#[tokio::test]
async fn the_mini_app_is_let_in_by_maxs_signature_alone_and_once() {
    let world = World::new().await;
    // A mini app is opened out of the bot's chat.
    let mut heard = world.greeted(MISHA).await;
    let token = world.sandbox.get("bot/token");
    let now = world.now().0 / 1000;
    let good = init_data(token, MISHA, now);
    enter(&world, "").await.problem(Code::LaunchUnknown);
    enter(&world, &init_data("another", MISHA, now)).await.problem(Code::LaunchUnknown);
    enter(&world, &good.replace("501001", "501002")).await.problem(Code::LaunchUnknown);
    enter(&world, &format!("{good}&auth_date={now}")).await.problem(Code::LaunchUnknown);
    enter(&world, &init_data(token, MISHA, now - 3601)).await.problem(Code::LaunchExpired);
    enter(&world, &init_data(token, MISHA, now + 120)).await.problem(Code::LaunchUnknown);
    enter(&world, &init_data(token, MISHA, (now - 3601) * 1000)).await.problem(Code::LaunchExpired);

    let page: LaunchPage = serde_json::from_value(enter(&world, &good).await.json()).unwrap();
    enter(&world, &good).await.problem(Code::LaunchUsed);
    // Milliseconds are read as well.
    assert_eq!(enter(&world, &init_data(token, MISHA, now * 1000)).await.status, 200);

    let handle = handle(&world, &page.url).await;
    let launch: Launch = serde_json::from_value(claim(&world, &handle, GRANT).await.json()).unwrap();
    assert_eq!((launch.max_name.as_str(), launch.phone_masked), ("Миша О.", None));
    // The number is not in that data: the bot asks for it, and the link is confirmed as ever.
    let app = world.sign_in("misha").await;
    let linking = accept(&world, &app, GRANT).await.linking();
    assert!(matches!(&linking.step, Step::Max(max) if max.opened && max.profile_name.is_none()));
    assert!(world.bot_says(MISHA, &mut heard).await["text"].as_str().unwrap().contains("Вы подключаете дневник"));
    world.max_contact(MISHA, json!({})).await;
    world.until(&app, &linking, |l| l.step.name() == StepName::Profile).await;
}

#[tokio::test]
async fn phones_are_told_whose_links_these_are_once_the_operator_says_so() {
    let world = World::new().await;
    let get = async |world: &World, path: &str| {
        world.http.get(format!("{}/.well-known/{path}", world.url())).send().await.unwrap()
    };
    assert_eq!(get(&world, "assetlinks.json").await.status(), 404);
    assert_eq!(get(&world, "apple-app-site-association").await.status(), 404);
    let print = ["AB"; 32].join(":");
    let world = World::with(&[
        ("MOSTIK_APP_LINKS_ANDROID_PACKAGE", "ru.example.mostik"),
        ("MOSTIK_APP_LINKS_ANDROID_CERTIFICATES", &print),
        ("MOSTIK_APP_LINKS_APPLE_APP", "ABCDE12345.ru.example.mostik"),
    ])
    .await;
    let android: Value = get(&world, "assetlinks.json").await.json().await.unwrap();
    assert_eq!(android[0]["target"]["package_name"], "ru.example.mostik");
    assert_eq!(android[0]["target"]["sha256_cert_fingerprints"], json!([print]));
    let answer = get(&world, "apple-app-site-association").await;
    assert_eq!(answer.headers()["content-type"], "application/json");
    let apple: Value = answer.json().await.unwrap();
    assert_eq!(apple["webcredentials"]["apps"], json!(["ABCDE12345.ru.example.mostik"]), "codes bound to this host");
    let details = &apple["applinks"]["details"][0];
    assert_eq!(details["appIDs"], json!(["ABCDE12345.ru.example.mostik"]));
    assert_eq!(details["components"], json!([{ "/": "/open/*" }, { "/": "/return/*" }, { "/": "/continue/*" }]));
}
