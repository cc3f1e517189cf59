//! The bot in MAX: tickets, contacts, and who may share them.

use mostik_wire::{Linking, MaxTrouble, Step, StepName};
use serde_json::json;

use crate::{
    fake_max::{FakeMax, shared, started},
    world::{Answer, App, MINUTE, World},
};

const PHONE: &str = "+79000001242";
const MISHA: i64 = 501_001;
const LIZA: i64 = 501_002;

pub fn url_of(linking: &Linking) -> String {
    match &linking.step {
        Step::Max(max) => max.url.clone(),
        _ => panic!("{linking:?}"),
    }
}

pub fn text(said: &serde_json::Value) -> &str {
    said["text"].as_str().unwrap()
}

async fn opened(world: &World, app: &App, user: i64, phone: &str) -> (Linking, u64) {
    let linking = world.to_max(app, phone).await;
    world.max_open(user, &url_of(&linking)).await;
    let linking = world.until(app, &linking, |l| matches!(&l.step, Step::Max(m) if m.opened)).await;
    let mut heard = 0;
    assert!(text(&world.bot_says(user, &mut heard).await).contains("Вы подключаете дневник"));
    (linking, heard)
}

async fn trouble_after(world: &World, app: &App, linking: &Linking, user: i64, wish: serde_json::Value) -> MaxTrouble {
    world.max_contact(user, wish).await;
    let version = linking.version;
    let after = world.until(app, linking, |l| l.version > version).await;
    match after.step {
        Step::Max(max) => max.trouble.unwrap(),
        other => panic!("{other:?}"),
    }
}

impl World {
    /// The person opens the bot by itself and is greeted; answers with the number of those words.
    pub async fn greeted(&self, user: i64) -> u64 {
        let mut heard = 0;
        self.max_open(user, &format!("{}/{}", self.sandbox.get("max_link"), self.sandbox.get("bot/username"))).await;
        assert!(text(&self.bot_says(user, &mut heard).await).contains("Здравствуйте"));
        heard
    }
}

#[tokio::test]
async fn stale_and_unknown_tickets_change_nothing_and_are_told() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let linking = world.to_max(&app, PHONE).await;
    let mut heard = 0;
    world.max_open(MISHA, &url_of(&linking).replace("start=", "start=x")).await;
    assert!(text(&world.bot_says(MISHA, &mut heard).await).contains("уже не действует"));
    world.max_write(MISHA, "привет").await;
    assert!(text(&world.bot_says(MISHA, &mut heard).await).contains("Поделиться номером"));
    // A number that nothing waits for leads into the app, and changes no linking.
    world.max_contact(MISHA, json!({})).await;
    assert!(text(&world.bot_says(MISHA, &mut heard).await).contains("Номер подтверждён"));

    // A renewed link kills the old one.
    let renewed = world.act(&app, &linking, "max-link", json!({})).await.linking();
    assert_ne!(url_of(&renewed), url_of(&linking));
    world.max_open(MISHA, &url_of(&linking)).await;
    assert!(text(&world.bot_says(MISHA, &mut heard).await).contains("уже не действует"));
    // Ten minutes end it.
    world.advance(10 * MINUTE);
    world.max_open(MISHA, &url_of(&renewed)).await;
    assert!(text(&world.bot_says(MISHA, &mut heard).await).contains("уже не действует"));
    let app = world.sign_in("misha").await;
    assert_eq!(world.linking(&app, &linking.id.0).await.version, renewed.version);
}

#[tokio::test]
async fn a_ticket_serves_the_first_who_opens_it() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let (linking, _) = opened(&world, &app, MISHA, PHONE).await;
    world.max_open(LIZA, &url_of(&linking)).await;
    let mut heard = 0;
    assert!(text(&world.bot_says(LIZA, &mut heard).await).contains("уже не действует"));
    world.max_contact(LIZA, json!({ "phone": "79000001242" })).await;
    assert!(text(&world.bot_says(LIZA, &mut heard).await).contains("Номер подтверждён"));
    assert_eq!(world.linking(&app, &linking.id.0).await.version, linking.version);
}

