//! A file of SQLite that has no room left.

use mostik_store::{
    Error, Unavailable,
    family::{self, NewAccount},
    leases, sql,
};

use crate::world::{World, olga};

/// The writer is one connection, and so is what it may use of the disk: beyond that it is told what a full disk tells.
async fn set_room(world: &World, sql: &'static str) {
    let mut tx = world.write().await.unwrap();
    sql::query(sql).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

async fn keep(world: &World, id: &str) -> Result<(), Error> {
    let mut tx = world.write().await?;
    family::keep_account(&mut tx, &NewAccount { id, diary_user: id, ..olga() }).await?;
    tx.commit().await
}

async fn accounts(world: &World) -> i64 {
    sql::query_scalar("SELECT COUNT(*) FROM accounts").fetch_one(&mut world.reader().await.unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_file_without_room_keeps_nothing_of_a_change_is_read_and_goes_on_once_there_is_room() {
    let world = World::new().await;
    // No page more than there are.
    set_room(&world, "PRAGMA max_page_count = 1").await;
    let mut kept = 0;
    let full = loop {
        match keep(&world, &format!("account {kept}")).await {
            Ok(()) => kept += 1,
            Err(error) => break error,
        }
        assert!(kept < 1_000, "there is no end of room");
    };
    assert!(matches!(full, Error::Busy(Unavailable::Full(_))), "{full:?}");
    let mut tx = world.write().await.unwrap();
    // There is room for this.
    assert!(leases::take(&mut tx, "half of a change", "a node", 60_000).await.unwrap());
    let account = NewAccount { id: "another one", diary_user: "another one", ..olga() };
    assert!(matches!(family::keep_account(&mut tx, &account).await.unwrap_err(), Error::Busy(Unavailable::Full(_))));
    assert!(matches!(tx.commit().await.unwrap_err(), Error::Busy(Unavailable::StatementFailed)));
    assert_eq!(accounts(&world).await, kept);
    assert_eq!(leases::held(&mut world.reader().await.unwrap()).await.unwrap(), []);
    set_room(&world, "PRAGMA max_page_count = 4294967294").await;
    keep(&world, "another one").await.unwrap();
    assert_eq!(accounts(&world).await, kept + 1);
}
