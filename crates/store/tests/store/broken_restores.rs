//! A restore to PostgreSQL that was broken off: nobody serves half of it, and the next one begins anew.

use mostik_store::{
    OpenError, Store,
    backup::{BackupError, Origin, Restoring, back_up, restore},
    sql,
};
use mostik_world::postgres;

use crate::world::{NOW, World, new_database};

const RESTORING: Restoring<'static> =
    Restoring { key: "key-1", now: NOW, deletions_not_before: NOW, end_sessions: false };

#[tokio::test]
async fn nobody_serves_half_of_it_and_the_next_begins_anew() {
    let world = World::with_olga().await;
    let dir = tempfile::tempdir().unwrap();
    let origin = Origin { version: "0.1.0", key: "key-1", now: NOW };
    let (backup, _) = back_up(&world.address, dir.path(), &origin).await.unwrap();
    // pg_restore brings all in one transaction: a kill leaves what was begun, or all of it and nothing settled.
    for all_has_come in [false, true] {
        let (place, _dir) = new_database();
        if all_has_come {
            restore(&backup, &place, &RESTORING).await.unwrap();
        }
        let database = place.to_string().rsplit('/').next().unwrap().to_owned();
        postgres::shared().run(&database, "CREATE TABLE restoring ()").unwrap();
        let error = Store::open(&place).await.err().expect("it was served");
        assert!(matches!(error, OpenError::HalfRestored), "{error}");
        let error = back_up(&place, dir.path(), &Origin { now: NOW.plus(1_000), ..origin }).await.unwrap_err();
        assert!(error.to_string().contains("half filled by a restore"), "{error}");

        restore(&backup, &place, &RESTORING).await.unwrap();
        let store = Store::open(&place).await.unwrap();
        let sql = "SELECT COUNT(*) FROM accounts";
        let accounts: i64 = sql::query_scalar(sql).fetch_one(&mut store.reader().await.unwrap()).await.unwrap();
        assert_eq!(accounts, 1);
    }
}

#[tokio::test]
async fn two_at_once_do_not_meet() {
    let world = World::with_olga().await;
    let dir = tempfile::tempdir().unwrap();
    let origin = Origin { version: "0.1.0", key: "key-1", now: NOW };
    let (backup, _) = back_up(&world.address, dir.path(), &origin).await.unwrap();
    let (place, _dir) = new_database();
    let (one, other) = tokio::join!(restore(&backup, &place, &RESTORING), restore(&backup, &place, &RESTORING));
    let refused = one.as_ref().err().or(other.as_ref().err()).expect("both say that they have done it");
    assert!(matches!(refused, BackupError::UnderWay(_) | BackupError::NotEmpty(..)), "{refused}");
    assert!(one.is_ok() || other.is_ok(), "{refused}");
}