#[tokio::test]
async fn contacts_that_prove_nothing_leave_the_step_with_a_reason() {
    let world = World::new().await;
    let app = world.sign_in("misha").await;
    let (linking, mut heard) = opened(&world, &app, MISHA, PHONE).await;
    let told = trouble_after(&world, &app, &linking, MISHA, json!({ "forged_hash": true })).await;
    assert_eq!(told, MaxTrouble::UnprovenContact);
    assert!(text(&world.bot_says(MISHA, &mut heard).await).contains("не подтвердил"));
    let linking = world.linking(&app, &linking.id.0).await;
    for wish in [json!({ "contact_user_id": LIZA }), json!({ "contact_user_id": LIZA, "forwarded": true })] {
        let present = world.linking(&app, &linking.id.0).await;
        let told = trouble_after(&world, &app, &present, MISHA, wish).await;
        assert_eq!(told, MaxTrouble::ForeignContact);
        assert!(text(&world.bot_says(MISHA, &mut heard).await).contains("другого человека"));
    }
    let present = world.linking(&app, &linking.id.0).await;
    let told = trouble_after(&world, &app, &present, MISHA, json!({ "phone": "79000009999" })).await;
    assert_eq!(told, MaxTrouble::NumberDiffers { phone_masked: "+7 900 •••-••-99".into(), usable: true });
    assert!(
        text(&world.bot_says(MISHA, &mut heard).await)
            .contains("+7 900 •••-••-99, а в «Мостике» подтверждён +7 900 •••-••-42")
    );
    // The right contact goes on from there.
    world.max_contact(MISHA, json!({})).await;
    world.until(&app, &linking, |l| l.step.name() == StepName::Linked).await;
}

#[tokio::test]
async fn a_max_account_serves_one_profile() {
    let world = World::new().await;
    let misha = world.sign_in("misha").await;
    world.to_linked(&misha, PHONE, MISHA).await;
    let liza = world.sign_in("liza").await;
    let linking = world.to_max(&liza, "+79000000007").await;
    world.max_open(MISHA, &url_of(&linking)).await;
    let linking = world.until(&liza, &linking, |l| matches!(&l.step, Step::Max(m) if m.opened)).await;
    let told = trouble_after(&world, &liza, &linking, MISHA, json!({ "phone": "79000000007" })).await;
    assert_eq!(told, MaxTrouble::MaxAccountTaken);
}

#[tokio::test]
async fn the_ticket_may_be_typed() {
    let world = World::new().await;
    world.faults(json!({ "max": { "silent_restart": true } })).await;
    let app = world.sign_in("misha").await;
    let linking = world.to_max(&app, PHONE).await;
    world.max_open(MISHA, &format!("{}/{}", world.sandbox.get("max_link"), world.sandbox.get("bot/username"))).await;
    let mut heard = 0;
    world.bot_says(MISHA, &mut heard).await;
    let url = url_of(&linking);
    world.max_write(MISHA, url.rsplit_once("start=").unwrap().1).await;
    assert!(text(&world.bot_says(MISHA, &mut heard).await).contains("Михаил О., 8-Б"));
    // The whole link pasted, by the same person: the same answer.
    world.max_write(MISHA, &url).await;
    assert!(text(&world.bot_says(MISHA, &mut heard).await).contains("Михаил О., 8-Б"));
    world.max_contact(MISHA, json!({})).await;
    world.until(&app, &linking, |l| l.step.name() == StepName::Linked).await;
}

#[tokio::test]
async fn words_spoken_while_the_service_was_away_are_heard_once_it_is_back() {
    let mut world = World::new().await;
    let app = world.sign_in("misha").await;
    let (linking, _) = opened(&world, &app, MISHA, PHONE).await;
    world.stop().await;
    world.max_contact(MISHA, json!({})).await;
    world.restart().await;
    world.until(&app, &linking, |l| l.step.name() == StepName::Linked).await;
}

