//! A keyring that is absent, locked, dismissed, slow or broken is a screen with a way on.

use std::time::Duration;

use mostik_flow::{Intent, KeyringProblem, Strip, View};

use crate::world::{Mood, World, until};

#[tokio::test]
async fn each_problem_is_shown_and_can_be_tried_again() {
    use KeyringProblem::{Absent, Broken, Dismissed, Locked};
    for (mood, expected) in [
        (Mood::Says(Absent), Absent),
        (Mood::Says(Locked), Locked),
        (Mood::Says(Dismissed), Dismissed),
        (Mood::Says(Broken), Broken),
        (Mood::Panics, Broken),
        (Mood::Stands, Locked),
    ] {
        let mut world = World::signed_in();
        // Only the one that never answers is waited for; writing a panic's backtrace takes longer than that.
        if matches!(mood, Mood::Stands) {
            world.timeouts.keyring = Duration::from_millis(100);
        }
        world.keyring.set(mood);
        let engine = world.start().await;
        let screen = until(&engine, |s| matches!(s.view, View::Keyring { busy: false, .. })).await;
        assert!(matches!(screen.view, View::Keyring { problem, .. } if problem == expected), "{:?}", screen.view);
        world.keyring.set(Mood::Well);
        engine.send(Intent::RetryKeyring);
        until(&engine, |s| matches!(s.view, View::Diary { .. })).await;
    }
}

#[tokio::test]
async fn a_session_in_memory_alone_never_touches_the_keyring() {
    let world = World::new();
    world.keyring.set(Mood::Says(KeyringProblem::Dismissed));
    let engine = world.start().await;
    until(&engine, |s| matches!(s.view, View::Keyring { .. })).await;
    engine.send(Intent::ContinueWithoutKeyring);
    until(&engine, |s| matches!(s.view, View::SignIn { .. })).await;
    world.keyring.set(Mood::Well);
    crate::sign_in::sign_in(&world, &engine).await;
    let screen = until(&engine, |s| matches!(s.view, View::Diary { .. })).await;
    assert_eq!(screen.strips, [Strip::SessionOnly]);
    world.service.expire_access();
    engine.send(Intent::Refresh);
    world.service.until_seen("POST /oauth/token", 2).await;
    engine.stop().await;
    assert_eq!(world.keyring.holds(), None);
}

#[tokio::test]
async fn a_session_that_cannot_be_kept_holds_until_the_end_and_says_so() {
    let world = World::new();
    let engine = world.start().await;
    until(&engine, |s| matches!(s.view, View::SignIn { .. })).await;
    world.keyring.set(Mood::Says(KeyringProblem::Locked));
    crate::sign_in::sign_in(&world, &engine).await;
    let screen = until(&engine, |s| matches!(s.view, View::Diary { .. })).await;
    assert_eq!(screen.strips, [Strip::SessionOnly]);
}
