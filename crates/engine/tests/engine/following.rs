//! Changes of a linking arrive by the stream, and by asking while the stream does not stand.

use std::time::Duration;

use mostik_flow::{CauseKind, Intent, View};
use mostik_wire::{Channel, Code, MaxStep, Millis, Step};

use crate::world::{ACCESS, Answer, World, event, linking, step_code, until};

const EVENTS: &str = "GET /v1/linkings/l1/events";

fn max() -> Step {
    Step::Max(MaxStep {
        url: "https://max.ru/bot?start=t".into(),
        code: "482177350".into(),
        expires_at: Millis(i64::MAX / 2),
        phone_masked: Some("+7 900 •••-••-42".into()),
        skippable: false,
        opened: false,
        trouble: None,
        return_handle: "h".into(),
        profile_name: Some("Михаил О.".into()),
        channel: Channel::Sms,
        vk: None,
    })
}

#[tokio::test]
async fn a_stream_that_ends_is_taken_up_where_it_stood() {
    let world = World::signed_in();
    world.service.script(
        EVENTS,
        [
            Answer::StreamThatEnds(vec![": hello\n\n".into(), event(&linking(4, step_code()))]),
            Answer::Stream(vec![event(&linking(5, max()))]),
        ],
    );
    let engine = world.drive_to_diary().await;
    engine.send(Intent::Begin);
    until(&engine, |s| matches!(s.view, View::Max { live: true, .. })).await;
    let streams = world.service.seen(EVENTS);
    assert_eq!(streams[0].headers.get("last-event-id"), None);
    assert_eq!(streams[0].headers["accept"], "text/event-stream");
    assert_eq!(streams[1].headers["last-event-id"], "4");
}

#[tokio::test]
async fn without_a_stream_changes_are_asked_for_until_it_stands() {
    for broken in [Answer::status(500), Answer::Reset, Answer::html(200), Answer::Truncated] {
        let world = World::signed_in();
        world.service.always(EVENTS, broken);
        let engine = world.drive_to_contact().await;
        world.service.set_linking(linking(9, max()));
        until(&engine, |s| matches!(s.view, View::Max { live: false, .. })).await;
        world.service.as_usual();
        until(&engine, |s| matches!(s.view, View::Max { live: true, .. })).await;
    }
}

#[tokio::test]
async fn a_stream_that_says_nothing_counts_as_none() {
    let mut world = World::signed_in();
    world.timeouts.stream_silence = Duration::from_millis(50);
    world.service.script(EVENTS, [Answer::Stream(vec![])]);
    let engine = world.drive_to_contact().await;
    world.service.set_linking(linking(9, max()));
    until(&engine, |s| matches!(s.view, View::Max { .. })).await;
    world.service.until_seen(EVENTS, 2).await;
}

#[tokio::test]
async fn an_expired_token_does_not_end_the_stream() {
    let world = World::signed_in();
    world.service.script(EVENTS, [Answer::problem(Code::Unauthorized)]);
    let engine = world.drive_to_contact().await;
    world.service.until_seen(EVENTS, 2).await;
    world.service.set_linking(linking(9, max()));
    assert_eq!(world.service.seen("POST /oauth/token").len(), 1);
    assert_eq!(world.service.seen(EVENTS)[1].headers["authorization"], format!("Bearer {ACCESS}2"));
    drop(engine);
}

#[tokio::test]
async fn a_linking_that_is_over_is_not_followed_any_longer() {
    let world = World::signed_in();
    let linked = Step::Linked(mostik_wire::LinkedStep {
        profile: "1".into(),
        profile_name: "Михаил О.".into(),
        channel: Channel::Sms,
        contact_masked: "+7 900 •••-••-42".into(),
        in_max: true,
        vk: None,
        deletes_at: None,
        linked_at: Millis(0),
        sferum_url: "https://max.ru/".into(),
    });
    world.service.script(EVENTS, [Answer::StreamThatEnds(vec![event(&linking(5, linked))])]);
    let engine = world.drive_to_diary().await;
    engine.send(Intent::Begin);
    until(&engine, |s| matches!(s.view, View::Linked { .. })).await;
    // Long enough for many a new stream.
    for _ in 0..50 {
        engine.send(Intent::OpenSferum);
        assert_eq!(world.person.page().await.as_str(), "https://max.ru/");
        until(&engine, |s| matches!(s.view, View::Linked { .. })).await;
    }
    assert_eq!(world.service.seen(EVENTS).len(), 1);
}

#[tokio::test]
async fn nothing_but_a_web_page_is_opened() {
    let world = World::signed_in();
    let engine = world.drive_to_contact().await;
    for url in ["file:///etc/passwd", "javascript:alert(1)", "mostik://return/x", "http://max.example/", "x"] {
        let Step::Max(step) = max() else { unreachable!() };
        let version = world.service.all().len() as u64 + 100;
        world.service.set_linking(linking(version, Step::Max(MaxStep { url: url.into(), ..step })));
        engine.send(Intent::Refresh);
        until(&engine, |s| matches!(&s.view, View::Max { url: shown, .. } if shown == url)).await;
        engine.send(Intent::OpenMax);
        let told = |s: &mostik_flow::Screen| matches!(&s.view, View::Max { cause: Some(c), .. } if c.kind == mostik_flow::CauseKind::NotOpened);
        until(&engine, told).await;
    }
}

#[tokio::test]
async fn a_linking_that_is_gone_ends_the_waiting_and_says_so() {
    let world = World::signed_in();
    let engine = world.drive_to_contact().await;
    world.service.always("GET /v1/linkings/l1", Answer::problem(Code::LinkingNotFound));
    world.service.always(EVENTS, Answer::problem(Code::LinkingNotFound));
    engine.send(Intent::BackToDiary);
    until(&engine, |s| matches!(s.view, View::Diary { .. })).await;
    world.service.until_seen("GET /v1/events", 2).await;
    engine.send(Intent::Begin);
    let gone = |s: &mostik_flow::Screen| matches!(&s.view, View::Diary { cause: Some(cause), .. } if cause.kind == CauseKind::LinkingGone);
    until(&engine, gone).await;
}
