use mostik_store::{
    Tx,
    sign_ins::{self, NewCode, SignIn, SpentCode},
};

use crate::world::{NOW, World};

fn sign_in() -> SignIn {
    SignIn {
        client: "mostik".into(),
        redirect_uri: "http://127.0.0.1:7/callback".into(),
        client_state: "opaque".into(),
        challenge: "challenge".into(),
        expires_at: NOW.plus(60),
    }
}

async fn keep_code(tx: &mut Tx) {
    let code = NewCode {
        hash: "hash",
        session: "s",
        redirect_uri: "http://127.0.0.1:7/callback",
        challenge: "challenge",
        expires_at: NOW.plus(60),
    };
    sign_ins::keep_code(tx, &code).await.unwrap();
}

#[tokio::test]
async fn a_sign_in_is_taken_once_and_by_its_own_state() {
    let store = World::new().await;
    let mut tx = store.write().await.unwrap();
    sign_ins::begin(&mut tx, "state", &sign_in()).await.unwrap();
    assert_eq!(sign_ins::take(&mut tx, "another").await.unwrap(), None);
    assert_eq!(sign_ins::take(&mut tx, "state").await.unwrap(), Some(sign_in()));
    assert_eq!(sign_ins::take(&mut tx, "state").await.unwrap(), None);
}

#[tokio::test]
async fn one_state_is_of_one_sign_in() {
    let store = World::new().await;
    let mut tx = store.write().await.unwrap();
    sign_ins::begin(&mut tx, "state", &sign_in()).await.unwrap();
    assert!(sign_ins::begin(&mut tx, "state", &sign_in()).await.is_err());
}

#[tokio::test]
async fn a_code_that_comes_again_says_so() {
    let store = World::with_session("s").await;
    let mut tx = store.write().await.unwrap();
    keep_code(&mut tx).await;
    assert_eq!(sign_ins::spend_code(&mut tx, "another", NOW).await.unwrap(), None);
    let first = SpentCode {
        again: false,
        session: "s".into(),
        account: "olga".into(),
        blocked: false,
        client: "mostik".into(),
        redirect_uri: "http://127.0.0.1:7/callback".into(),
        challenge: "challenge".into(),
        expires_at: NOW.plus(60),
    };
    assert_eq!(sign_ins::spend_code(&mut tx, "hash", NOW).await.unwrap(), Some(first));
    let again = sign_ins::spend_code(&mut tx, "hash", NOW).await.unwrap().unwrap();
    assert!(again.again);
    assert_eq!((again.session.as_str(), again.account.as_str()), ("s", "olga"));
}
