use mostik_store::{
    Conn,
    sessions::{self, NewTokens},
};
use mostik_wire::Millis;

use crate::world::{NOW, World};

async fn give(conn: &mut Conn, session: &str, tokens: [&str; 2], device: Option<&str>, now: Millis) {
    let [access_hash, refresh_hash] = tokens;
    let (access_expires_at, refresh_expires_at) = (now.plus(10), now.plus(60));
    let new = NewTokens { access_hash, access_expires_at, refresh_hash, refresh_expires_at, device, now };
    sessions::give_tokens(conn, session, &new).await.unwrap();
}

#[tokio::test]
async fn an_unknown_token_is_nobodys() {
    let store = World::with_session("s").await;
    let mut tx = store.write().await.unwrap();
    give(&mut tx, "s", ["access", "refresh"], None, NOW).await;
    assert_eq!(sessions::of_access_token(&mut tx, "refresh").await.unwrap(), None);
    assert_eq!(sessions::of_refresh_token(&mut tx, "access").await.unwrap(), None);
    assert!(!sessions::stands(&mut tx, "nobody").await.unwrap());
    assert!(!sessions::spend(&mut tx, "access", NOW).await.unwrap());
}

#[tokio::test]
async fn a_session_that_is_none_gets_no_tokens() {
    let store = World::with_olga().await;
    let mut tx = store.write().await.unwrap();
    let new = NewTokens {
        access_hash: "access",
        access_expires_at: NOW,
        refresh_hash: "refresh",
        refresh_expires_at: NOW,
        device: None,
        now: NOW,
    };
    assert!(sessions::give_tokens(&mut tx, "nobody", &new).await.is_err());
}

#[tokio::test]
async fn tokens_come_in_generations_and_a_refresh_token_is_spent_once() {
    let store = World::with_session("s").await;
    let mut tx = store.write().await.unwrap();
    give(&mut tx, "s", ["access 1", "refresh 1"], None, NOW).await;
    let refresh = sessions::of_refresh_token(&mut tx, "refresh 1").await.unwrap().unwrap();
    assert_eq!((refresh.generation, refresh.session.newest, refresh.session.confirmed), (1, 1, 0));
    assert_eq!((refresh.session.account.as_str(), refresh.session.client.as_str()), ("olga", "mostik"));
    assert_eq!((refresh.expires_at, refresh.spent_at, refresh.session.ended_at), (NOW.plus(60), None, None));

    assert!(sessions::spend(&mut tx, "refresh 1", NOW.plus(5)).await.unwrap());
    assert!(!sessions::spend(&mut tx, "refresh 1", NOW.plus(6)).await.unwrap());
    sessions::confirm(&mut tx, "s", 1).await.unwrap();
    give(&mut tx, "s", ["access 2", "refresh 2"], None, NOW.plus(5)).await;
    let spent = sessions::of_refresh_token(&mut tx, "refresh 1").await.unwrap().unwrap();
    assert_eq!((spent.spent_at, spent.session.newest, spent.session.confirmed), (Some(NOW.plus(5)), 2, 1));
    let access = sessions::of_access_token(&mut tx, "access 2").await.unwrap().unwrap();
    assert_eq!((access.generation, access.expires_at, access.session), (2, NOW.plus(15), spent.session));
}

#[tokio::test]
async fn a_client_never_holds_less_than_it_has_shown() {
    let store = World::with_session("s").await;
    let mut tx = store.write().await.unwrap();
    give(&mut tx, "s", ["access", "refresh"], None, NOW).await;
    for (told, confirmed) in [(2, 2), (1, 2)] {
        sessions::confirm(&mut tx, "s", told).await.unwrap();
        let access = sessions::of_access_token(&mut tx, "access").await.unwrap().unwrap();
        assert_eq!(access.session.confirmed, confirmed);
    }
}

