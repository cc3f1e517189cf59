//! «О программе» and notices, by a real signature and a scripted service: refusals first.

use std::{io::Cursor, sync::atomic::Ordering};

use minisign::KeyPair;
use mostik_engine::{Engine, StartError};
use mostik_flow::{Health, Intent, Language, News, Notice, Screen, Update, View};
use mostik_wire::{Code, LinkedStep, MaxStep, Millis, Step};

use crate::world::{Answer, World, linking, until};

const LATEST: &str = "GET /app/latest";

fn keys() -> KeyPair {
    KeyPair::generate_unencrypted_keypair().unwrap()
}

fn manifest(version: &str) -> String {
    serde_json::json!({
        "version": version, "released": "2026-12-01", "notes": { "ru": "Уведомления.", "en": "Notices." },
    })
    .to_string()
}

fn sign(keys: &KeyPair, text: &str) -> String {
    let signature = minisign::sign(Some(&keys.pk), &keys.sk, Cursor::new(text), Some("mostik"), Some("test"));
    signature.unwrap().into_string()
}

fn served(manifest: &str, signature: &str) -> Answer {
    Answer::json(&serde_json::json!({ "manifest": manifest, "signature": signature }).to_string())
}

/// The app of an operator with this key, «О программе» open.
async fn opened(keys: Option<&KeyPair>) -> (World, Engine) {
    let mut world = World::new();
    world.release_key = keys.map(|keys| keys.pk.to_base64());
    let engine = world.start().await;
    engine.news(News::Device(mostik_flow::Device { app: "0.1.0".into(), ..Default::default() }));
    engine.send(Intent::OpenAbout);
    until(&engine, |screen| screen.about.is_some()).await;
    (world, engine)
}

async fn checked(world: &World, engine: &Engine, answer: Answer) -> Update {
    world.service.script(LATEST, [answer]);
    engine.send(Intent::CheckRelease);
    let done = |screen: &Screen| {
        screen.about.as_ref().is_some_and(|about| !matches!(about.update, Update::Asking | Update::NotAsked))
    };
    let update = until(engine, done).await.about.unwrap().update;
    // So that the next question begins as the first one did.
    engine.send(Intent::CloseAbout);
    engine.send(Intent::OpenAbout);
    let reopened = |screen: &Screen| screen.about.as_ref().is_some_and(|about| about.update == Update::NotAsked);
    until(engine, reopened).await;
    update
}

#[tokio::test]
async fn a_manifest_that_the_operator_has_not_signed_is_not_believed() {
    let (own, strangers) = (keys(), keys());
    let (world, engine) = opened(Some(&own)).await;
    let text = manifest("9.0.0");
    let good = sign(&own, &text);
    let other_comment = good.replace("trusted comment: mostik", "trusted comment: mostik 2");
    assert_ne!(good, other_comment);
    for (name, answer) in [
        ("another key", served(&text, &sign(&strangers, &text))),
        ("another text", served(&manifest("9.9.9"), &good)),
        ("one more blank", served(&format!("{text} "), &good)),
        ("another trusted comment", served(&text, &other_comment)),
        ("no signature", served(&text, "")),
        ("half a signature", served(&text, &good[..good.len() / 2])),
    ] {
        assert_eq!(checked(&world, &engine, answer).await, Update::Forged, "{name}");
    }
}

#[tokio::test]
async fn what_is_no_manifest_is_not_read_and_an_older_release_is_not_offered() {
    let own = keys();
    let (world, engine) = opened(Some(&own)).await;
    let by_operator = |text: &str| served(text, &sign(&own, text));
    let large = format!("{}{}", manifest("9.0.0"), " ".repeat(64 * 1024));
    for (name, answer, update) in [
        ("no JSON", Answer::json("{"), Update::Unreadable),
        ("another JSON", Answer::json("{}"), Update::Unreadable),
        ("signed, and no manifest", by_operator("{}"), Update::Unreadable),
        ("too large", by_operator(&large), Update::Unreadable),
        ("broken off", Answer::Truncated, Update::Unreadable),
        ("none", Answer::problem(Code::NotFound), Update::NotOffered),
        ("a page of the network's", Answer::html(200), Update::Offline),
        ("broken", Answer::status(500), Update::Down),
        ("older", by_operator(&manifest("0.0.9")), Update::Older { version: "0.0.9".into() }),
        ("the same", by_operator(&manifest("0.1.0")), Update::Newest),
        ("no connection", Answer::Reset, Update::Offline),
    ] {
        assert_eq!(checked(&world, &engine, answer).await, update, "{name}");
    }
}

