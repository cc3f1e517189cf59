//! The program itself: its commands, exit statuses and the line it prints.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use serde_json::json;

use crate::world::World;

/// The program that was built with the tests, or another one: `cargo xtask soak` names it as it is released.
pub fn program() -> Command {
    let built = env!("CARGO_BIN_EXE_mostik-service").into();
    let mut command = Command::new(std::env::var_os("MOSTIK_PROGRAM").unwrap_or(built));
    command.env_clear();
    command
}

pub fn run(args: &[&str]) -> (Option<i32>, String, String) {
    let output = program().args(args).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// Writes the world's settings to a file; answers with its path.
pub fn configuration(world: &World) -> String {
    let file = world.dir.path().join("mostik.toml");
    std::fs::write(&file, world.config_text()).unwrap();
    file.display().to_string()
}

/// A node that is a process of its own; it ends when this is dropped.
pub struct Serving {
    /// Where it is reached.
    pub url: String,
    child: Child,
}

impl Serving {
    pub fn start(config: &str) -> Self {
        Self::start_by(config, program())
    }

    /// The same by a command of one's own.
    pub fn start_by(config: &str, command: Command) -> Self {
        let (child, url) = serve_by(config, command);
        Self { url, child }
    }

    /// Ends it as a crash would.
    pub fn kill(self) {
        drop(self);
    }

    /// Asks it to end, and waits.
    pub fn stop(mut self) {
        assert!(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap().success());
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Starts the program and waits for its line.
fn serve(config: &str) -> (Child, String) {
    serve_by(config, program())
}

fn serve_by(config: &str, mut command: Command) -> (Child, String) {
    command.args(["serve", "--config", config]).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: serde_json::Value = serde_json::from_str(&line).unwrap();
    (child, ready["service"].as_str().unwrap().to_owned())
}

#[test]
fn misuse_and_bad_settings_end_with_two_and_a_next_step() {
    for (args, said) in [
        (&[][..], "Usage: mostik-service <COMMAND>"),
        (&["serf"], "a similar subcommand exists: 'serve'"),
        (&["serve"], "Usage: mostik-service serve --config <FILE>"),
        (&["check-config", "--config"], "a value is required for '--config <FILE>'"),
        (&["print-config", "x"], "unexpected argument 'x' found"),
        (&["import-profiles", "--config", "x"], "mostik-service import-profiles --config <FILE> <PROFILES.json>"),
        (&["print-completions", "ksh"], "[possible values: bash, zsh, fish]"),
    ] {
        let (status, out, err) = run(args);
        assert_eq!((status, out.as_str()), (Some(2), ""), "{args:?}");
        assert!(err.contains(said) && err.contains("--help"), "{args:?}: {err}");
    }
    let (status, _, err) = run(&["check-config", "--config", "/nowhere/mostik.toml"]);
    assert_eq!(status, Some(2));
    assert!(err.contains("print-config"), "{err}");
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("mostik.toml");
    std::fs::write(&file, "listen = \"somewhere\"\nlissen = \"x\"").unwrap();
    let (status, _, err) = run(&["serve", "--config", file.to_str().unwrap()]);
    assert_eq!(status, Some(2));
    assert!(err.contains("lissen: there is no such setting"), "{err}");
}

#[test]
fn help_man_pages_and_completions_name_every_command() {
    let (status, help, err) = run(&["--help"]);
    assert_eq!((status, err.as_str()), (Some(0), ""));
    let listed = help.split_once("Commands:").unwrap().1.split_once("Options:").unwrap().0;
    let commands: Vec<&str> = listed.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(commands.contains(&"serve") && commands.len() >= 7, "{commands:?}");

    let folder = tempfile::tempdir().unwrap();
    let (status, _, err) = run(&["write-man-pages", "/nowhere/man8"]);
    assert_eq!(status, Some(1));
    assert!(err.contains("/nowhere/man8 cannot be written"), "{err}");
    let (status, _, err) = run(&["write-man-pages", folder.path().to_str().unwrap()]);
    assert_eq!((status, err.as_str()), (Some(0), ""));
    let page = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let whole = page("mostik-service.8");
    assert!(page("mostik-service-audit-verify.8").contains("NUMBER:HASH"), "commands of commands have pages too");
    assert!(whole.contains(".SH \"EXIT STATUS\"") && whole.contains(".SH FILES"), "{whole}");
    let scripts = ["bash", "zsh", "fish"].map(|shell| run(&["print-completions", shell]).1);
    for command in commands.into_iter().filter(|command| *command != "help") {
        let (status, help, _) = run(&[command, "--help"]);
        assert_eq!(status, Some(0));
        assert!(help.contains(&format!("Usage: mostik-service {command}")), "{help}");
        let escaped = command.replace('-', "\\-");
        assert!(whole.contains(&format!("mostik\\-service\\-{escaped}(8)")), "{command}: {whole}");
        assert!(page(&format!("mostik-service-{command}.8")).contains(".SH SYNOPSIS"));
        assert!(scripts.iter().all(|script| script.contains(command)), "{command}");
    }
    let (status, version, _) = run(&["--version"]);
    assert_eq!((status, version), (Some(0), format!("mostik-service {}\n", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn the_reference_is_printed_and_reads_as_a_configuration() {
    let (status, out, _) = run(&["print-config"]);
    assert_eq!(status, Some(0));
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("mostik.toml");
    std::fs::write(&file, out).unwrap();
    let (status, _, err) = run(&["check-config", "--config", file.to_str().unwrap()]);
    assert_eq!(status, Some(2));
    let keys: Vec<_> = err.lines().filter_map(|l| l.split(':').next()).collect();
    assert!(keys.contains(&"secret_key") && keys.contains(&"max.token"), "{err}");
}

#[tokio::test]
async fn it_serves_until_it_is_asked_to_end() {
    let mut world = World::new().await;
    world.stop().await;
    let file = world.dir.path().join("mostik.toml");
    std::fs::write(&file, world.config_text()).unwrap();
    let config = file.to_str().unwrap();
    let (status, out, err) = run(&["check-config", "--config", config]);
    assert_eq!(status, Some(0), "{err}");
    assert!(out.contains("secret_key = set\n") && !out.contains("a-secret-of-the-tests"), "{out}");

    let profiles = world.dir.path().join("profiles.json");
    let entry =
        r#"[{"phone":"8 900 000-23-57","first_name":"Елизавета","last_name":"Ким","role":"pupil","class_name":null}]"#;
    std::fs::write(&profiles, entry).unwrap();
    for _ in 0..2 {
        let (status, out, err) = run(&["import-profiles", "--config", config, profiles.to_str().unwrap()]);
        assert_eq!((status, out.as_str()), (Some(0), "1 profiles are in\n"), "{err}");
    }
    std::fs::write(&profiles, entry.replace("8 900", "8 495")).unwrap();
    let (status, _, err) = run(&["import-profiles", "--config", config, profiles.to_str().unwrap()]);
    assert_eq!(status, Some(1));
    assert!(err.contains("entry 1: phone: not a mobile number"), "{err}");

    let (mut child, url) = serve(config);
    let answer = world.http.get(format!("{url}/health/ready")).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let api = world.http.get(format!("{url}/openapi.json")).send().await.unwrap();
    let api: serde_json::Value = serde_json::from_str(&api.text().await.unwrap()).unwrap();
    assert!(api["paths"]["/v1/linkings"].is_object());
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[tokio::test]
async fn what_was_acknowledged_outlives_a_kill() {
    let mut world = World::new().await;
    world.stop().await;
    let file = world.dir.path().join("mostik.toml");
    std::fs::write(&file, world.config_text()).unwrap();
    let config = file.to_str().unwrap();
    world.faults(json!({ "sms": { "down": true } })).await;
    let (mut child, url) = serve(config);
    world.process = Some(url);
    let app = world.sign_in("misha").await;
    let begun = world.begin(&app).await;
    let linking = world.act(&app, &begun, "contact", json!({ "contact": "+79000001242" })).await.linking();
    child.kill().unwrap();
    child.wait().unwrap();

    let (mut child, url) = serve(config);
    world.process = Some(url);
    world.faults(json!({})).await;
    let code = world.sms_code("+79000001242").await;
    let proven = world.try_code(&app, &linking, &code).await.linking();
    child.kill().unwrap();
    child.wait().unwrap();
    let (mut child, url) = serve(config);
    world.process = Some(url);
    assert_eq!(world.linking(&app, &linking.id.0).await.step, proven.step);
    child.kill().unwrap();
    child.wait().unwrap();
}
