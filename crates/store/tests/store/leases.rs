//! Work that one node does at a time.

use std::time::Duration;

use mostik_store::{Store, leases};

use crate::world::World;

async fn take(store: &Store, holder: &str, for_ms: i64) -> bool {
    let mut tx = store.write().await.unwrap();
    let taken = leases::take(&mut tx, "polling", holder, for_ms).await.unwrap();
    tx.commit().await.unwrap();
    taken
}

#[tokio::test]
async fn a_lease_is_held_by_one_until_it_is_over_or_given_back() {
    let world = World::new().await;
    assert!(take(&world, "a", 60_000).await);
    assert!(!take(&world, "b", 60_000).await);
    assert!(take(&world, "a", 60_000).await, "whoever has it keeps it");
    let mut tx = world.write().await.unwrap();
    leases::give_back(&mut tx, "polling", "b").await.unwrap();
    tx.commit().await.unwrap();
    assert!(!take(&world, "b", 60_000).await, "another one's cannot be given back");
    let mut tx = world.write().await.unwrap();
    leases::give_back(&mut tx, "polling", "a").await.unwrap();
    tx.commit().await.unwrap();
    assert!(take(&world, "b", 0).await);
    assert_eq!(leases::held(&mut world.reader().await.unwrap()).await.unwrap(), [("polling".into(), "b".into())]);
    // By the database's clock, to the millisecond.
    tokio::time::timeout(Duration::from_secs(5), async { while !take(&world, "a", 60_000).await {} }).await.unwrap();
}

#[tokio::test]
async fn of_many_who_want_a_lease_one_gets_it() {
    let world = World::new().await;
    let node = world.another_node().await;
    let all = (0..20).map(|nth| {
        let (store, holder) = (if nth % 2 == 0 { &node } else { &*world }, format!("node-{nth}"));
        async move { take(store, &holder, 60_000).await }
    });
    let got = futures_util::future::join_all(all).await.into_iter().filter(|got| *got).count();
    assert_eq!(got, 1);
}