#[tokio::test]
async fn the_webhook_opens_to_its_secret_alone_and_repeats_change_nothing() {
    let world =
        World::with(&[("MOSTIK_MAX_MODE", "webhook"), ("MOSTIK_MAX_WEBHOOK_SECRET", "a-secret-of-the-hook")]).await;
    let app = world.sign_in("misha").await;
    let linking = world.to_max(&app, PHONE).await;
    world.max_open(MISHA, &format!("{}/{}", world.sandbox.get("max_link"), world.sandbox.get("bot/username"))).await;
    world.bot_says(MISHA, &mut 0).await;
    let ticket = url_of(&linking).rsplit_once("start=").unwrap().1.to_owned();
    let update = json!({
        "update_type": "bot_started", "timestamp": 1, "chat_id": 77, "payload": ticket,
        "user": { "user_id": MISHA, "first_name": "Миша", "is_bot": false, "last_activity_time": 1 },
    });
    let hook = async |secret: Option<&str>, body: String| {
        let mut request = world.http.post(format!("{}/max/webhook", world.url())).body(body);
        if let Some(secret) = secret {
            request = request.header("x-max-bot-api-secret", secret);
        }
        Answer::of(request.send().await.unwrap()).await
    };
    for secret in [None, Some(""), Some("a-secret-of-the-hooK"), Some("a-secret-of-the-hook ")] {
        let answer = hook(secret, update.to_string()).await;
        if secret != Some("a-secret-of-the-hook ") {
            answer.problem(mostik_wire::Code::NotFound);
        }
    }
    let right = Some("a-secret-of-the-hook");
    hook(right, "{".into()).await.problem(mostik_wire::Code::MalformedRequest);
    for strange in [
        json!({}),
        json!({ "update_type": "message_created" }),
        json!({ "update_type": "of_tomorrow", "timestamp": 1 }),
    ] {
        assert_eq!(hook(right, strange.to_string()).await.status, 200);
    }
    for _ in 0..3 {
        assert_eq!(hook(right, update.to_string()).await.status, 200);
    }
    let opened = world.linking(&app, &linking.id.0).await;
    assert!(matches!(&opened.step, Step::Max(m) if m.opened));
    assert_eq!(opened.version, linking.version + 1);
    // MAX was told the address, and brings what is said.
    world.max_open(MISHA, &url_of(&linking)).await;
    world.max_contact(MISHA, json!({})).await;
    world.until(&app, &linking, |l| l.step.name() == StepName::Linked).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn five_pupils_race_for_one_profile_on_two_nodes_and_one_wins() {
    let (world, _max) = FakeMax::with_world().await;
    let other_node = world.another_node().await;
    let olga = world.sign_in("olga").await;
    let mut pupils: Vec<_> = world.me(&olga).await.pupils.into_iter().map(|p| ("olga", p.id)).collect();
    for login in ["liza", "timur"] {
        let app = world.sign_in(login).await;
        pupils.push((login, world.me(&app).await.pupils[0].id.clone()));
    }
    let mut linkings = Vec::new();
    for (place, (login, pupil)) in pupils.into_iter().enumerate() {
        let app = world.sign_in(login).await;
        let begun = world.post(&app, "/v1/linkings", json!({ "pupil": pupil })).await.linking();
        let linking = world.act(&app, &begun, "contact", json!({ "contact": PHONE })).await.linking();
        let code = world.sms_code(PHONE).await;
        let linking = world.try_code(&app, &linking, &code).await.linking();
        let linking = world.act(&app, &linking, "confirm", json!({ "accept_other_name": true })).await.linking();
        // Tickets outlast none of the growing gaps: each gets a fresh one at the end.
        linkings.push((login, linking));
        world.advance(mostik_linking::GAPS.get(place).copied().unwrap_or_default());
    }
    let mut contacts = Vec::new();
    for (user, (login, linking)) in (700_001..).zip(&mut linkings) {
        let app = world.sign_in(login).await;
        *linking = world.act(&app, linking, "max-link", json!({})).await.linking();
        let ticket = url_of(linking).rsplit_once("start=").unwrap().1.to_owned();
        world.hook(&started(user, 1, Some(&ticket))).await;
        contacts.push(shared(user, 2, world.sandbox.get("bot/token"), "79000001242"));
    }
    let urls = [world.url(), &other_node.url];
    // Each contact arrives twice, once on each node.
    let all = (0..).zip(contacts.iter().chain(&contacts)).map(|(n, update)| world.hook_to(urls[n % 2], update));
    futures_util::future::join_all(all).await;
    let mut ends = Vec::new();
    for (login, linking) in &linkings {
        let app = world.sign_in(login).await;
        ends.push(world.linking(&app, &linking.id.0).await.step.name());
    }
    assert_eq!(ends.iter().filter(|s| **s == StepName::Linked).count(), 1, "{ends:?}");
    assert_eq!(ends.iter().filter(|s| **s == StepName::Taken).count(), 4, "{ends:?}");
    other_node.stop().await;
}
