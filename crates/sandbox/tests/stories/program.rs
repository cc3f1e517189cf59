//! The program itself, as a person starts it.

use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

type Change = fn(&mut Value);

fn sandbox(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mostik-sandbox"));
    command.args(arguments).stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// Writes a world and comes back with its path.
fn world(name: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut world: Value = serde_json::from_str(include_str!("../../world/default.json")).expect("built-in JSON");
    change(&mut world);
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, world.to_string()).expect("written");
    path.to_str().expect("UTF-8").to_owned()
}

#[tokio::test]
async fn a_mistake_in_the_world_is_named_with_the_next_step() {
    let mistakes: [(&str, Change, &str); 5] = [
        (
            "date.json",
            |world| world["accounts"][0]["person"]["birth_date"] = json!("14.05.2011"),
            "accounts[0].person.birth_date: «14.05.2011» is no date; write it as 2011-05-14",
        ),
        (
            "mail.json",
            |world| world["accounts"][3]["mail"] = json!(["anya"]),
            "accounts[3].mail[0]: «anya» is no address; write it as anya@example.ru",
        ),
        ("account.json", |world| world["smtp_account"]["password"] = json!(""), "smtp_account.password: is empty"),
        (
            "vk.json",
            |world| world["vk_users"][0]["phone"] = json!("+79000001242"),
            "vk_users[0].phone: «+79000001242» is no number; write digits only: 79000001242",
        ),
        ("field.json", |world| world["colour"] = json!("honey"), "compare with crates/sandbox/world/default.json"),
    ];
    for (name, change, words) in mistakes {
        let output = sandbox(&["--world", &world(name, change)]).output().await.expect("it runs");
        let said = String::from_utf8(output.stderr).expect("text");
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "nothing listens: {said}");
        assert!(said.contains(words), "{said}");
    }
    let output = sandbox(&["--world", "no-such-file.json"]).output().await.expect("it runs");
    assert_eq!(output.status.code(), Some(2));
}

#[tokio::test]
async fn another_world_says_where_everything_is() {
    let path = world("other.json", |world| {
        world["smtp_account"]["user"] = json!("other");
        world["vk_client"]["id"] = json!("54");
    });
    let mut program = sandbox(&["--world", &path]).stdout(Stdio::piped()).spawn().expect("it runs");
    let mut lines = BufReader::new(program.stdout.take().expect("piped")).lines();
    let line = lines.next_line().await.expect("readable").expect("a line");
    let ready: Value = serde_json::from_str(&line).expect("JSON");
    assert_eq!(ready["smtp_account"]["user"], "other");
    assert_eq!(ready["vk_client"], json!({ "id": "54" }));
    assert_eq!(ready["vk_users"][1], json!({ "user_id": 710_002, "name": "Елизавета Ким", "phone": "79000002357" }));
    assert!(["vk", "vk_link"].iter().all(|name| ready[*name].as_str().is_some_and(|at| at.starts_with("http://127"))));
    assert!(ready["smtp"].as_str().is_some_and(|at| at.starts_with("127.0.0.1:")));
    assert!(ready["smtp_ca"].as_str().is_some_and(|pem| pem.starts_with("-----BEGIN CERTIFICATE-----")));
    assert_eq!(ready["accounts"][3]["mail"], json!(["orlova-anya@example.ru", "anya@почта.рф"]));
}
