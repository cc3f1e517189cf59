//! Tables that are not as this version leaves them: said, and not touched.

use futures_util::future::join_all;
use mostik_store::{OpenError, Store, schema, sql};

use crate::world::{World, new_database};

async fn refusal(world: &World) -> OpenError {
    Store::open(&world.address).await.err().expect("it was opened")
}

async fn write(store: &Store, sql: &'static str) {
    let mut tx = store.write().await.unwrap();
    sql::query(sql).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn tables_of_another_product_are_not_touched() {
    let world = World::new().await;
    // What another product would have here: no table of ours.
    for table in ["links", "codes", "consents", "vk_sign_ins"] {
        let mut tx = world.write().await.unwrap();
        sql::query(sqlx_safe(format!("DROP TABLE {table}"))).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    }
    write(&world, "DROP TABLE linkings").await;
    write(&world, "DROP TABLE _sqlx_migrations").await;
    let OpenError::Foreign(table) = refusal(&world).await else { panic!("another refusal") };
    assert_eq!(table, "access_tokens");
    let (again, dir) = new_database();
    Store::open(&again).await.unwrap();
    drop(dir);
}

fn sqlx_safe(sql: String) -> sqlx::AssertSqlSafe<String> {
    sqlx::AssertSqlSafe(sql)
}

#[tokio::test]
async fn tables_of_a_newer_version_are_not_touched() {
    let world = World::new().await;
    write(
        &world,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         SELECT 9999, 'later', success, checksum, 0 FROM _sqlx_migrations ORDER BY version DESC LIMIT 1",
    )
    .await;
    let error = refusal(&world).await;
    assert!(matches!(error, OpenError::Newer(9999)), "{error}");
    assert!(error.to_string().contains("newer mostik-service"), "{error}");
}

#[tokio::test]
async fn tables_that_are_half_changed_are_not_touched() {
    let world = World::new().await;
    write(
        &world,
        "UPDATE _sqlx_migrations SET success = false WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)",
    )
    .await;
    let error = refusal(&world).await;
    assert!(matches!(error, OpenError::HalfMigrated(version) if version == schema::newest()), "{error}");
}

#[tokio::test]
async fn nodes_that_start_at_once_make_the_tables_once() {
    let (address, _dir) = new_database();
    let opened = join_all((0..8).map(|_| Store::open(&address))).await;
    for store in opened {
        store.unwrap().check().await.unwrap();
    }
}
