//! What the service and the way to it can do wrong, and what the person is told.

use std::time::{Duration, Instant};

use mostik_flow::{CauseKind, CodeBusy, Intent, Screen, Strip, View};
use mostik_wire::{Channel, Code, Step};

use crate::world::{Answer, World, linking, me, until};

fn opening_cause(screen: &Screen) -> Option<CauseKind> {
    match &screen.view {
        View::Opening { cause: Some(cause) } => Some(cause.kind),
        _ => None,
    }
}

#[tokio::test]
async fn every_failure_has_its_name_and_its_number_of_tries() {
    use CauseKind as K;
    let unknown = r#"{"type":"about:blank","title":"?","status":409,"code":"of_tomorrow"}"#;
    let large = format!("{}{}", serde_json::to_string(&me()).unwrap(), " ".repeat(1024 * 1024));
    let cases = [
        ("truncated", Answer::Truncated, K::AnswerUnreadable, 4),
        ("no JSON", Answer::json("{"), K::AnswerUnreadable, 4),
        ("other JSON", Answer::json(r#"{"me":1}"#), K::AnswerUnreadable, 4),
        ("too large", Answer::json(&large), K::AnswerUnreadable, 4),
        ("a login page", Answer::html(200), K::CaptivePortal, 1),
        (
            "a redirect",
            Answer::With(302, vec![("Location", "https://wifi.example".into())], String::new()),
            K::CaptivePortal,
            1,
        ),
        ("511", Answer::status(511), K::CaptivePortal, 1),
        ("a page for 403", Answer::html(403), K::CaptivePortal, 1),
        ("a proxy's page for 502", Answer::html(502), K::ServiceBroken, 4),
        ("500", Answer::status(500), K::ServiceBroken, 4),
        ("our own 500", Answer::problem(Code::Internal), K::ServiceBroken, 4),
        ("429", Answer::retry_after(429, "0".into()), K::ServiceBusy, 4),
        ("503 for an hour", Answer::retry_after(503, "3600".into()), K::ServiceBusy, 1),
        ("our own 503", Answer::problem(Code::Overloaded), K::ServiceBusy, 4),
        ("diary down", Answer::problem(Code::DiaryUnavailable), K::DiaryUnavailable, 2),
        ("reset", Answer::Reset, K::Offline, 4),
        ("no answer", Answer::Hang, K::Timeout, 4),
        ("a byte now and then", Answer::Slowly(Box::new(Answer::json("{}")), Duration::from_millis(50)), K::Timeout, 4),
        ("404", Answer::status(404), K::VersionsDiffer, 1),
        ("an unknown refusal", Answer::With(409, vec![], unknown.into()), K::VersionsDiffer, 1),
    ];
    for (name, answer, expected, tries) in cases {
        let mut world = World::signed_in();
        world.timeouts.answer = Duration::from_millis(300);
        // On a slow machine the probe might find the service in reach, and its tries would be counted too.
        world.timeouts.poll = Duration::from_secs(60);
        world.timeouts.poll_cap = world.timeouts.poll;
        world.service.always("GET /v1/me", answer);
        let engine = world.start().await;
        let screen = until(&engine, |s| opening_cause(s).is_some()).await;
        assert_eq!(opening_cause(&screen), Some(expected), "{name}");
        assert_eq!(world.service.seen("GET /v1/me").len(), tries, "{name}");
        world.service.as_usual();
        engine.send(Intent::Retry);
        until(&engine, |s| matches!(s.view, View::Diary { .. })).await;
    }
}

#[tokio::test]
async fn an_answer_that_ends_after_any_of_its_bytes_is_asked_for_again_under_the_same_key() {
    const RESEND: &str = "POST /v1/linkings/l1/resend";
    let world = World::signed_in();
    let engine = world.drive_to_code().await;
    let whole = |version| Answer::json(&serde_json::to_string(&linking(version, crate::world::step_code())).unwrap());
    let bytes = whole(1_000).bytes().len();
    for cut in 0..bytes {
        let version = 1_000 + u64::try_from(cut).unwrap();
        world.service.script(RESEND, [Answer::Cut(Box::new(whole(version)), cut), whole(version)]);
        engine.send(Intent::Resend);
        world.service.until_seen(RESEND, 2 * cut + 2).await;
        let screen = until(&engine, |s| matches!(s.view, View::Code { busy: CodeBusy::No, .. })).await;
        assert!(matches!(screen.view, View::Code { cause: None, .. }) && screen.strips.is_empty(), "{cut}: {screen:?}");
    }
    let posts = world.service.seen(RESEND);
    assert_eq!(posts.len(), 2 * bytes);
    for (cut, asked) in posts.chunks(2).enumerate() {
        assert_eq!((asked[0].key(), &asked[0].body), (asked[1].key(), &asked[1].body), "{cut}");
    }
}

#[tokio::test]
async fn nobody_listening_is_offline() {
    let mut world = World::signed_in();
    world.service.url = "http://127.0.0.1:1".into();
    world.keyring.put(&crate::world::kept_tokens(&world.service.url, "a", "r"));
    let engine = world.start().await;
    let screen = until(&engine, |s| opening_cause(s).is_some()).await;
    assert_eq!(opening_cause(&screen), Some(CauseKind::Offline));
    assert!(matches!(screen.strips[..], [Strip::Offline { .. }]), "{:?}", screen.strips);
}

#[tokio::test]
async fn a_service_whose_name_nobody_knows_is_offline() {
    let mut world = World::signed_in();
    // Longer than a part of a name may be: no resolver is asked.
    world.service.url = format!("https://{}.example", "m".repeat(64));
    world.keyring.put(&crate::world::kept_tokens(&world.service.url, "a", "r"));
    let engine = world.start().await;
    let screen = until(&engine, |s| opening_cause(s).is_some()).await;
    assert_eq!(opening_cause(&screen), Some(CauseKind::Offline));
}

#[tokio::test]
async fn what_the_person_must_wait_for_is_told_in_the_time_of_the_device() {
    let world = World::signed_in();
    world.service.always("GET /v1/me", Answer::retry_after(429, "3600".into()));
    let engine = world.start().await;
    let screen = until(&engine, |s| opening_cause(s).is_some()).await;
    let View::Opening { cause: Some(cause) } = screen.view else { panic!("{:?}", screen.view) };
    let wait = cause.retry_at.unwrap().since(world.clock.now());
    assert!((3_590_000..=3_600_000).contains(&wait), "{wait}");
}

#[tokio::test]
async fn a_post_is_repeated_under_its_own_key_and_no_other() {
    let world = World::signed_in();
    let engine = world.drive_to_diary().await;
    world.service.script("POST /v1/linkings", [Answer::Lost, Answer::status(502), Answer::Truncated]);
    engine.send(Intent::Begin);
    until(&engine, |s| matches!(s.view, View::Contact { .. })).await;
    engine.send(Intent::SubmitContact { text: crate::world::PHONE.into() });
    until(&engine, |s| matches!(s.view, View::Code { .. })).await;

    let posts = world.service.seen("POST /v1/linkings");
    let key = posts[0].key().unwrap().to_owned();
    assert_eq!(posts.len(), 4);
    assert!(posts.iter().all(|p| p.key() == Some(&key) && p.body == posts[0].body), "{posts:?}");
    let next = world.service.seen("POST /v1/linkings/l1/contact");
    assert_ne!(next[0].key(), Some(&*key));
    for post in world.service.all().iter().filter(|s| s.method == "POST") {
        let key = post.key().unwrap();
        assert!((16..=64).contains(&key.len()), "{key}");
        assert!(key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'), "{key}");
    }
}

#[tokio::test]
async fn an_answer_for_the_person_is_not_asked_for_again() {
    for (code, kind) in [
        (Code::ResendTooEarly, CauseKind::ResendTooEarly),
        (Code::ContactBlocked, CauseKind::ContactBlocked),
        (Code::SendsUsedUp, CauseKind::SendsUsedUp),
        (Code::ContactsUsedUp, CauseKind::ContactsUsedUp),
        (Code::NetworkContactsUsedUp, CauseKind::NetworkContactsUsedUp),
        (Code::CodesPaused, CauseKind::CodesPaused),
    ] {
        let world = World::signed_in();
        let engine = world.drive_to_code().await;
        world.service.always("POST /v1/linkings/l1/resend", Answer::problem(code));
        engine.send(Intent::Resend);
        let refused = |s: &Screen| matches!(&s.view, View::Code { cause: Some(cause), .. } if cause.kind == kind);
        until(&engine, refused).await;
        assert_eq!(world.service.seen("POST /v1/linkings/l1/resend").len(), 1, "{code:?}");
    }
}

#[tokio::test]
async fn retry_after_is_kept_to_in_both_its_forms() {
    // As a date it is a moment of the service's clock, whatever the device's says.
    let date = |at: &str| format!("Sun, 01 Nov 2026 10:00:{at} GMT");
    let dated = Answer::With(503, vec![("Date", date("10")), ("Retry-After", date("11"))], String::new());
    for answer in [Answer::retry_after(429, "1".into()), dated] {
        let world = World::signed_in();
        world.service.script("GET /v1/me", [answer]);
        let begun = Instant::now();
        drop(world.drive_to_diary().await);
        let waited = begun.elapsed();
        assert!(waited.as_millis() >= 1000, "{waited:?}");
        assert_eq!(world.service.seen("GET /v1/me").len(), 2);
    }
}

#[tokio::test]
async fn the_service_is_found_again_without_anybody_asking() {
    let mut world = World::signed_in();
    world.timeouts.attempts = 1;
    let engine = world.drive_to_diary().await;
    world.service.out_of_reach();
    engine.send(Intent::Refresh);
    until(&engine, |s| s.strips.iter().any(|strip| matches!(strip, Strip::Offline { .. }))).await;
    world.service.as_usual();
    until(&engine, |s| s.strips.is_empty()).await;
}

#[tokio::test]
async fn a_device_whose_clock_is_days_off_is_told_by_how_much() {
    let world = World::signed_in();
    let ahead = std::time::SystemTime::now() + Duration::from_secs(3 * 86_400);
    world.service.headers(vec![("Date", httpdate::fmt_http_date(ahead))]);
    let engine = world.drive_to_diary().await;
    let off = |s: &Screen| {
        s.strips.iter().find_map(|strip| match strip {
            Strip::ClockOff { by_ms } => Some(*by_ms),
            _ => None,
        })
    };
    let screen = until(&engine, |s| off(s).is_some()).await;
    let by = off(&screen).unwrap() + 3 * 86_400_000;
    assert!(by.abs() < 3000, "{by}");
}

#[tokio::test]
async fn a_stale_version_shows_the_present_state() {
    let world = World::signed_in();
    let engine = world.drive_to_contact().await;
    let mut problem = mostik_wire::Problem::new(Code::StaleVersion);
    problem.linking =
        Some(Box::new(linking(9, Step::Taken { channel: Channel::Sms, contact_masked: "+7 900 •••-••-42".into() })));
    let body = serde_json::to_string(&problem).unwrap();
    let headers = vec![("Content-Type", "application/problem+json".to_owned())];
    world.service.always("POST /v1/linkings/l1/contact", Answer::With(409, headers, body));
    engine.send(Intent::SubmitContact { text: crate::world::PHONE.into() });
    until(&engine, |s| matches!(s.view, View::Taken { .. })).await;
}

#[tokio::test]
async fn a_clock_that_agrees_is_not_corrected_by_the_seconds_of_a_header() {
    let world = World::signed_in();
    let engine = world.drive_to_code().await;
    let View::Code { expires_at, .. } = engine.snapshot().view else { panic!("not at the code") };
    let mostik_wire::Step::Code(step) = crate::world::step_code() else { panic!("no code") };
    assert_eq!(expires_at, step.expires_at);
}
