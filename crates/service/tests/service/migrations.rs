//! A database of an older version is brought up to date, with what is in it.

use std::borrow::Cow;

use sqlx::migrate::Migrator;

static ALL: Migrator = sqlx::migrate!("./migrations");

#[tokio::test]
async fn the_first_versions_rows_survive_with_their_links() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("mostik.sqlite");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file).create_if_missing(true).foreign_keys(true);
    let old = sqlx::SqlitePool::connect_with(options).await.unwrap();
    let first = Migrator { migrations: Cow::Owned(vec![ALL.migrations[0].clone()]), ..Migrator::DEFAULT };
    first.run(&old).await.unwrap();
    for sql in [
        "INSERT INTO accounts VALUES ('a', '1', 'Ольга', 'Орлова', 'parent', NULL)",
        "INSERT INTO pupils VALUES ('u', '2', 'Михаил', 'Орлов', '8-Б', NULL, '2011-05-14')",
        "INSERT INTO profiles VALUES ('p', '+79000001242', 'Михаил', 'Орлов', 'pupil', '8-Б', 501001, 1)",
        "INSERT INTO linkings (id, pupil_id, version, moved_at_version, step, created_at, updated_at, phone, nth, profile_id,
             linked_at) VALUES ('l', 'u', 7, 7, 'linked', 1, 2, '+79000001242', 2, 'p', 2)",
        "INSERT INTO linkings (id, pupil_id, version, moved_at_version, step, created_at, updated_at)
             VALUES ('m', 'u', 1, 1, 'contact', 3, 3)",
        "INSERT INTO links VALUES ('u', 'p', 'l', 2)",
        "INSERT INTO codes VALUES ('l', 1, 'h1', '+79000001242', 5, 9)",
        "INSERT INTO codes VALUES ('l', 2, 'h2', '+79000001242', 0, 9)",
        "INSERT INTO outbox VALUES ('o', 'sms', '79000001242', 'sealed', 'l', 2, 'queued', 0, 1, 9, 1, NULL)",
    ] {
        sqlx::query(sql).execute(&old).await.unwrap();
    }
    old.close().await;

    let db = mostik_service::db::Db::open(&file).await.unwrap();
    let linking: (String, Option<String>, Option<String>, String, i64) = sqlx::query_as(
        "SELECT l.step, l.channel, l.contact, p.phone, k.linked_at FROM linkings l JOIN profiles p ON p.id = l.profile_id
         JOIN links k ON k.linking_id = l.id WHERE l.id = 'l'",
    )
    .fetch_one(db.read())
    .await
    .unwrap();
    assert_eq!(linking, ("linked".into(), Some("sms".into()), Some("+79000001242".into()), "+79000001242".into(), 2));
    let in_max: (i64, Option<i64>, Option<i64>) =
        sqlx::query_as("SELECT max_user, max_at, vk_user FROM profiles").fetch_one(db.read()).await.unwrap();
    assert_eq!(in_max, (501_001, Some(2), None), "since the link was made");
    let begun: (String, Option<String>, Option<String>) =
        sqlx::query_as("SELECT step, channel, contact FROM linkings WHERE id = 'm'")
            .fetch_one(db.read())
            .await
            .unwrap();
    assert_eq!(begun, ("contact".into(), None, None));
    let codes: Vec<(i64, String, i64, String)> =
        sqlx::query_as("SELECT nth, purpose, place, contact FROM codes ORDER BY nth")
            .fetch_all(db.read())
            .await
            .unwrap();
    assert_eq!(codes[1], (2, "contact".into(), 2, "+79000001242".into()));
    let queued: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM outbox WHERE state = 'queued' AND kind = 'sms'")
        .fetch_one(db.read())
        .await
        .unwrap();
    assert_eq!((codes.len(), queued), (2, 1));
    // References hold, and so do the rules on the new tables.
    let broken: Vec<(String,)> =
        sqlx::query_as("SELECT \"table\" FROM pragma_foreign_key_check").fetch_all(db.read()).await.unwrap();
    assert!(broken.is_empty(), "{broken:?}");
    let mut tx = db.write().await.unwrap();
    for sql in [
        "INSERT INTO linkings (id, pupil_id, version, moved_at_version, step, created_at, updated_at) VALUES ('n', 'u', 1, 1, 'code', 3, 3)",
        "INSERT INTO profiles (id, first_name, last_name, role, created_at) VALUES ('q', 'x', 'y', 'pupil', 1)",
        "INSERT INTO profiles (id, phone, first_name, last_name, role, created_at) VALUES ('q', '+79000001242', 'x', 'y', 'pupil', 1)",
        "INSERT INTO links VALUES ('u2', 'nobody', 'l', 2)",
    ] {
        assert!(sqlx::query(sql).execute(&mut *tx).await.is_err(), "{sql}");
    }
    tx.rollback().await.unwrap();
    db.close().await;
}