#[tokio::test]
async fn without_a_key_nobody_is_asked_and_a_key_that_is_none_is_refused_at_the_start() {
    let (world, engine) = opened(None).await;
    assert_eq!(checked(&world, &engine, Answer::status(500)).await, Update::NoKey);
    assert_eq!(world.service.seen(LATEST).len(), 0);
    let mut world = World::new();
    world.release_key = Some("RWQ not a key".into());
    assert!(matches!(world.try_start().await, Err(StartError::ReleaseKeyMalformed)));
}

#[tokio::test]
async fn the_operators_own_word_of_a_newer_release_is_told() {
    let own = keys();
    let (world, engine) = opened(Some(&own)).await;
    let text = manifest("0.2.0");
    let update = checked(&world, &engine, served(&text, &sign(&own, &text))).await;
    let newer = Update::Newer {
        version: "0.2.0".into(), released: "2026-12-01".into(), notes: "Уведомления.".into()
    };
    assert_eq!(update, newer);
    let asked = &world.service.seen(LATEST)[0];
    assert!(!asked.headers.contains_key("authorization"), "nobody has to be known for that");
}

#[tokio::test]
async fn how_the_service_does_is_asked_once_each_time() {
    let (world, engine) = opened(None).await;
    let is = |health| move |screen: &Screen| screen.about.as_ref().is_some_and(|about| about.health == health);
    until(&engine, is(Health::Well)).await;
    for (answer, health) in [
        (Answer::problem(Code::Overloaded), Health::Down),
        (Answer::html(200), Health::Offline),
        (Answer::status(502), Health::Down),
        (Answer::Reset, Health::Offline),
    ] {
        let before = world.service.seen("GET /health/ready").len();
        world.service.script("GET /health/ready", [answer]);
        engine.send(Intent::CheckHealth);
        until(&engine, is(health)).await;
        assert_eq!(world.service.seen("GET /health/ready").len(), before + 1, "{health:?}");
    }
    engine.send(Intent::CheckHealth);
    until(&engine, is(Health::Well)).await;
}

fn max() -> Step {
    Step::Max(MaxStep {
        url: "https://max.ru/mostik_bot?start=x".into(),
        code: "482177350".into(),
        expires_at: Millis(i64::MAX),
        phone_masked: None,
        skippable: false,
        opened: false,
        trouble: None,
        return_handle: "AbCdEfGhIjKlMnOpQrStU-".into(),
        profile_name: Some("Михаил О.".into()),
        channel: mostik_wire::Channel::Sms,
        vk: None,
    })
}

fn linked() -> Step {
    Step::Linked(LinkedStep {
        profile: "1".into(),
        profile_name: "Михаил О.".into(),
        channel: mostik_wire::Channel::Sms,
        contact_masked: "+7 900 •••-••-42".into(),
        in_max: true,
        vk: None,
        deletes_at: None,
        linked_at: Millis(0),
        sferum_url: "https://max.ru/".into(),
    })
}

#[tokio::test]
async fn what_was_waited_for_is_told_by_the_system_in_the_language_of_the_window() {
    let world = World::signed_in();
    // Until it is allowed to go on, the stream tells nothing.
    world.service.always("GET /v1/linkings/l1/events", Answer::Stream(vec![crate::world::event(&linking(7, max()))]));
    let engine = world.drive_to_contact().await;
    until(&engine, |screen| matches!(screen.view, View::Max { .. })).await;
    engine.send(Intent::SetLanguage { language: Language::En });
    engine.news(News::InFront(false));
    world.service.set_linking(linking(8, linked()));
    engine.send(Intent::Refresh);
    assert_eq!(world.person.is_told().await, [(Notice::Linked, Language::En)]);
}

#[tokio::test]
async fn the_systems_no_is_kept() {
    let world = World::signed_in();
    world.person.wants_no_notices.store(true, Ordering::SeqCst);
    let engine = world.start().await;
    engine.send(Intent::OpenAbout);
    engine.send(Intent::SetNotices { on: false });
    engine.send(Intent::SetNotices { on: true });
    until(&engine, |screen| screen.about.as_ref().is_some_and(|about| about.notices && about.notices_denied)).await;
    engine.stop().await;
    let engine = world.start().await;
    engine.send(Intent::OpenAbout);
    until(&engine, |screen| screen.about.as_ref().is_some_and(|about| about.notices_denied)).await;
}
