//! Moving from a file to PostgreSQL.

use std::collections::BTreeSet;

use mostik_linking::NewProfile;
use mostik_store::{
    Address, OpenError, Store, idempotency, linkings, profiles,
    secret_keys::{Holder, KeyNumbers, NodeKeys},
    sessions, sql,
    transfer::{MoveError, TABLES, transfer},
};
use mostik_wire::Phone;
use mostik_world::postgres;
use tempfile::TempDir;

use crate::world::{self, NOW, World};

/// A file with people in it, and an empty database.
struct Move {
    from: Address,
    to: Address,
    _dir: TempDir,
}

impl Move {
    async fn new(profiles: u32) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let from = Address::from(&*dir.path().join("mostik.sqlite"));
        let store = Store::open(&from).await.unwrap();
        fill(&store, profiles).await;
        bind(&store, "key-1").await.unwrap();
        store.close().await;
        drop(store);
        Self { from, to: postgres::shared().new_database().unwrap().parse().unwrap(), _dir: dir }
    }

    async fn go(&self) -> Result<u64, MoveError> {
        transfer(&self.from, &self.to, 7, |_| ()).await
    }
}

async fn bind(store: &Store, key: &str) -> Result<KeyNumbers, OpenError> {
    store.bind_to_keys(NodeKeys { writes: key, reads: None }, Holder::Command, NOW).await
}

