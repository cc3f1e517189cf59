use mostik_store::{
    Tx,
    sign_ins::{self, NewCode, SpentCode},
};

use crate::world::{NOW, World};

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
async fn a_sign_in_ends_once() {
    let store = World::new().await;
    let mut tx = store.write().await.unwrap();
    assert!(!sign_ins::has_ended(&mut tx, "state").await.unwrap());
    assert!(sign_ins::end(&mut tx, "state", NOW).await.unwrap());
    assert!(!sign_ins::end(&mut tx, "state", NOW).await.unwrap());
    assert!(sign_ins::has_ended(&mut tx, "state").await.unwrap());
    assert!(!sign_ins::has_ended(&mut tx, "another").await.unwrap());
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
