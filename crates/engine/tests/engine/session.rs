//! Tokens: renewed once, written before they are used, forgotten when they are worth nothing.

use std::time::Duration;

use mostik_flow::{CauseKind, Intent, Screen, View};
use mostik_wire::Code;

use crate::world::{ACCESS, Answer, Mood, REFRESH, World, kept_tokens, until};

fn signed_out_because(screen: &Screen) -> Option<CauseKind> {
    match &screen.view {
        View::SignIn { cause: Some(cause), .. } => Some(cause.kind),
        _ => None,
    }
}

fn day(n: usize) -> String {
    format!("2026-10-{:02}", n + 1)
}

fn schedule(n: usize) -> String {
    format!("GET /v1/pupils/p1/schedule?date={}", day(n))
}

#[tokio::test]
async fn a_session_that_the_service_ended_is_forgotten() {
    // Told by the call itself, or when the tokens are renewed.
    for expired in [false, true] {
        let world = World::signed_in();
        let engine = world.drive_to_diary().await;
        world.service.end_session();
        if expired {
            world.service.expire_access();
        }
        engine.send(Intent::Refresh);
        let screen = until(&engine, |s| matches!(s.view, View::SignIn { .. })).await;
        assert_eq!(signed_out_because(&screen), Some(CauseKind::SessionEnded));
        engine.stop().await;
        assert_eq!(world.keyring.holds(), None);
        assert_eq!(world.service.seen("POST /oauth/token").len(), usize::from(expired));
    }
}

#[tokio::test]
async fn a_blocked_account_is_signed_out_with_the_code_of_the_request() {
    // Told by the call itself, or when the tokens are renewed.
    for (expired, request) in [(false, "GET /v1/me"), (true, "POST /oauth/token")] {
        let world = World::signed_in();
        let engine = world.drive_to_diary().await;
        if expired {
            world.service.expire_access();
        }
        world.service.always(request, Answer::request_refused(Code::AccountBlocked, "7F3K-9QWX-2TBM"));
        engine.send(Intent::Refresh);
        let screen = until(&engine, |s| matches!(s.view, View::SignIn { .. })).await;
        let View::SignIn { cause: Some(cause), .. } = screen.view else { panic!() };
        assert_eq!((cause.kind, cause.support.as_deref()), (CauseKind::AccountBlocked, Some("7F3K-9QWX-2TBM")));
        engine.stop().await;
        assert_eq!(world.keyring.holds(), None);
    }
}

#[tokio::test]
async fn a_renewal_that_does_not_get_through_keeps_the_session() {
    let world = World::signed_in();
    world.service.expire_access();
    world.service.always("POST /oauth/token", Answer::status(500));
    let engine = world.start().await;
    until(&engine, |s| matches!(&s.view, View::Opening { cause: Some(c) } if c.kind == CauseKind::ServiceBroken)).await;
    let renewals = world.service.seen("POST /oauth/token");
    assert_eq!(renewals.len(), 4);
    assert!(renewals.iter().all(|r| r.key().is_some() && r.key() == renewals[0].key()));
    assert!(world.keyring.holds().unwrap().contains(&format!("{REFRESH}1")));
    world.service.as_usual();
    engine.send(Intent::Retry);
    until(&engine, |s| matches!(s.view, View::Diary { .. })).await;
}

#[tokio::test]
async fn a_fresh_token_that_is_refused_is_not_renewed_again() {
    let world = World::signed_in();
    world.service.always("GET /v1/me", Answer::problem(Code::Unauthorized));
    let engine = world.start().await;
    until(&engine, |s| signed_out_because(s) == Some(CauseKind::SessionEnded)).await;
    assert_eq!(world.service.seen("POST /oauth/token").len(), 1);
}

#[tokio::test]
async fn tokens_are_never_sent_to_another_service() {
    let world = World::new();
    world.keyring.put(&kept_tokens("http://127.0.0.1:1", "other-access", "other-refresh"));
    let engine = world.start().await;
    until(&engine, |s| matches!(s.view, View::SignIn { cause: None, .. })).await;
    assert!(world.service.all().is_empty());
}

#[tokio::test]
async fn twenty_calls_with_an_expired_token_renew_it_once() {
    let world = World::signed_in();
    let engine = world.drive_to_diary().await;
    world.service.expire_access();
    for n in 0..20 {
        engine.send(Intent::ShowDay { date: day(n) });
    }
    let bearer = format!("Bearer {ACCESS}2");
    for n in 0..20 {
        let mut times = 1;
        while world.service.seen(&schedule(n)).iter().all(|s| s.headers["authorization"] != bearer) {
            world.service.until_seen(&schedule(n), times).await;
            times += 1;
        }
    }
    assert_eq!(world.service.seen("POST /oauth/token").len(), 1);
    assert!(world.keyring.holds().unwrap().contains(&format!("{REFRESH}2")));
}

#[tokio::test]
async fn renewed_tokens_are_kept_before_they_are_used() {
    let mut world = World::signed_in();
    world.timeouts.keyring = Duration::from_millis(300);
    let engine = world.drive_to_diary().await;
    world.service.expire_access();
    world.keyring.set(Mood::Stands);
    engine.send(Intent::ShowDay { date: day(0) });
    world.service.until_seen(&schedule(0), 2).await;
    // The keyring had all its time before the new token was shown to anybody.
    let renewed_at = world.service.seen("POST /oauth/token")[0].at;
    let used = &world.service.seen(&schedule(0))[1];
    assert_eq!(used.headers["authorization"], format!("Bearer {ACCESS}2"));
    assert!(used.at - renewed_at >= world.timeouts.keyring, "{:?}", used.at - renewed_at);
    world.keyring.set(Mood::Well);
}

#[tokio::test]
async fn signing_out_forgets_here_and_ends_it_there_if_that_can_be_reached() {
    for reachable in [true, false] {
        let world = World::signed_in();
        let engine = world.drive_to_diary().await;
        if !reachable {
            world.service.out_of_reach();
        }
        engine.send(Intent::SignOut);
        until(&engine, |s| matches!(s.view, View::SignIn { cause: None, .. })).await;
        world.service.until_seen("POST /oauth/revoke", 1).await;
        assert_eq!(world.keyring.holds(), None);
        let revocation = &world.service.seen("POST /oauth/revoke")[0];
        assert_eq!(revocation.body, format!("token={REFRESH}1&client_id=mostik-desktop"));
    }
}
