//! PostgreSQL that is gone, slow, read-only, spent or contended: a clear refusal in good time, nothing half done, and recovery without
//! a restart.

use std::time::{Duration, Instant};

use mostik_store::{
    Error, Store, Tx, Unavailable,
    family::{self, NewAccount},
    leases, sql,
};
use mostik_world::postgres::{self, Postgres};
use tokio::sync::Barrier;

use crate::world::{World, olga};

/// A server of the test's own, whom nobody else misses.
struct Own {
    server: Postgres,
    store: Store,
    _dir: tempfile::TempDir,
}

impl Own {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let server = Postgres::start(dir.path(), &[]).unwrap();
        let store = Store::open(&server.new_database().unwrap().parse().unwrap()).await.unwrap();
        Self { server, store, _dir: dir }
    }
}

async fn keep(store: &Store, account: NewAccount<'_>) -> Result<(), Error> {
    let mut tx = store.write().await?;
    family::keep_account(&mut tx, &account).await?;
    tx.commit().await
}

async fn accounts(store: &Store) -> Result<i64, Error> {
    Ok(sql::query_scalar("SELECT COUNT(*) FROM accounts").fetch_one(&mut *store.reader().await?).await?)
}

fn why(error: Error) -> Unavailable {
    match error {
        Error::Busy(why) => why,
        other => panic!("not a refusal that says to come again: {other:?}"),
    }
}

#[tokio::test]
async fn a_server_that_was_killed_is_missed_at_once_and_found_again() {
    let mut own = Own::new().await;
    keep(&own.store, olga()).await.unwrap();
    own.server.kill().unwrap();
    for _ in 0..3 {
        let error = keep(&own.store, NewAccount { id: "2", diary_user: "2", ..olga() }).await.unwrap_err();
        assert!(matches!(why(error), Unavailable::Unreachable(_) | Unavailable::Pool(_)));
    }
    own.server.start_again().unwrap();
    keep(&own.store, NewAccount { id: "3", diary_user: "3", ..olga() }).await.unwrap();
    assert_eq!(accounts(&own.store).await.unwrap(), 2);
}

#[tokio::test]
async fn a_server_that_stands_still_is_given_up_in_time() {
    let own = Own::new().await;
    keep(&own.store, olga()).await.unwrap();
    let mut tx = own.store.write().await.unwrap();
    own.server.pause().unwrap();
    let asked = Instant::now();
    let error = family::keep_account(&mut tx, &NewAccount { id: "2", diary_user: "2", ..olga() }).await.unwrap_err();
    assert!(matches!(why(error), Unavailable::Unreachable(_)));
    assert!(asked.elapsed() < Duration::from_secs(15), "{:?}", asked.elapsed());
    own.server.resume().unwrap();
    // Of the change that failed nothing is kept, whatever came after.
    assert!(matches!(why(tx.commit().await.unwrap_err()), Unavailable::StatementFailed | Unavailable::Unreachable(_)));
    keep(&own.store, NewAccount { id: "3", diary_user: "3", ..olga() }).await.unwrap();
    assert_eq!(accounts(&own.store).await.unwrap(), 2);
}

#[tokio::test]
async fn a_server_that_takes_no_change_can_still_be_read() {
    let own = Own::new().await;
    keep(&own.store, olga()).await.unwrap();
    let make_read_only = |on: &str| {
        let set = format!("ALTER DATABASE mostik_0 SET default_transaction_read_only = {on}");
        own.server.run("postgres", &set).unwrap();
        // It is so for connections that begin then.
        own.server
            .run("postgres", "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = 'mostik_0'")
            .unwrap();
    };
    make_read_only("on");
    assert_eq!(accounts(&own.store).await.unwrap(), 1);
    assert!(matches!(why(keep(&own.store, olga()).await.unwrap_err()), Unavailable::ReadOnly(_)));
    assert!(matches!(why(own.store.check().await.unwrap_err()), Unavailable::ReadOnly(_)));
    make_read_only("off");
    keep(&own.store, NewAccount { id: "2", diary_user: "2", ..olga() }).await.unwrap();
    assert_eq!(accounts(&own.store).await.unwrap(), 2);
}

