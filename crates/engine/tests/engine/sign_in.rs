//! The sign-in in the browser: whatever comes to the port, only the one true answer counts.

use std::{collections::HashMap, sync::atomic::Ordering, time::Duration};

use mostik_engine::Engine;
use mostik_flow::{CauseKind, Intent, Screen, View};
use mostik_wire::Code;
use url::Url;

use crate::world::{Answer, World, until};

pub const CODE: &str = "CODE-MARKER-1";

/// Signs in as a person does.
pub async fn sign_in(world: &World, engine: &Engine) {
    let page = begin(world, engine).await;
    let (status, text) = finish(world, &page).await;
    assert_eq!(status, 200);
    assert!(text.contains("Готово, вернитесь в Мостик"), "{text}");
}

async fn begin(world: &World, engine: &Engine) -> Url {
    engine.send(Intent::SignIn);
    let page = world.person.page().await;
    world.service.expect_challenge(&field(&page, "code_challenge"));
    page
}

async fn finish(world: &World, page: &Url) -> (u16, String) {
    let (state, iss) = (field(page, "state"), world.service.url.clone());
    world.person.come_back(page, &[("code", CODE), ("state", &state), ("iss", &iss)]).await
}

fn field(page: &Url, name: &str) -> String {
    page.query_pairs().into_owned().collect::<HashMap<_, _>>().remove(name).unwrap()
}

async fn at_sign_in(world: &World) -> Engine {
    let engine = world.start().await;
    until(&engine, |s| matches!(s.view, View::SignIn { .. })).await;
    engine
}

fn ended_with(screen: &Screen) -> Option<CauseKind> {
    match &screen.view {
        View::SignIn { cause: Some(cause), .. } => Some(cause.kind),
        _ => None,
    }
}

#[tokio::test]
async fn forged_answers_change_nothing_and_the_true_one_still_counts() {
    let world = World::new();
    let engine = at_sign_in(&world).await;
    let page = begin(&world, &engine).await;
    let (state, iss) = (field(&page, "state"), world.service.url.clone());
    for forged in [
        vec![("code", "x"), ("state", "x"), ("iss", &*iss)],
        vec![("code", "x"), ("state", &*state)],
        vec![("code", "x"), ("state", &*state), ("iss", "https://evil.example")],
        vec![("code", "x"), ("code", "x"), ("state", &*state), ("iss", &*iss)],
        vec![("error", "access_denied"), ("state", "x"), ("iss", &*iss)],
    ] {
        let (status, text) = world.person.come_back(&page, &forged).await;
        assert_eq!(status, 400, "{forged:?}");
        assert!(text.contains("Это не тот вход"), "{text}");
    }
    let elsewhere = Url::parse(&field(&page, "redirect_uri").replace("/callback", "/favicon.ico")).unwrap();
    assert_eq!(world.person.visit(elsewhere).await.0, 404);
    assert!(matches!(engine.snapshot().view, View::SigningIn { .. }));
    assert!(world.service.seen("POST /oauth/token").is_empty());

    finish(&world, &page).await;
    until(&engine, |s| matches!(s.view, View::Diary { .. })).await;
}

#[tokio::test]
async fn a_refusal_at_the_diary_is_told_as_one() {
    let world = World::new();
    let engine = at_sign_in(&world).await;
    for (error, expected, said) in [
        ("access_denied", CauseKind::SignInRefused, "Вход отменён"),
        ("temporarily_unavailable", CauseKind::DiaryUnavailable, "Войти не получилось"),
    ] {
        let page = begin(&world, &engine).await;
        let (state, iss) = (field(&page, "state"), world.service.url.clone());
        let answer = [("error", error), ("state", &*state), ("iss", &*iss)];
        let (status, text) = world.person.come_back(&page, &answer).await;
        assert_eq!(status, 200);
        assert!(text.contains(said), "{text}");
        until(&engine, |s| ended_with(s) == Some(expected)).await;
    }
    assert!(world.service.seen("POST /oauth/token").is_empty());
}

#[tokio::test]
async fn a_sign_in_that_nobody_finishes_ends_by_itself() {
    let mut world = World::new();
    world.timeouts.sign_in = Duration::from_millis(50);
    let engine = at_sign_in(&world).await;
    engine.send(Intent::SignIn);
    until(&engine, |s| ended_with(s) == Some(CauseKind::SignInAbandoned)).await;
}

