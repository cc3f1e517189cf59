//! `mostik-service backup` and `restore`, by the program itself: a backup taken under load, restored into a new place, and people who
//! go on there.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use mostik_wire::{Delivery, Step, StepName};
use serde_json::json;

use crate::{
    commands::{Serving, program, run},
    world::{App, SECRET_KEY, World, new_database},
};

fn configuration(world: &World) -> String {
    let file = world.dir.path().join("mostik.toml");
    std::fs::write(&file, world.config_text()).unwrap();
    file.display().to_string()
}

/// Runs the program beside the test's own tasks.
async fn run_beside(args: &[&str]) -> (Option<i32>, String, String) {
    let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
    tokio::task::spawn_blocking(move || run(&args.iter().map(String::as_str).collect::<Vec<_>>())).await.unwrap()
}

/// Begins linkings and calls them off, until it is stopped; answers how many.
async fn keep_busy(world: &World, app: &App, stop: &AtomicBool) -> usize {
    let mut changes = 0;
    while !stop.load(Ordering::SeqCst) {
        let begun = world.begin(app).await;
        let closed = world.act(app, &begun, "cancel", json!({})).await.linking();
        assert_eq!(closed.step.name(), StepName::Closed);
        changes += 1;
    }
    changes
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
    let folder = world.dir.path().to_owned();
    let backup = |name: &str| folder.join(name).display().to_string();
    let taken = async {
        for name in ["first", "second"] {
            let (status, out, err) = run_beside(&["backup", &backup(name), "--config", &config]).await;
            assert_eq!(status, Some(0), "{err}");
            assert!(out.contains(" rows, "), "{out}");
        }
        stop.store(true, Ordering::SeqCst);
    };
    let ((), one, other) = tokio::join!(taken, keep_busy(&world, &busy[0], &stop), keep_busy(&world, &busy[1], &stop));
    assert!(one + other > 3, "only {one} and {other} changes");
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
    world.database = new_database(fresh.path());
    let config = configuration(&world);
    let (status, out, err) = run(&["restore", &backup("second"), "--config", &config]);
    assert_eq!(status, Some(0), "{err}");
    assert!(out.contains("all as they were written"), "{out}");
    let node = Serving::start(&config);
    world.process = Some(node.url.clone());
    // Sessions stay, and so does what was linked.
    assert_eq!(world.linking(&misha, &linked.id.0).await.step, linked.step);
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
    world.database = new_database(fresh.path());
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
