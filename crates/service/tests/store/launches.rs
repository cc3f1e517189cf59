use mostik_service::store::launches::{self, By, Hashed, Launch, NewLaunch};

use crate::world::{NOW, World};

fn hashed(hash: &str) -> Hashed {
    Hashed { hash: hash.into(), expires_at: NOW.plus(60) }
}

async fn made() -> World {
    let store = World::new().await;
    let mut tx = store.write().await.unwrap();
    let new = NewLaunch { door_hash: "door", max_user: 501, sealed_person: "sealed", expires_at: NOW.plus(60) };
    launches::make(&mut tx, &new).await.unwrap();
    tx.commit().await.unwrap();
    store
}

#[tokio::test]
async fn a_launch_is_found_by_what_it_bears_and_by_nothing_else() {
    let store = made().await;
    let mut tx = store.write().await.unwrap();
    for by in [By::Door("handle"), By::Grant("door"), By::HandleOrDoor { handle: "door", door: "another" }] {
        assert_eq!(launches::find(&mut tx, by).await.unwrap(), None);
    }
    let launch = Launch {
        max_user: 501,
        sealed_person: "sealed".into(),
        door: hashed("door"),
        handle: None,
        grant: None,
        accepted_at: None,
    };
    assert_eq!(launches::find(&mut tx, By::Door("door")).await.unwrap(), Some(launch));
    assert!(launches::lead_on(&mut tx, "door", &hashed("handle")).await.unwrap());
    for by in [
        By::HandleOrDoor { handle: "handle", door: "another" },
        By::HandleOrDoor { handle: "another", door: "door" },
        By::Door("door"),
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
        assert!(launches::lead_on(&mut tx, "door", &hashed(handle)).await.unwrap());
    }
    let first = By::HandleOrDoor { handle: "first", door: "another" };
    assert_eq!(launches::find(&mut tx, first).await.unwrap(), None);
    assert!(!launches::lead_on(&mut tx, "another", &hashed("third")).await.unwrap());
}

#[tokio::test]
async fn a_launch_is_claimed_and_accepted_once() {
    let store = made().await;
    let mut tx = store.write().await.unwrap();
    assert!(!launches::claim(&mut tx, "another", &hashed("grant")).await.unwrap());
    assert!(launches::claim(&mut tx, "door", &hashed("grant")).await.unwrap());
    assert!(!launches::claim(&mut tx, "door", &hashed("thief")).await.unwrap());
    assert!(!launches::lead_on(&mut tx, "door", &hashed("handle")).await.unwrap(), "an app has it");
    assert!(launches::accept(&mut tx, "door", NOW).await.unwrap());
    assert!(!launches::accept(&mut tx, "door", NOW.plus(1)).await.unwrap());
    assert_eq!(launches::find(&mut tx, By::Grant("thief")).await.unwrap(), None);
    let found = launches::find(&mut tx, By::Grant("grant")).await.unwrap().unwrap();
    assert_eq!((found.grant, found.accepted_at), (Some(hashed("grant")), Some(NOW)));
}
