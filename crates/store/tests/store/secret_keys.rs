//! Several keys in one database: who may come with which, and when one may go.

use mostik_store::{
    KeyedHash, OpenError, budgets,
    budgets::BudgetKind,
    max::{self, Dialog},
    secret_keys::{self, Holder, KeyNumbers, NodeKeys},
    sign_ins, sql,
};

use crate::{
    ON_POSTGRES,
    world::{DAY, NOW, World},
};

async fn come(world: &World, node: &str, writes: &str, reads: Option<&str>) -> Result<KeyNumbers, OpenError> {
    world.bind_to_keys(NodeKeys { writes, reads }, Holder::Node(node), NOW).await
}

fn both(written: &str, other: &str) -> KeyedHash {
    KeyedHash { written: written.to_owned(), other: Some(other.to_owned()) }
}

#[tokio::test]
async fn another_key_is_refused_unless_it_comes_with_one_that_is_in_use() {
    let world = World::new().await;
    assert_eq!(world.bind("key-1", None).await.unwrap(), KeyNumbers { writes: 1, reads: None });
    for reads in [None, Some("key-0")] {
        let error = world.bind("key-2", reads).await.unwrap_err();
        assert!(matches!(error, OpenError::OtherKey), "{error}");
    }
    assert_eq!(world.bind("key-1", Some("key-2")).await.unwrap(), KeyNumbers { writes: 1, reads: Some(2) });
    assert_eq!(world.bind("key-2", Some("key-1")).await.unwrap(), KeyNumbers { writes: 2, reads: Some(1) });
    // Nothing was made with the first: it goes, and does not come back alone.
    assert_eq!(world.bind("key-2", None).await.unwrap(), KeyNumbers { writes: 2, reads: None });
    assert!(matches!(world.bind("key-1", None).await, Err(OpenError::OtherKey)));
    assert_eq!(world.bind("key-1", Some("key-2")).await.unwrap(), KeyNumbers { writes: 1, reads: Some(2) });
}

#[tokio::test]
async fn a_key_is_not_dropped_while_something_is_left_under_it() {
    let world = World::new().await;
    world.bind("key-1", None).await.unwrap();
    let mut tx = world.write().await.unwrap();
    sign_ins::end(&mut tx, "0123", NOW.plus(DAY / 24)).await.unwrap();
    sign_ins::end(&mut tx, "2.0123", NOW.plus(DAY / 24)).await.unwrap();
    sign_ins::end(&mut tx, "4567", NOW.plus(-DAY / 24)).await.unwrap();
    tx.commit().await.unwrap();
    world.bind("key-2", Some("key-1")).await.unwrap();
    let error = world.bind("key-2", None).await.unwrap_err();
    let OpenError::KeyStillUsed(what) = &error else { panic!("{error}") };
    assert_eq!(what, "sign-ins of the last half hour: 1");
    assert!(error.to_string().contains("previous_secret_key"), "{error}");
    // The other way round nothing is lost either.
    assert!(matches!(world.bind("key-1", None).await, Err(OpenError::KeyStillUsed(_))));
    let mut tx = world.write().await.unwrap();
    sql::query("DELETE FROM sign_ins WHERE state_hash = '0123'").execute(&mut tx).await.unwrap();
    let left = secret_keys::left(&mut tx, 1, 2, NOW).await.unwrap();
    assert!(left.iter().all(|left| left.count == 0), "{left:?}");
    tx.commit().await.unwrap();
    world.bind("key-2", None).await.unwrap();
}

#[tokio::test]
async fn nodes_that_run_are_asked_before_a_key_is_written_with_or_dropped() {
    if !ON_POSTGRES {
        return;
    }
    let world = World::new().await;
    come(&world, "a", "key-1", None).await.unwrap();
    come(&world, "b", "key-1", None).await.unwrap();
    let error = come(&world, "a", "key-2", Some("key-1")).await.unwrap_err();
    assert!(matches!(error, OpenError::KeyNotEverywhere), "{error}");
    for node in ["a", "b"] {
        come(&world, node, "key-1", Some("key-2")).await.unwrap();
    }
    come(&world, "a", "key-2", Some("key-1")).await.unwrap();
    assert!(!secret_keys::all_write_with(&mut world.reader().await.unwrap(), 2).await.unwrap());
    // One that is late has nothing to do with a node that is over.
    let error = come(&world, "a", "key-2", None).await.unwrap_err();
    assert!(matches!(&error, OpenError::KeyStillUsed(what) if what.contains("nodes")), "{error}");
    let mut tx = world.write().await.unwrap();
    secret_keys::let_go(&mut tx, "b").await.unwrap();
    tx.commit().await.unwrap();
    assert!(secret_keys::all_write_with(&mut world.reader().await.unwrap(), 2).await.unwrap());
    come(&world, "a", "key-2", None).await.unwrap();
}

#[tokio::test]
async fn what_was_counted_under_the_other_key_counts() {
    let world = World::new().await;
    let mut tx = world.write().await.unwrap();
    budgets::lock(&mut tx, &"old".into(), NOW).await.unwrap();
    budgets::count(&mut tx, "1", &"old".into(), BudgetKind::Failure, NOW).await.unwrap();
    let key = both("2.new", "old");
    assert_eq!(budgets::lock(&mut tx, &key, NOW).await.unwrap().failures, [NOW]);
    budgets::count(&mut tx, "2", &key, BudgetKind::Failure, NOW).await.unwrap();
    for key in [&key, &both("old", "2.new")] {
        assert_eq!(budgets::lock(&mut tx, key, NOW).await.unwrap().failures.len(), 2);
    }
    budgets::forgive_failures(&mut tx, &key).await.unwrap();
    assert!(budgets::lock(&mut tx, &key, NOW).await.unwrap().failures.is_empty());
}

#[tokio::test]
async fn what_max_has_said_under_the_other_key_is_known() {
    let world = World::new().await;
    let mut tx = world.write().await.unwrap();
    assert!(max::hear(&mut tx, &"old".into(), NOW).await.unwrap());
    assert!(!max::hear(&mut tx, &both("2.new", "old"), NOW).await.unwrap());
    assert!(max::hear(&mut tx, &both("2.another", "another"), NOW).await.unwrap());
    assert!(!max::hear(&mut tx, &both("another", "2.another"), NOW).await.unwrap());

    let stopped = Dialog { running: false, said_at: NOW };
    assert!(max::note_dialog(&mut tx, &"old".into(), stopped).await.unwrap());
    let user = both("2.new", "old");
    assert_eq!(max::dialog(&mut tx, &user).await.unwrap(), Some(stopped));
    assert!(!max::note_dialog(&mut tx, &user, Dialog { running: true, said_at: NOW.plus(-1) }).await.unwrap());
    assert_eq!(max::dialog(&mut tx, &"2.new".into()).await.unwrap(), Some(stopped));
    assert_eq!(max::dialog(&mut tx, &"old".into()).await.unwrap(), None);
}