#[tokio::test]
async fn a_server_without_room_keeps_nothing_of_a_change_is_read_and_goes_on_once_there_is_room() {
    let own = Own::new().await;
    keep(&own.store, olga()).await.unwrap();
    own.server.limit_room().unwrap();
    // Large rows for most of the room, and small ones for what is left on each page.
    for (filler, key) in [("repeat('x', 1900)", "'large '"), ("''", "'s'")] {
        let columns = "INSERT INTO accounts (id, diary_user, first_name, last_name, role)";
        let insert = format!("{columns} VALUES ({key} || $n, {key} || $n, {filler}, '', '')");
        own.server.fill("mostik_0", &insert).unwrap();
    }
    let known = accounts(&own.store).await.unwrap();
    let other = NewAccount { id: "another one", diary_user: "another one", ..olga() };
    for _ in 0..3 {
        let mut tx = own.store.write().await.unwrap();
        // There is room for this.
        assert!(leases::take(&mut tx, "half of a change", "a node", 60_000).await.unwrap());
        assert!(matches!(why(family::keep_account(&mut tx, &other).await.unwrap_err()), Unavailable::Full(_)));
        assert!(matches!(why(tx.commit().await.unwrap_err()), Unavailable::StatementFailed));
    }
    assert_eq!(accounts(&own.store).await.unwrap(), known);
    assert_eq!(leases::held(&mut own.store.reader().await.unwrap()).await.unwrap(), []);
    own.server.make_room().unwrap();
    keep(&own.store, other).await.unwrap();
    assert_eq!(accounts(&own.store).await.unwrap(), known + 1);
}

#[tokio::test]
async fn connections_that_are_all_taken_end_in_a_refusal_and_come_free() {
    let world = World::new().await;
    let mut taken = Vec::new();
    let spent = loop {
        match world.write().await {
            Ok(tx) => taken.push(tx),
            Err(error) => break error,
        }
        assert!(taken.len() < 100, "there is no end of connections");
    };
    assert!(matches!(why(spent), Unavailable::Pool(_)));
    taken.clear();
    keep(&world, olga()).await.unwrap();
}

#[tokio::test]
async fn two_who_wait_for_each_other_are_parted_and_one_of_them_is_kept() {
    let world = World::new().await;
    keep(&world, olga()).await.unwrap();
    keep(&world, NewAccount { id: "2", diary_user: "2", ..olga() }).await.unwrap();
    let have_first = Barrier::new(2);
    let change = async |first: &'static str, second: &'static str| {
        let name = async |tx: &mut Tx, id: &str| {
            sql::query("UPDATE accounts SET first_name = $2 WHERE id = $1").bind(id).bind(first).execute(tx).await
        };
        let mut tx = world.write().await?;
        name(&mut tx, first).await?;
        have_first.wait().await;
        name(&mut tx, second).await?;
        tx.commit().await
    };
    let (one, other) = tokio::join!(change("olga", "2"), change("2", "olga"));
    let failed = match (one, other) {
        (Ok(()), Err(failed)) | (Err(failed), Ok(())) => failed,
        (one, other) => panic!("{one:?}, {other:?}"),
    };
    assert!(matches!(why(failed), Unavailable::Contended(_)));
    let names: Vec<String> = sql::query_scalar("SELECT DISTINCT first_name FROM accounts")
        .fetch_all(&mut world.reader().await.unwrap())
        .await
        .unwrap();
    assert_eq!(names.len(), 1, "half of a change was kept: {names:?}");
}

#[tokio::test]
async fn a_database_is_opened_by_an_owner_who_may_nothing_else() {
    let server = postgres::shared();
    server.run("postgres", "CREATE ROLE plain LOGIN").unwrap();
    server.run("postgres", "CREATE DATABASE plain OWNER plain").unwrap();
    let address = server.url("plain").replace("mostik@", "plain@").parse().unwrap();
    let store = Store::open(&address).await.unwrap();
    keep(&store, olga()).await.unwrap();
    store.check().await.unwrap();
}

#[tokio::test]
async fn an_address_that_leads_nowhere_says_what_to_do() {
    let server = postgres::shared();
    let open = |address: String| async move { Store::open(&address.parse().unwrap()).await.err().unwrap().to_string() };
    let nobody = open("postgres://mostik@127.0.0.1:9/mostik".into()).await;
    assert!(nobody.contains("See that PostgreSQL runs"), "{nobody}");
    let missing = open(server.url("no_such")).await;
    assert!(missing.contains("createdb"), "{missing}");
    server.run("postgres", "CREATE DATABASE closed ALLOW_CONNECTIONS false").unwrap();
    let user = open(server.url("postgres").replace("mostik@", "stranger:s3cret@")).await;
    assert!(user.contains("Set user and password") && !user.contains("s3cret"), "{user}");
}
