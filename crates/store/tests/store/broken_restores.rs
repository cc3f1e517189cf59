//! A restore to PostgreSQL that was broken off: nobody serves half of it, and the next one begins anew.

use std::future::{pending, ready};

use mostik_store::{
    Address, OpenError, Store,
    backup::{BackupError, Origin, Restoring, back_up, restore, try_out},
    secret_keys::NodeKeys,
    sql,
};
use mostik_world::postgres::{self, Postgres};
use sqlx::Connection;

use crate::world::{NOW, World, new_database};

const RESTORING: Restoring<'static> = Restoring {
    keys: NodeKeys { writes: "key-1", reads: None },
    now: NOW,
    deletions_not_before: NOW,
    end_sessions: false,
};

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
async fn what_a_killed_restore_has_at_work_is_ended() {
    let world = World::with_olga().await;
    let dir = tempfile::tempdir().unwrap();
    let origin = Origin { version: "0.1.0", key: "key-1", now: NOW };
    let (backup, _) = back_up(&world.address, dir.path(), &origin).await.unwrap();
    let (place, _dir) = new_database();
    let database = place.to_string().rsplit('/').next().unwrap().to_owned();
    postgres::shared().run(&database, "CREATE TABLE restoring ()").unwrap();
    // As a pg_restore does whose parent is gone.
    let left = format!("{place}?application_name=mostik-service%20backup");
    let mut left = sqlx::PgConnection::connect(&left).await.unwrap();
    let mut tx = left.begin().await.unwrap();
    sqlx::query("CREATE TABLE accounts (id TEXT)").execute(&mut *tx).await.unwrap();
    restore(&backup, &place, &RESTORING).await.unwrap();
    assert!(tx.commit().await.is_err());
    Store::open(&place).await.unwrap();
}

#[tokio::test]
async fn a_trial_that_was_killed_or_broken_off_is_removed_and_one_under_way_is_not() {
    // A server of its own: other tests try backups out too.
    let dir = tempfile::tempdir().unwrap();
    let server = Postgres::start(&dir.path().join("server"), &postgres::NOT_DURABLE).unwrap();
    let address: Address = server.new_database().unwrap().parse().unwrap();
    Store::open(&address).await.unwrap();
    let origin = Origin { version: "0.1.0", key: "key-1", now: NOW };
    let (backup, _) = back_up(&address, dir.path(), &origin).await.unwrap();
    for name in ["mostik_try_killed", "mostik_try_at_work"] {
        server.run("postgres", &format!("CREATE DATABASE {name}")).unwrap();
    }
    let mut owner = sqlx::PgConnection::connect(&server.url("postgres")).await.unwrap();
    sqlx::query("SELECT pg_advisory_lock(hashtextextended('mostik_try_at_work', 0))")
        .execute(&mut owner)
        .await
        .unwrap();
    try_out(&backup, &address, &RESTORING, pending()).await.unwrap();
    let broken_off = try_out(&backup, &address, &RESTORING, ready(())).await;
    assert!(matches!(broken_off, Err(BackupError::BrokenOff)));
    let left = "SELECT datname FROM pg_database WHERE datname LIKE 'mostik_try%'";
    assert_eq!(server.run("postgres", left).unwrap().trim(), "mostik_try_at_work");
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