#[tokio::test]
async fn the_newest_tokens_alone_are_taken_back() {
    let store = World::with_session("s").await;
    let mut tx = store.write().await.unwrap();
    give(&mut tx, "s", ["access 1", "refresh 1"], None, NOW).await;
    give(&mut tx, "s", ["access 2", "refresh 2"], None, NOW).await;
    sessions::take_tokens_back(&mut tx, "s", 2).await.unwrap();
    assert_eq!(sessions::of_access_token(&mut tx, "access 2").await.unwrap(), None);
    assert_eq!(sessions::of_refresh_token(&mut tx, "refresh 2").await.unwrap(), None);
    let first = sessions::of_access_token(&mut tx, "access 1").await.unwrap().unwrap();
    assert_eq!(first.session.newest, 1);
    // Told twice.
    sessions::take_tokens_back(&mut tx, "s", 2).await.unwrap();
    assert_eq!(sessions::of_access_token(&mut tx, "access 1").await.unwrap().unwrap().session.newest, 1);
}

#[tokio::test]
async fn sessions_are_ended_by_their_own_account_once() {
    let store = World::with_session("s").await;
    for other in ["t", "u"] {
        store.begin_session(other).await;
    }
    let mut tx = store.write().await.unwrap();
    give(&mut tx, "s", ["access", "refresh"], None, NOW).await;
    assert_eq!(sessions::end(&mut tx, "another", Some("s"), NOW).await.unwrap(), [""; 0]);
    assert_eq!(sessions::end(&mut tx, "another", None, NOW).await.unwrap(), [""; 0]);
    assert!(sessions::stands(&mut tx, "s").await.unwrap());
    assert_eq!(sessions::end(&mut tx, "olga", Some("s"), NOW).await.unwrap(), ["s"]);
    assert_eq!(sessions::end(&mut tx, "olga", Some("s"), NOW.plus(1)).await.unwrap(), [""; 0]);
    assert!(!sessions::stands(&mut tx, "s").await.unwrap());
    let access = sessions::of_access_token(&mut tx, "access").await.unwrap().unwrap();
    assert_eq!(access.session.ended_at, Some(NOW), "the moment of the first end stays");
    assert_eq!(sessions::end(&mut tx, "olga", None, NOW).await.unwrap().len(), 2);
}

#[tokio::test]
async fn who_is_signed_in_nowhere_is_told_of_no_session() {
    let store = World::with_session("s").await;
    let mut tx = store.write().await.unwrap();
    assert_eq!(sessions::of_account(&mut tx, "olga", "s").await.unwrap(), [], "it has no tokens yet");
    give(&mut tx, "s", ["access", "refresh"], None, NOW).await;
    assert_eq!(sessions::of_account(&mut tx, "another", "s").await.unwrap(), []);
    sessions::spend(&mut tx, "refresh", NOW).await.unwrap();
    assert_eq!(sessions::of_account(&mut tx, "olga", "s").await.unwrap(), [], "nothing renews it");
}

#[tokio::test]
async fn the_present_session_is_told_of_first_and_the_others_by_their_last_use() {
    let store = World::with_session("present").await;
    for other in ["older", "newer", "ended"] {
        store.begin_session(other).await;
    }
    let mut tx = store.write().await.unwrap();
    for (nth, id) in (1..).zip(["present", "older", "newer", "ended"]) {
        let (access, refresh) = (format!("access {id}"), format!("refresh {id}"));
        give(&mut tx, id, [&access, &refresh], Some("Мостик, Windows"), NOW.plus(nth)).await;
    }
    sessions::end(&mut tx, "olga", Some("ended"), NOW).await.unwrap();
    let open = sessions::of_account(&mut tx, "olga", "present").await.unwrap();
    let told: Vec<_> = open.iter().map(|open| (open.id.as_str(), open.began_at, open.seen_at)).collect();
    assert_eq!(told, [("present", NOW, NOW.plus(1)), ("newer", NOW, NOW.plus(3)), ("older", NOW, NOW.plus(2))]);
    assert_eq!(open[0].device.as_deref(), Some("Мостик, Windows"));
}
