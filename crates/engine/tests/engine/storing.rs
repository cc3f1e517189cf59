//! Stored before it is acted on; found again after a kill; put aside when it cannot be read.

use mostik_engine::StartError;
use mostik_flow::{CauseKind, Intent, Strip, View};
use sqlx::{Connection, Executor, SqliteConnection};

use crate::world::{PHONE, World, until};

async fn database(world: &World) -> SqliteConnection {
    let file = world.dir.path().join("mostik.sqlite3");
    SqliteConnection::connect(&format!("sqlite://{}", file.display())).await.unwrap()
}

fn put_aside(world: &World) -> Vec<String> {
    let names = std::fs::read_dir(world.dir.path()).unwrap();
    let mut names: Vec<_> = names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| name.contains(".unreadable-"));
    names
}

#[tokio::test]
async fn a_folder_that_is_none_is_named() {
    let world = World::new();
    let file = world.dir.path().join("taken");
    std::fs::write(&file, "x").unwrap();
    for dir in [file.clone(), file.join("below")] {
        let settings = mostik_engine::Settings::new(world.service.url.parse().unwrap(), dir, "k");
        let ports = mostik_engine::Ports::system(world.person.clone(), world.person.clone(), &settings);
        let error = mostik_engine::Engine::start(settings, ports).await.err().unwrap();
        assert!(matches!(error, StartError::Store(_)), "{error:?}");
        assert!(error.to_string().contains("`data_dir`"), "{error}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_folder_of_the_data_is_closed_to_other_users() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::signed_in();
    // As the versions before have made it.
    std::fs::set_permissions(world.dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    world.drive_to_diary().await.stop().await;
    assert_eq!(std::fs::metadata(world.dir.path()).unwrap().permissions().mode() & 0o777, 0o700);
}

#[tokio::test]
async fn what_is_no_database_is_put_aside_and_said_so() {
    let whole = b"this is no database, but it is long enough to have a header of one".repeat(20);
    for (name, bytes) in [("garbage", &whole[..]), ("a torn page", &whole[..7])] {
        let world = World::new();
        let file = world.dir.path().join("mostik.sqlite3");
        std::fs::write(&file, bytes).unwrap();
        let engine = world.start().await;
        until(&engine, |s| s.strips == [Strip::StoreReset] && matches!(s.view, View::SignIn { .. })).await;
        let aside = put_aside(&world);
        assert_eq!(aside.len(), 1, "{name}: {aside:?}");
        assert_eq!(std::fs::read(world.dir.path().join(&aside[0])).unwrap(), bytes);
    }
}

#[tokio::test]
async fn a_damaged_page_is_noticed_at_the_start() {
    let world = World::signed_in();
    world.drive_to_diary().await.stop().await;
    let file = world.dir.path().join("mostik.sqlite3");
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..].fill(0xA5);
    std::fs::write(&file, bytes).unwrap();
    let engine = world.drive_to_diary().await;
    until(&engine, |s| s.strips == [Strip::StoreReset]).await;
    assert_eq!(put_aside(&world).len(), 1);
}

#[tokio::test]
async fn a_state_of_another_release_is_put_aside_and_said_so() {
    for sql in [
        r#"UPDATE state SET stored = '{"schema":"V9","state":{}}'"#,
        "UPDATE state SET stored = 'x'",
        "UPDATE meta SET value = 'x'",
        "DROP TABLE state",
        "INSERT INTO _sqlx_migrations SELECT 9999, description, installed_on, success, checksum, execution_time FROM _sqlx_migrations",
    ] {
        let world = World::signed_in();
        world.drive_to_diary().await.stop().await;
        database(&world).await.execute(sql).await.unwrap();
        let engine = world.drive_to_diary().await;
        until(&engine, |s| s.strips == [Strip::StoreReset]).await;
        assert!(!put_aside(&world).is_empty(), "{sql}");
    }
}

#[tokio::test]
async fn what_cannot_be_stored_is_not_done_and_said_so() {
    let world = World::signed_in();
    let engine = world.drive_to_contact().await;
    let mut database = database(&world).await;
    database
        .execute("CREATE TRIGGER full BEFORE UPDATE ON state BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END")
        .await
        .unwrap();
    engine.send(Intent::SubmitContact { text: PHONE.into() });
    until(&engine, |s| matches!(&s.view, View::Contact { cause: Some(c), .. } if c.kind == CauseKind::NotStored)).await;
    assert!(world.service.seen("POST /v1/linkings/l1/contact").is_empty());

    database.execute("DROP TRIGGER full").await.unwrap();
    engine.send(Intent::Retry);
    until(&engine, |s| matches!(s.view, View::Code { .. })).await;
}

#[tokio::test]
async fn a_killed_engine_goes_on_where_it_stood_and_repeats_no_key() {
    let world = World::signed_in();
    drop(world.drive_to_code().await);
    let engine = world.start().await;
    until(&engine, |s| matches!(&s.view, View::Code { .. })).await;
    engine.send(Intent::Resend);
    world.service.until_seen("POST /v1/linkings/l1/resend", 1).await;
    drop(engine);

    let posts: Vec<_> = world.service.all().into_iter().filter(|s| s.method == "POST").collect();
    let keys: Vec<_> = posts.iter().map(|p| p.key().unwrap()).collect();
    let mut distinct = keys.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!((posts.len(), distinct.len()), (3, 3), "{keys:?}");
    assert!(keys.iter().all(|key| key[..22] == keys[0][..22]), "one installation: {keys:?}");
}

#[tokio::test]
async fn a_kill_in_the_middle_of_a_post_asks_where_it_stands_and_posts_nothing() {
    let world = World::signed_in();
    let engine = world.drive_to_contact().await;
    world.service.script("POST /v1/linkings/l1/contact", [crate::world::Answer::Hang]);
    engine.send(Intent::SubmitContact { text: PHONE.into() });
    world.service.until_seen("POST /v1/linkings/l1/contact", 1).await;
    drop(engine);

    let engine = world.start().await;
    world.service.until_seen("GET /v1/linkings/l1", 1).await;
    until(&engine, |s| matches!(&s.view, View::Contact { busy: false, .. })).await;
    assert_eq!(world.service.seen("POST /v1/linkings/l1/contact").len(), 1);
}

#[tokio::test]
async fn stopping_serves_what_was_sent_before() {
    let world = World::signed_in();
    let engine = world.drive_to_diary().await;
    engine.send(Intent::ShowDay { date: "2026-10-05".into() });
    engine.send(Intent::FoldInvitation);
    engine.stop().await;
    assert!(!world.dir.path().join("mostik.sqlite3-wal").exists());
    let stored: String =
        sqlx::query_scalar("SELECT stored FROM state").fetch_one(&mut database(&world).await).await.unwrap();
    assert!(stored.contains("2026-10-05"), "{stored}");
    assert!(stored.contains(r#""folded":true"#), "{stored}");
}