#[tokio::test]
async fn a_code_is_spent_once_whatever_becomes_of_the_answer() {
    for (answer, expected) in [
        (Answer::Reset, CauseKind::Offline),
        (Answer::status(500), CauseKind::ServiceBroken),
        (Answer::html(200), CauseKind::CaptivePortal),
        (Answer::With(400, vec![], r#"{"error":"invalid_grant"}"#.into()), CauseKind::SignInForged),
        (Answer::problem(Code::AccountBlocked), CauseKind::AccountBlocked),
    ] {
        let world = World::new();
        let engine = at_sign_in(&world).await;
        let page = begin(&world, &engine).await;
        world.service.always("POST /oauth/token", answer);
        let (_, text) = finish(&world, &page).await;
        assert!(text.contains("Войти не получилось"), "{text}");
        until(&engine, |s| ended_with(s) == Some(expected)).await;
        assert_eq!(world.service.seen("POST /oauth/token").len(), 1, "{expected:?}");
        assert_eq!(world.keyring.holds(), None);
    }
}

#[tokio::test]
async fn without_a_network_the_browser_is_not_opened() {
    let world = World::new();
    let engine = at_sign_in(&world).await;
    world.service.out_of_reach();
    engine.send(Intent::SignIn);
    until(&engine, |s| ended_with(s) == Some(CauseKind::Offline)).await;
}

#[tokio::test]
async fn a_browser_that_does_not_open_leaves_the_address_to_the_person() {
    let world = World::new();
    let engine = at_sign_in(&world).await;
    world.person.cannot_open.store(true, Ordering::SeqCst);
    engine.send(Intent::SignIn);
    let screen = until(&engine, |s| matches!(s.view, View::SigningIn { address: Some(_) })).await;
    let View::SigningIn { address: Some(address) } = screen.view else { panic!("{:?}", screen.view) };

    world.person.cannot_open.store(false, Ordering::SeqCst);
    engine.send(Intent::OpenBrowserAgain);
    assert_eq!(world.person.page().await.as_str(), address);
    until(&engine, |s| matches!(s.view, View::SigningIn { address: None })).await;
}

#[tokio::test]
async fn a_cancelled_sign_in_listens_no_more_and_leaves_no_session() {
    let world = World::new();
    let engine = at_sign_in(&world).await;
    let page = begin(&world, &engine).await;
    engine.send(Intent::CancelSignIn);
    until(&engine, |s| matches!(s.view, View::SignIn { cause: None, .. })).await;
    let port = Url::parse(&field(&page, "redirect_uri")).unwrap().port().unwrap();
    let free = async {
        while tokio::net::TcpListener::bind(("127.0.0.1", port)).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    crate::world::soon(free).await;
    sign_in(&world, &engine).await;
    until(&engine, |s| matches!(s.view, View::Diary { .. })).await;
}

#[tokio::test]
async fn a_sign_in_asks_for_what_the_standards_want() {
    let world = World::new();
    let engine = at_sign_in(&world).await;
    let page = begin(&world, &engine).await;
    assert!(page.as_str().starts_with(&format!("{}/oauth/authorize?", world.service.url)), "{page}");
    assert_eq!(field(&page, "response_type"), "code");
    assert_eq!(field(&page, "client_id"), "mostik-desktop");
    assert_eq!(field(&page, "code_challenge_method"), "S256");
    assert_eq!((field(&page, "state").len(), field(&page, "code_challenge").len()), (43, 43));
    let redirect = Url::parse(&field(&page, "redirect_uri")).unwrap();
    assert_eq!((redirect.host_str(), redirect.path(), redirect.query()), (Some("127.0.0.1"), "/callback", None));

    finish(&world, &page).await;
    until(&engine, |s| matches!(s.view, View::Diary { .. })).await;
    let exchange = &world.service.seen("POST /oauth/token")[0];
    assert!(exchange.body.contains(&format!("grant_type=authorization_code&code={CODE}&")), "{}", exchange.body);
    engine.stop().await;

    let engine = world.drive_to_diary().await;
    drop(engine);
}
