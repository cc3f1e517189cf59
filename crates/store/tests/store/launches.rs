use mostik_store::launches::{self, Hashed, Launch, LaunchKey, NewLaunch};

use crate::world::{NOW, World};

fn hashed(hash: &str) -> Hashed {
    Hashed { hash: hash.into(), expires_at: NOW.plus(60) }
}

async fn made() -> World {
    let store = World::new().await;
    let mut tx = store.write().await.unwrap();
    let new = NewLaunch { page_hash: "page", max_user: 501, sealed_person: "sealed", expires_at: NOW.plus(60) };
    launches::make(&mut tx, &new).await.unwrap();
    tx.commit().await.unwrap();
    store
}

#[tokio::test]
async fn a_launch_is_found_by_what_it_bears_and_by_nothing_else() {
    let store = made().await;
    let mut tx = store.write().await.unwrap();
    for by in [
        LaunchKey::Page("handle"),
        LaunchKey::Grant("page"),
        LaunchKey::HandleOrPage { handle: "page", page: "another" },
    ] {
        assert_eq!(launches::find(&mut tx, by).await.unwrap(), None);
    }
    let launch = Launch {
        max_user: 501,
        sealed_person: "sealed".into(),
        page: hashed("page"),
        handle: None,
        grant: None,
        accepted_at: None,
    };
    assert_eq!(launches::find(&mut tx, LaunchKey::Page("page")).await.unwrap(), Some(launch));
    assert!(launches::lead_on(&mut tx, "page", &hashed("handle")).await.unwrap());
    for by in [
        LaunchKey::HandleOrPage { handle: "handle", page: "another" },
        LaunchKey::HandleOrPage { handle: "another", page: "page" },
        LaunchKey::Page("page"),
    ] {
        let found = launches::find(&mut tx, by).await.unwrap().unwrap();
        assert_eq!(found.handle, Some(hashed("handle")));
    }
}

#[tokio::test]
async fn a_newer_handle_takes_the_older_ones_place() {
    let store = made().await;
    let mut tx = store.write().await.unwrap();
    for handle in ["first", "second"] {
        assert!(launches::lead_on(&mut tx, "page", &hashed(handle)).await.unwrap());
    }
    let first = LaunchKey::HandleOrPage { handle: "first", page: "another" };
    assert_eq!(launches::find(&mut tx, first).await.unwrap(), None);
    assert!(!launches::lead_on(&mut tx, "another", &hashed("third")).await.unwrap());
}

#[tokio::test]
async fn a_launch_is_claimed_and_accepted_once() {
    let store = made().await;
    let mut tx = store.write().await.unwrap();
    assert!(!launches::claim(&mut tx, "another", &hashed("grant")).await.unwrap());
    assert!(launches::claim(&mut tx, "page", &hashed("grant")).await.unwrap());
    assert!(!launches::claim(&mut tx, "page", &hashed("thief")).await.unwrap());
    assert!(!launches::lead_on(&mut tx, "page", &hashed("handle")).await.unwrap(), "an app has it");
    assert!(launches::accept(&mut tx, "page", NOW).await.unwrap());
    assert!(!launches::accept(&mut tx, "page", NOW.plus(1)).await.unwrap());
    assert_eq!(launches::find(&mut tx, LaunchKey::Grant("thief")).await.unwrap(), None);
    let found = launches::find(&mut tx, LaunchKey::Grant("grant")).await.unwrap().unwrap();
    assert_eq!((found.grant, found.accepted_at), (Some(hashed("grant")), Some(NOW)));
}
