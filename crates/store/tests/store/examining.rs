//! A database that is only looked at: what is wrong is told, and nothing is made or written.

use mostik_store::{Address, OpenError, Tables, examine, leases, schema, sql};

use crate::world::{Place, World, new_database};

async fn refusal(address: &Address) -> OpenError {
    examine(address).await.err().expect("nothing was found wrong")
}

async fn write(world: &World, statement: &'static str) {
    let mut tx = world.write().await.unwrap();
    sql::query(statement).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn tables_of_others_newer_and_half_changed_ones_are_told_apart() {
    let world = World::new().await;
    write(
        &world,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         SELECT 9999, 'later', success, checksum, 0 FROM _sqlx_migrations ORDER BY version DESC LIMIT 1",
    )
    .await;
    let error = refusal(&world.address).await;
    assert!(matches!(error, OpenError::Newer(9999)), "{error}");
    write(&world, "DELETE FROM _sqlx_migrations WHERE version = 9999").await;
    write(&world, "UPDATE _sqlx_migrations SET success = false WHERE version = 13").await;
    let error = refusal(&world.address).await;
    assert!(matches!(error, OpenError::HalfMigrated(13)), "{error}");
    write(&world, "UPDATE _sqlx_migrations SET success = true").await;
    write(&world, "DELETE FROM _sqlx_migrations WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)").await;
    assert_eq!(examine(&world.address).await.unwrap().tables, Tables::Behind(1));
    write(&world, "DROP TABLE links").await;
    write(&world, "DROP TABLE codes").await;
    write(&world, "DROP TABLE consents").await;
    write(&world, "DROP TABLE vk_sign_ins").await;
    write(&world, "DROP TABLE linkings").await;
    let error = refusal(&world.address).await;
    assert!(matches!(error, OpenError::Foreign(_)), "{error}");
}

#[tokio::test]
async fn an_empty_database_is_left_empty() {
    let (address, dir) = new_database();
    for _ in 0..2 {
        let found = examine(&address).await.unwrap();
        assert_eq!((found.tables, found.key), (Tables::None, None));
    }
    if let Place::Folder(dir) = dir {
        assert_eq!(dir.path().read_dir().unwrap().count(), 0);
        let nowhere = Address::from(&*dir.path().join("no/such/mostik.sqlite"));
        assert!(matches!(refusal(&nowhere).await, OpenError::NotWritable { .. }));
        let text = dir.path().join("mostik.toml");
        std::fs::write(&text, "listen = \"127.0.0.1:8080\"\n".repeat(200)).unwrap();
        assert!(matches!(refusal(&Address::from(&*text)).await, OpenError::Failed(_)));
    }
}

#[tokio::test]
async fn what_serves_is_seen_with_its_key_and_its_leases() {
    let world = World::new().await;
    world.bind("key-1", None).await.unwrap();
    let mut tx = world.write().await.unwrap();
    leases::take(&mut tx, "session with main", "a", 60_000).await.unwrap();
    leases::take(&mut tx, "session with mts", "a", -1).await.unwrap();
    tx.commit().await.unwrap();
    let found = examine(&world.address).await.unwrap();
    assert_eq!((found.tables, found.key.as_deref()), (Tables::Current, Some("key-1")));
    assert!(found.is_at_work("session with main"));
    // On a file the node that has it open has all of it.
    assert_eq!(found.is_at_work("session with mts"), !world.address.is_postgres());
    assert_eq!(found.free_bytes.is_some(), !world.address.is_postgres());
    world.close().await;
    let found = examine(&world.address).await.unwrap();
    assert_eq!((found.tables, found.key.as_deref()), (Tables::Current, Some("key-1")));
    assert!(schema::newest() >= 13);
}