async fn fill(store: &Store, count: u32) {
    let mut tx = store.write().await.unwrap();
    mostik_store::family::keep_account(&mut tx, &world::olga()).await.unwrap();
    // A sign that PostgreSQL does not take.
    let misha = mostik_store::family::NewPupil { middle_name: Some("Юрьевич\0"), ..world::misha() };
    mostik_store::family::keep_pupils(&mut tx, "olga", &[misha]).await.unwrap();
    linkings::begin(&mut tx, "l", "misha", "olga", NOW).await.unwrap();
    for nth in 0..count {
        let phone = Phone::parse(&format!("+7900{nth:07}")).unwrap();
        let new = NewProfile::ByPhone { id: format!("p{nth}"), phone };
        profiles::make(&mut tx, &new, ("Анна", "Орлова"), "5-А", NOW).await.unwrap();
    }
    profiles::link(&mut tx, "misha", "p0", "l", NOW).await.unwrap();
    profiles::unlink(&mut tx, "misha", "p0").await.unwrap();
    sessions::begin(&mut tx, &sessions::NewSession { id: "s", account: "olga", client: "c", now: NOW }).await.unwrap();
    idempotency::claim(&mut tx, "olga", "key", "hash", NOW, NOW).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn every_table_goes_over_but_who_holds_what() {
    let world = World::new().await;
    let all: Vec<String> = sql::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
        .fetch_all(&mut world.reader().await.unwrap())
        .await
        .unwrap();
    let all: BTreeSet<&str> = all.iter().map(String::as_str).collect();
    let apart = ["_sqlx_migrations", "key_holders", "leases", "meta", "secret_keys"];
    assert_eq!(all, TABLES.into_iter().chain(apart).collect());
}

#[tokio::test]
async fn a_file_that_a_node_serves_is_not_moved() {
    let moving = Move::new(1).await;
    let node = Store::open(&moving.from).await.unwrap();
    assert!(matches!(moving.go().await, Err(MoveError::Served)));
    drop(node);
    moving.go().await.unwrap();
}

#[tokio::test]
async fn a_database_with_rows_in_it_takes_none() {
    let moving = Move::new(1).await;
    let filled = Store::open(&moving.to).await.unwrap();
    fill(&filled, 1).await;
    assert!(matches!(moving.go().await, Err(MoveError::NotEmpty(_, "accounts"))));
    // The file is as it was.
    Store::open(&moving.from).await.unwrap();
}

#[tokio::test]
async fn what_is_neither_file_nor_postgres_is_told() {
    let moving = Move::new(1).await;
    assert!(matches!(transfer(&moving.to, &moving.to, 1, |_| ()).await, Err(MoveError::NotAFile(_))));
    assert!(matches!(transfer(&moving.from, &moving.from, 1, |_| ()).await, Err(MoveError::NotPostgres(_))));
}

#[tokio::test]
async fn a_move_that_is_broken_off_anywhere_goes_on_there() {
    let moving = Move::new(50).await;
    // Each time it comes one step further: the future is dropped in the middle, as a kill would.
    for steps in 0.. {
        let (told, mut enough) = tokio::sync::mpsc::unbounded_channel();
        let mut seen = 0;
        let run = transfer(&moving.from, &moving.to, 7, |_| {
            seen += 1;
            if seen > steps {
                told.send(()).unwrap();
            }
        });
        tokio::select! {
            biased;
            _ = enough.recv() => {}
            done = run => {
                // A program that another test starts has this one's files, and their locks, until it is itself.
                if matches!(done, Err(MoveError::Served)) {
                    continue;
                }
                // Accounts, pupil, linking, session, key, profiles.
                assert_eq!(done.unwrap(), 1 + 1 + 1 + 1 + 1 + 1 + 50);
                break;
            }
        }
        let error = Store::open(&moving.to).await.err().expect("half of it is no database to serve");
        assert!(matches!(error, OpenError::HalfMoved), "{error}");
        let error = Store::open(&moving.from).await.err().expect("the file is not served any more");
        assert!(matches!(error, OpenError::MovedAway(_)), "{error}");
    }
    let store = Store::open(&moving.to).await.unwrap();
    bind(&store, "key-1").await.unwrap();
    assert!(bind(&store, "key-2").await.is_err());
    let mut reader = store.reader().await.unwrap();
    let middle: String = sql::query_scalar("SELECT middle_name FROM pupils").fetch_one(&mut reader).await.unwrap();
    assert_eq!(middle, "Юрьевич\u{fffd}");
    assert_eq!(linkings::load(&mut reader, "l").await.unwrap().unwrap().former.unwrap().facts.id, "p0");
    // Once more changes nothing, and somewhere else it does not go.
    assert!(matches!(moving.go().await, Err(MoveError::Done(_))));
    let elsewhere = postgres::shared().new_database().unwrap().parse().unwrap();
    assert!(matches!(transfer(&moving.from, &elsewhere, 7, |_| ()).await, Err(MoveError::Elsewhere(_))));
}

#[tokio::test]
async fn two_files_do_not_go_to_one_database() {
    let (one, other) = (Move::new(20).await, Move::new(20).await);
    let (told, mut enough) = tokio::sync::mpsc::unbounded_channel();
    tokio::select! {
        biased;
        _ = enough.recv() => {}
        _ = transfer(&one.from, &one.to, 7, |_| told.send(()).unwrap()) => panic!("it has ended"),
    }
    let error = transfer(&other.from, &one.to, 7, |_| ()).await.unwrap_err();
    assert!(matches!(error, MoveError::FromElsewhere { .. }), "{error}");
    // The other file is as it was.
    Store::open(&other.from).await.unwrap();
    one.go().await.unwrap();
}

#[tokio::test]
async fn what_has_come_over_otherwise_than_it_was_sent_is_noticed() {
    let moving = Move::new(20).await;
    let (told, mut enough) = tokio::sync::mpsc::unbounded_channel();
    tokio::select! {
        biased;
        _ = enough.recv() => {}
        _ = transfer(&moving.from, &moving.to, 100, |progress| {
            if matches!(progress, mostik_store::transfer::Progress::Sent("hand_offs" | "idempotency", _)) {
                told.send(()).unwrap();
            }
        }) => panic!("it has ended"),
    }
    let database = moving.to.to_string().rsplit('/').next().unwrap().to_owned();
    postgres::shared().run(&database, "UPDATE profiles SET first_name = 'Яна' WHERE id = 'p7'").unwrap();
    let error = moving.go().await.unwrap_err();
    assert!(matches!(error, MoveError::Differs { table: "profiles", sent: 20, arrived: 20 }), "{error}");
}
