//! `mostik-service move-to`: from a file to PostgreSQL, by the program itself.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::Stdio,
};

use mostik_wire::StepName;
use mostik_world::postgres;
use serde_json::{Value, json};

use crate::{
    commands::{Serving, configuration, program, run},
    world::{App, World},
};

/// A world whose service is a process of its own, on a file.
async fn world_on_a_file() -> World {
    let mut world = World::new().await;
    world.stop().await;
    world.database = world.dir.path().join("moved.sqlite").display().to_string();
    world
}

/// As many profiles go over where the setting of that name says nothing else; so it is measured with more.
const PROFILES: usize = 1_500;

fn profiles_wanted() -> usize {
    std::env::var("MOSTIK_TEST_PROFILES").map_or(PROFILES, |count| count.parse().unwrap())
}

/// A file for `import-profiles`.
fn write_profiles(file: &Path, count: usize) {
    let class = |nth: usize| format!("{}-{}", 1 + nth % 11, ["А", "Б", "В", "Г"][nth % 4]);
    let profiles: Vec<Value> = (0..count)
        .map(|nth| {
            json!({
                "phone": format!("+7901{nth:07}"), "email": format!("pupil{nth}@mail.ru"), "first_name": "Анна",
                "last_name": "Орлова", "role": "pupil", "class_name": class(nth),
            })
        })
        .collect();
    std::fs::write(file, serde_json::to_vec(&profiles).unwrap()).unwrap();
}

