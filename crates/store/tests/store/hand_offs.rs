use mostik_store::{
    Conn,
    hand_offs::{self, HandOff, HandOffKey, NewHandOff},
    sessions,
};
use mostik_wire::{HandOffPlace, Millis};

use crate::world::{NOW, World};

async fn make(conn: &mut Conn, id: &str, session: &str, place: HandOffPlace, now: Millis) {
    let (token_hash, expires_at) = (format!("token {id}"), now.plus(60));
    let new = NewHandOff { id, token_hash: &token_hash, session, pupil: "misha", place, now, expires_at };
    hand_offs::make(conn, &new).await.unwrap();
}

#[tokio::test]
async fn a_hand_off_is_found_by_its_id_and_its_token_alone() {
    let store = World::with_session("s").await;
    let mut tx = store.write().await.unwrap();
    make(&mut tx, "h", "s", HandOffPlace::Security, NOW).await;
    for by in [HandOffKey::Id("token h"), HandOffKey::Token("h")] {
        assert_eq!(hand_offs::find(&mut tx, by).await.unwrap(), None);
    }
    let made = HandOff {
        id: "h".into(),
        session: "s".into(),
        session_ended_at: None,
        pupil: "misha".into(),
        first_name: "Михаил".into(),
        last_name: "Орлов".into(),
        place: HandOffPlace::Security,
        expires_at: NOW.plus(60),
        seen_until: None,
        taken_at: None,
        taken_by_device: None,
    };
    assert_eq!(hand_offs::find(&mut tx, HandOffKey::Id("h")).await.unwrap().as_ref(), Some(&made));
    assert_eq!(hand_offs::find(&mut tx, HandOffKey::Token("token h")).await.unwrap().as_ref(), Some(&made));
    sessions::end(&mut tx, "olga", Some("s"), NOW.plus(1)).await.unwrap();
    let ended = hand_offs::find(&mut tx, HandOffKey::Id("h")).await.unwrap().unwrap();
    assert_eq!(ended.session_ended_at, Some(NOW.plus(1)));
}

#[tokio::test]
async fn every_place_comes_back_as_it_was_kept() {
    let store = World::with_session("s").await;
    let mut tx = store.write().await.unwrap();
    for (id, place) in [("a", HandOffPlace::Diary), ("b", HandOffPlace::Linking), ("c", HandOffPlace::Security)] {
        make(&mut tx, id, "s", place, NOW).await;
        assert_eq!(hand_offs::find(&mut tx, HandOffKey::Id(id)).await.unwrap().unwrap().place, place);
    }
}

#[tokio::test]
async fn it_is_seen_once_and_not_after_its_end() {
    let store = World::with_session("s").await;
    let mut tx = store.write().await.unwrap();
    make(&mut tx, "late", "s", HandOffPlace::Diary, NOW).await;
    assert!(!hand_offs::see(&mut tx, "late", NOW.plus(900), NOW.plus(60)).await.unwrap());
    make(&mut tx, "taken", "s", HandOffPlace::Diary, NOW).await;
    hand_offs::take(&mut tx, "taken", None, NOW).await.unwrap();
    assert!(!hand_offs::see(&mut tx, "taken", NOW.plus(900), NOW).await.unwrap());
    make(&mut tx, "open", "s", HandOffPlace::Diary, NOW).await;
    assert!(hand_offs::see(&mut tx, "open", NOW.plus(900), NOW).await.unwrap());
    assert!(!hand_offs::see(&mut tx, "open", NOW.plus(1800), NOW).await.unwrap());
    let seen = hand_offs::find(&mut tx, HandOffKey::Id("open")).await.unwrap().unwrap();
    assert_eq!(seen.seen_until, Some(NOW.plus(900)));
}

#[tokio::test]
async fn it_is_taken_once() {
    let store = World::with_session("s").await;
    let mut tx = store.write().await.unwrap();
    make(&mut tx, "h", "s", HandOffPlace::Diary, NOW).await;
    assert!(!hand_offs::take(&mut tx, "another", None, NOW).await.unwrap());
    assert!(hand_offs::take(&mut tx, "h", Some("Мостик, Android"), NOW).await.unwrap());
    assert!(!hand_offs::take(&mut tx, "h", None, NOW.plus(1)).await.unwrap());
    let taken = hand_offs::find(&mut tx, HandOffKey::Id("h")).await.unwrap().unwrap();
    assert_eq!((taken.taken_at, taken.taken_by_device.as_deref()), (Some(NOW), Some("Мостик, Android")));
}

#[tokio::test]
async fn those_of_a_session_that_could_be_taken_are_ended() {
    let store = World::with_session("s").await;
    store.begin_session("t").await;
    let mut tx = store.write().await.unwrap();
    for (id, session, now) in
        [("over", "s", NOW.plus(-60)), ("taken", "s", NOW), ("seen", "s", NOW), ("open", "s", NOW), ("other", "t", NOW)]
    {
        make(&mut tx, id, session, HandOffPlace::Diary, now).await;
    }
    hand_offs::take(&mut tx, "taken", None, NOW).await.unwrap();
    hand_offs::see(&mut tx, "seen", NOW.plus(900), NOW).await.unwrap();
    let mut ended = hand_offs::end_of_session(&mut tx, "s", NOW.plus(1)).await.unwrap();
    ended.sort();
    assert_eq!(ended, ["open", "seen"]);
    for (id, expires_at, seen_until) in
        [("open", NOW.plus(1), None), ("seen", NOW.plus(1), Some(NOW.plus(1))), ("other", NOW.plus(60), None)]
    {
        let found = hand_offs::find(&mut tx, HandOffKey::Id(id)).await.unwrap().unwrap();
        assert_eq!((found.expires_at, found.seen_until), (expires_at, seen_until), "{id}");
    }
}

#[tokio::test]
async fn those_of_an_account_are_counted_over_all_its_sessions() {
    let store = World::with_session("s").await;
    store.begin_session("t").await;
    let mut tx = store.write().await.unwrap();
    assert_eq!(hand_offs::made_since(&mut tx, "olga", NOW.plus(-60)).await.unwrap(), []);
    for (id, session, now) in [("a", "s", NOW), ("b", "t", NOW.plus(1)), ("c", "s", NOW.plus(2))] {
        make(&mut tx, id, session, HandOffPlace::Diary, now).await;
    }
    assert_eq!(hand_offs::made_since(&mut tx, "olga", NOW).await.unwrap(), [NOW.plus(2), NOW.plus(1)]);
    assert_eq!(hand_offs::made_since(&mut tx, "another", Millis(0)).await.unwrap(), []);
}
