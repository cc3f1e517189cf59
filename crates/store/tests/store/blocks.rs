//! What is blocked, and since when.

use mostik_store::{
    blocks::{self, Blockable},
    erasure, family,
    sessions::{self, NewTokens},
    sign_ins::{self, NewCode},
    sql, support,
};

use crate::world::{NOW, World, olga};

const OLGA: Blockable<'_> = Blockable::Account("olga");

#[tokio::test]
async fn what_there_is_not_is_not_blocked_and_what_is_so_already_stays() {
    let world = World::with_olga().await;
    let mut tx = world.write().await.unwrap();
    for nobody in [Blockable::Account("nobody"), Blockable::Profile("olga")] {
        assert!(!blocks::set(&mut tx, nobody, Some(NOW)).await.unwrap());
        assert!(!blocks::is_set(&mut tx, nobody).await.unwrap());
    }
    assert!(!blocks::set(&mut tx, OLGA, None).await.unwrap());
    assert_eq!(blocks::account_of(&mut tx, "101").await.unwrap(), None);
    assert!(blocks::set(&mut tx, OLGA, Some(NOW)).await.unwrap());
    assert!(!blocks::set(&mut tx, OLGA, Some(NOW.plus(1))).await.unwrap());
    assert!(blocks::is_set(&mut tx, OLGA).await.unwrap());
    assert_eq!(blocks::account_of(&mut tx, "101").await.unwrap().as_deref(), Some("olga"));
    assert_eq!(
        support::account(&mut tx, "olga").await.unwrap().unwrap().blocked_at,
        Some(NOW.0),
        "since the first time"
    );
    assert!(blocks::set(&mut tx, OLGA, None).await.unwrap());
    assert!(!blocks::is_set(&mut tx, OLGA).await.unwrap());
}

#[tokio::test]
async fn every_token_and_code_of_a_blocked_account_says_so() {
    let world = World::with_session("session").await;
    let mut tx = world.write().await.unwrap();
    let tokens = NewTokens {
        access_hash: "access",
        access_expires_at: NOW.plus(1),
        refresh_hash: "refresh",
        refresh_expires_at: NOW.plus(2),
        device: None,
        now: NOW,
    };
    sessions::give_tokens(&mut tx, "session", &tokens).await.unwrap();
    let code = NewCode { hash: "code", session: "session", redirect_uri: "r", challenge: "c", expires_at: NOW };
    sign_ins::keep_code(&mut tx, &code).await.unwrap();
    for blocked in [false, true] {
        if blocked {
            blocks::set(&mut tx, OLGA, Some(NOW)).await.unwrap();
        }
        assert_eq!(sessions::of_access_token(&mut tx, "access").await.unwrap().unwrap().session.blocked, blocked);
        assert_eq!(sessions::of_refresh_token(&mut tx, "refresh").await.unwrap().unwrap().session.blocked, blocked);
        assert_eq!(sign_ins::spend_code(&mut tx, "code", NOW).await.unwrap().unwrap().blocked, blocked);
    }
}

#[tokio::test]
async fn a_blocked_account_is_kept_without_a_name_where_it_would_go() {
    let world = World::with_olga().await;
    for blocked in [true, false] {
        let mut tx = world.write().await.unwrap();
        blocks::set(&mut tx, OLGA, blocked.then_some(NOW)).await.unwrap();
        sql::query(
            "INSERT INTO profiles (id, phone, first_name, last_name, role, created_at) VALUES ('p', '1', '', '', 'pupil', 0)",
        )
        .execute(&mut tx)
        .await
        .unwrap();
        family::keep_account(&mut tx, &olga()).await.unwrap();
        family::keep_pupils(&mut tx, "olga", &[crate::world::misha()]).await.unwrap();
        erasure::profile(&mut tx, "p", Some("misha")).await.unwrap();
        let left = support::account(&mut tx, "olga").await.unwrap();
        tx.commit().await.unwrap();
        match left {
            Some(left) => assert_eq!((left.first_name.as_str(), left.blocked_at), ("", Some(NOW.0))),
            None => assert!(!blocked),
        }
    }
}