/// Starts a move and kills it after so many lines of progress, with no chance to do anything more; the lines of one that has ended.
fn move_until(config: &str, to: &str, batch: &str, lines: usize) -> Option<Vec<Value>> {
    let mut command = program();
    command.args(["move-to", to, "--config", config, "--batch", batch, "--json"]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let mut told = Vec::new();
    for line in out.lines() {
        told.push(serde_json::from_str(&line.unwrap()).unwrap());
        if told.len() > lines {
            child.kill().unwrap();
            break;
        }
    }
    child.wait().unwrap().success().then_some(told)
}

#[tokio::test]
async fn each_refusal_says_what_to_do() {
    let world = world_on_a_file().await;
    let config = configuration(&world);
    let to = postgres::shared().new_database().unwrap();
    let refused = |config: &str, to: &str, said: &str| {
        let (status, _, err) = run(&["move-to", to, "--config", config]);
        assert!(matches!(status, Some(1 | 2)) && err.contains(said), "{err}");
    };
    refused(&config, "mysql://host/x", "Give postgres://");
    refused(&config, &to, "Name the file that is served");
    let (status, _, err) = run(&["move-to", &to, "--config", &config, "--batch", "0"]);
    assert_eq!(status, Some(2));
    assert!(err.contains("--batch <ROWS>"), "{err}");

    let node = Serving::start(&config);
    refused(&config, &to, "stop it first (`systemctl stop mostik-service`)");
    node.stop();
    refused(&config, &world.database, "Give postgres://");
    let mut on_postgres = world_on_a_file().await;
    on_postgres.database.clone_from(&to);
    refused(&configuration(&on_postgres), &to, "Name the file that the service has used");
    refused(&config, &to.replace("mostik_", "nowhere_"), "createdb");
    let (status, out, err) = run(&["move-to", &to, "--config", &config]);
    assert_eq!(status, Some(0), "{err}");
    assert!(out.contains(&format!("database = \"{to}\"")) && out.contains("accounts: 0 rows compared"), "{out}");
    refused(&config, &postgres::shared().new_database().unwrap(), "name that in `database`");
}

#[tokio::test]
async fn people_go_on_after_a_move_that_was_killed_again_and_again() {
    let mut world = world_on_a_file().await;
    let config = configuration(&world);
    let to = postgres::shared().new_database().unwrap();
    let node = Serving::start(&config);
    world.process = Some(node.url.clone());
    let (liza, misha): (App, App) = (world.sign_in("liza").await, world.sign_in("misha").await);
    let linked = world.to_linked(&misha, "+79000001242", 501_001).await;
    let (waiting, code) = world.to_code(&liza, "+79000002357").await;
    node.kill();

    // Each time some lines further; a move that was broken off is served by nobody.
    let mut kills = 0;
    let told = loop {
        match move_until(&config, &to, "1", kills) {
            Some(told) => break told,
            None => kills += 1 + kills / 2,
        }
        for (database, said) in [(&world.database, "move-to"), (&to, "half filled")] {
            let mut half = world.config_text();
            half = half.replace(&format!("{:?}", world.database), &format!("{database:?}"));
            let file = world.dir.path().join("half.toml");
            std::fs::write(&file, half).unwrap();
            // In the middle of it.
            if kills == 7 {
                let (status, _, err) = run(&["serve", "--config", file.to_str().unwrap()]);
                assert!(status == Some(1) && err.contains(said), "{err}");
            }
        }
    };
    // What a pipe holds is read after it was written: the program is a few lines ahead of its kill.
    assert!(kills > 9, "killed only {kills} times");
    // Killed after its last row it says that it has ended.
    assert!(told.last().is_none_or(|last| last["moved"].as_u64().unwrap() > 20), "{told:?}");

    world.database = to;
    let node = Serving::start(&configuration(&world));
    world.process = Some(node.url.clone());
    assert_eq!(world.linking(&misha, &linked.id.0).await.step, linked.step);
    let proven = world.try_code(&liza, &waiting, &code).await.linking();
    assert_eq!(proven.step.name(), StepName::Profile);
    let confirmed = world.act(&liza, &proven, "confirm", json!({ "accept_other_name": true })).await.linking();
    let done = world.finish_in_max(&liza, &confirmed, 501_002).await;
    assert_eq!(done.step.name(), StepName::Linked);
    node.stop();
}

#[tokio::test]
async fn thousands_of_profiles_go_over_wherever_the_move_is_killed() {
    let mut world = world_on_a_file().await;
    let config = configuration(&world);
    let (count, list) = (profiles_wanted(), world.dir.path().join("profiles.json"));
    write_profiles(&list, count);
    let (status, out, err) = run(&["import-profiles", list.to_str().unwrap(), "--config", &config]);
    assert_eq!((status, out), (Some(0), format!("{count} profiles are in\n")), "{err}");
    let to = postgres::shared().new_database().unwrap();
    let batch = (count / 30).to_string();
    // Among the profiles, and twice in what the audit log says of them: each run tells only what it brings itself.
    for lines in [0, 9, 20, 30] {
        assert!(move_until(&config, &to, &batch, lines).is_none(), "it has ended after {lines} lines");
        let (status, _, err) = run(&["serve", "--config", &config]);
        assert!(status == Some(1) && err.contains(&format!("moved to {to}")), "{err}");
    }
    let told = move_until(&config, &to, &batch, usize::MAX).expect("nobody has killed it");
    let compared = |table: &str| told.iter().find(|line| line["table"] == table && !line["compared"].is_null());
    for table in ["profiles", "audit_entries"] {
        assert_eq!(compared(table).unwrap()["compared"], count, "{table}: {told:?}");
        let database = to.rsplit('/').next().unwrap();
        let there = postgres::shared().run(database, &format!("SELECT COUNT(*) FROM {table}")).unwrap();
        assert_eq!(there, count.to_string());
    }
    // Neither is the file served any more, nor is anything brought into it or backed up from it: each says where all of it is.
    let folder = world.dir.path().display().to_string();
    for args in [&["serve"][..], &["import-profiles", list.to_str().unwrap()], &["backup", &folder], &["doctor"]] {
        let told = program().args(args).args(["--config", &config]).output().unwrap();
        let said = String::from_utf8([told.stdout, told.stderr].concat()).unwrap();
        assert!(told.status.code() == Some(1) && said.contains(&format!("moved to {to}")), "{args:?}: {said}");
    }
    world.database = to;
    let node = Serving::start(&configuration(&world));
    world.process = Some(node.url.clone());
    let misha = world.sign_in("misha").await;
    let linked = world.to_linked(&misha, "+79000001242", 501_001).await;
    assert_eq!(linked.step.name(), StepName::Linked);
    node.stop();
}
