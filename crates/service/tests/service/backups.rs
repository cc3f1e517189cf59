//! `mostik-service backup` and `restore`, by the program itself: a backup taken under load, restored into a new place, and people who
//! go on there.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use mostik_wire::{Delivery, Step, StepName};
use serde_json::json;
use sqlx::Connection;
use tokio::sync::watch;

use crate::{
    commands::{Serving, configuration, program, run},
    world::{App, Database, SECRET_KEY, World, on_postgres},
};

/// Runs the program beside the test's own tasks.
async fn run_beside(args: &[&str]) -> (Option<i32>, String, String) {
    let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
    tokio::task::spawn_blocking(move || run(&args.iter().map(String::as_str).collect::<Vec<_>>())).await.unwrap()
}

/// Begins linkings and calls them off, until it is stopped. Each is noted when the service has said that it is closed.
async fn keep_busy(world: &World, app: &App, acknowledged: &watch::Sender<Vec<String>>, stop: &AtomicBool) {
    while !stop.load(Ordering::SeqCst) {
        let begun = world.begin(app).await;
        let closed = world.act(app, &begun, "cancel", json!({})).await.linking();
        assert_eq!(closed.step.name(), StepName::Closed);
        acknowledged.send_modify(|ids| ids.push(closed.id.0));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_go_on_with_a_backup_that_was_taken_under_load() {
    let mut world = World::new().await;
    world.stop().await;
    let config = configuration(&world);
    let node = Serving::start(&config);
    world.process = Some(node.url.clone());
    let (misha, liza) = (world.sign_in("misha").await, world.sign_in("liza").await);
    let linked = world.to_linked(&misha, "+79000001242", 501_001).await;
    let busy: Vec<App> = vec![world.sign_in("timur").await, world.sign_in("hung").await];
    // Her code waits for a centre that is down.
    world.faults(json!({ "sms": { "down": true } })).await;
    let begun = world.begin(&liza).await;
    let waiting = world.act(&liza, &begun, "contact", json!({ "contact": "+79000002357" })).await.linking();

    let stop = AtomicBool::new(false);
    let acknowledged: [watch::Sender<Vec<String>>; 2] = Default::default();
    let folder = world.dir.path().to_owned();
    let backup = |name: &str| folder.join(name).display().to_string();
    let taken = async {
        let mut before = Vec::new();
        for (name, changes) in [("first", 1), ("second", 3)] {
            for ids in &acknowledged {
                ids.subscribe().wait_for(|ids| ids.len() >= changes).await.unwrap();
            }
            before = acknowledged.each_ref().map(|ids| ids.borrow().clone()).to_vec();
            let (status, out, err) = run_beside(&["backup", &backup(name), "--config", &config]).await;
            assert_eq!(status, Some(0), "{err}");
            assert!(out.contains(" rows, "), "{out}");
        }
        stop.store(true, Ordering::SeqCst);
        before
    };
    let (before, (), ()) = tokio::join!(
        taken,
        keep_busy(&world, &busy[0], &acknowledged[0], &stop),
        keep_busy(&world, &busy[1], &acknowledged[1], &stop)
    );
    // After the backup: the code goes out, and he signs out.
    world.faults(json!({})).await;
    world.sms_code("+79000002357").await;
    let sent = world.sms_count("+79000002357").await;
    node.kill();

    for name in ["first", "second"] {
        let (status, out, err) = run_beside(&["restore", &backup(name), "--config", &config, "--check"]).await;
        assert_eq!(status, Some(0), "{err}");
        assert!(out.contains("can be restored"), "{out}");
    }
    let (status, _, err) = run(&["restore", &backup("second"), "--config", &config]);
    assert_eq!(status, Some(1));
    assert!(err.contains("is not empty. Name an empty place in `database`"), "{err}");

    let fresh = tempfile::tempdir().unwrap();
    let there = Database::new();
    world.database = there.address(fresh.path());
    let config = configuration(&world);
    let (status, out, err) = run(&["restore", &backup("second"), "--config", &config]);
    assert_eq!(status, Some(0), "{err}");
    assert!(out.contains("all as they were written"), "{out}");
    let (_, log, err) = run(&["audit", "show", "--config", &config]);
    assert!(log.contains("backup_restored by operator restore"), "{log}{err}");
    let node = Serving::start(&config);
    world.process = Some(node.url.clone());
    // Sessions stay, and so does what was linked.
    assert_eq!(world.linking(&misha, &linked.id.0).await.step, linked.step);
    // What was acknowledged before the backup began is in it.
    for (app, ids) in busy.iter().zip(&before) {
        for id in ids {
            assert_eq!(world.linking(app, id).await.step.name(), StepName::Closed);
        }
    }
    // Her code does not go out once more; the app says that it has not come, and she asks for another one.
    let told = world
        .until(
            &liza,
            &waiting,
            |linking| matches!(&linking.step, Step::Code(code) if code.delivery == Delivery::Failed),
        )
        .await;
    assert_eq!(world.sms_count("+79000002357").await, sent);
    let closed = world.act(&liza, &told, "cancel", json!({})).await.linking();
    assert_eq!(closed.step.name(), StepName::Closed);
    let done = world.to_linked(&busy[0], "+79000004417", 501_003).await;
    assert_eq!(done.step.name(), StepName::Linked);
    node.stop();
}

#[test]
fn misuse_and_refusals_say_what_to_do() {
    let (status, _, err) = run(&["backup", "--config", "x"]);
    assert_eq!(status, Some(2));
    assert!(err.contains("mostik-service backup --config <FILE> <FOLDER>"), "{err}");
    let (status, _, err) = run(&["restore", "--config", "x"]);
    assert_eq!(status, Some(2));
    assert!(err.contains("<BACKUP>"), "{err}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_service_runs_nothing_is_restored_and_people_go_on() {
    let mut world = World::new().await;
    world.stop().await;
    let config = configuration(&world);
    let node = Serving::start(&config);
    world.process = Some(node.url.clone());
    let app = world.sign_in("misha").await;
    let folder: PathBuf = world.dir.path().join("backups");
    std::fs::create_dir(&folder).unwrap();
    let (status, out, err) = run_beside(&["backup", folder.to_str().unwrap(), "--config", &config]).await;
    assert_eq!(status, Some(0), "{err}");
    let backup = out.split(": ").next().unwrap().to_owned();

    let begun = world.begin(&app).await;
    let (status, _, err) = run_beside(&["restore", &backup, "--config", &config]).await;
    assert!(status == Some(1) && err.contains("is not empty. Name an empty place in `database`"), "{err}");
    // What was done since the backup is there, and what is done now is taken.
    let closed = world.act(&app, &begun, "cancel", json!({})).await.linking();
    let present = world.linking(&app, &begun.id.0).await;
    assert_eq!((present.version, present.step), (closed.version, closed.step));
    node.stop();
}

#[tokio::test]
async fn a_backup_is_not_restored_with_another_key() {
    let mut world = World::new().await;
    world.stop().await;
    let config = configuration(&world);
    let folder: PathBuf = world.dir.path().join("backups");
    std::fs::create_dir(&folder).unwrap();
    let place: &Path = &folder;
    let (status, out, err) = run(&["backup", place.to_str().unwrap(), "--config", &config]);
    assert_eq!(status, Some(0), "{err}");
    let backup = out.split(": ").next().unwrap().to_owned();
    assert!(backup.contains("/mostik-20"), "{out}");
    let fresh = tempfile::tempdir().unwrap();
    let there = Database::new();
    world.database = there.address(fresh.path());
    let config = configuration(&world);
    for args in [&["restore", &backup, "--config", &config][..], &["restore", &backup, "--config", &config, "--check"]]
    {
        let told = program().args(args).env("MOSTIK_SECRET_KEY", SECRET_KEY.replace('a', "b")).output().unwrap();
        let err = String::from_utf8_lossy(&told.stderr);
        assert!(
            told.status.code() == Some(1) && err.contains("sealed with another secret_key. Set secret_key to"),
            "{err}"
        );
    }
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// What keeps a backup from going on: `pg_dump` waits for a table, and the reader of a file for who changes its tables.
enum Hindrance {
    File(#[expect(dead_code, reason = "its lock is what is held")] std::fs::File),
    Table(#[expect(dead_code, reason = "its lock is what is held")] sqlx::PgConnection),
}

impl Hindrance {
    async fn of(world: &World) -> Self {
        if on_postgres() {
            let mut held = sqlx::PgConnection::connect(&world.database).await.unwrap();
            sqlx::raw_sql("BEGIN; LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE").execute(&mut held).await.unwrap();
            return Self::Table(held);
        }
        let file = std::fs::File::options().write(true).open(format!("{}.lock", world.database)).unwrap();
        file.lock().unwrap();
        Self::File(file)
    }
}

/// Starts a backup, and waits until it has begun.
async fn begin_backup(folder: &Path, config: &str) -> Child {
    let mut command = program();
    command.args(["backup", folder.to_str().unwrap(), "--config", config]).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    // Another process' folder tells nobody that it is there.
    let mut look = tokio::time::interval(Duration::from_millis(5));
    while !names_in(folder).iter().any(|name| name.ends_with(".partial")) {
        look.tick().await;
    }
    child
}

#[tokio::test]
async fn a_backup_that_is_asked_to_end_leaves_nothing_and_one_that_is_killed_nothing_for_the_next() {
    let mut world = World::new().await;
    world.stop().await;
    let config = configuration(&world);
    let folder = world.dir.path().join("backups");
    std::fs::create_dir(&folder).unwrap();
    let hindrance = Hindrance::of(&world).await;
    for signal in ["-TERM", "-INT"] {
        let child = begin_backup(&folder, &config).await;
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        let told = child.wait_with_output().unwrap();
        let err = String::from_utf8_lossy(&told.stderr);
        assert!(
            told.status.code() == Some(1) && err.contains("backup: broken off, and nothing of it is left"),
            "{err}"
        );
        assert_eq!(names_in(&folder), [".mostik-backup.lock"]);
    }
    let mut child = begin_backup(&folder, &config).await;
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(names_in(&folder).len(), 2);
    drop(hindrance);
    let (status, out, err) = run(&["backup", folder.to_str().unwrap(), "--config", &config]);
    assert_eq!(status, Some(0), "{err}");
    let name = Path::new(out.split(": ").next().unwrap()).file_name().unwrap().to_str().unwrap().to_owned();
    assert_eq!(names_in(&folder), [".mostik-backup.lock", &name]);
}

#[tokio::test]
async fn a_disk_that_is_full_is_named_and_nothing_half_written_stays() {
    let mut world = World::new().await;
    world.stop().await;
    let config = configuration(&world);
    let folder = world.dir.path().join("backups");
    std::fs::create_dir(&folder).unwrap();
    // No file can become longer than so many blocks of 512 bytes; SQLite's index of its journal fits, the database does not.
    let blocks = if on_postgres() { "8" } else { "100" };
    let with_little_space = |args: &[&str]| {
        let mut command = Command::new("sh");
        command.args([
            "-c",
            r#"trap "" XFSZ; ulimit -f "$0"; exec "$@""#,
            blocks,
            env!("CARGO_BIN_EXE_mostik-service"),
        ]);
        let told = command.args(args).output().unwrap();
        (told.status.code(), String::from_utf8(told.stderr).unwrap())
    };
    let place = folder.to_str().unwrap();
    let (status, err) = with_little_space(&["backup", place, "--config", &config]);
    let named = if on_postgres() { "pg_dump has failed: " } else { "that there is space left" };
    assert!(status == Some(1) && err.contains(named), "{err}");
    assert_eq!(names_in(&folder), [".mostik-backup.lock"]);
    if on_postgres() {
        // What it is restored to is on the server's disk.
        return;
    }
    let (status, out, err) = run(&["backup", place, "--config", &config]);
    assert_eq!(status, Some(0), "{err}");
    let backup = out.split(": ").next().unwrap();
    let fresh = tempfile::tempdir().unwrap();
    let there = Database::new();
    world.database = there.address(fresh.path());
    let (status, err) = with_little_space(&["restore", backup, "--config", &configuration(&world)]);
    assert!(status == Some(1) && err.contains("File too large") && err.contains("that there is space left"), "{err}");
    assert_eq!(names_in(fresh.path()), ["mostik.sqlite.lock"]);
}
