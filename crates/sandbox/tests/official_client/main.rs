//! A client of MAX that we did not write: the official one for Node tells its stories to the sandbox (`*.js`), and its own
//! declarations say whether the answers are right.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use mostik_sandbox::{Clock, Options, Sandbox};
use serde_json::json;
use tokio::{io::AsyncWriteExt as _, process::Command};

/// The compiler of the shapes needs a second or two; a busy machine needs many.
const PATIENCE: Duration = Duration::from_secs(180);
const HINT: &str = "these tests need Node 20.19 or newer, and the official client of MAX in target/tools/max-client: \
    `cargo xtask test` puts it there, or copy package.json, package-lock.json and .npmrc from \
    crates/sandbox/tests/official_client there and run `npm ci`";

/// A day in November 2026.
const MORNING: i64 = 1_795_500_000_000;

/// Each look at this clock is a second later than the last one, so that nobody is ever too quick.
fn hurrying() -> Clock {
    let now = AtomicI64::new(MORNING);
    Clock::new(move || now.fetch_add(1000, Ordering::SeqCst))
}

fn standing() -> Clock {
    Clock::new(|| MORNING)
}

/// Where `xtask` puts the packages.
fn packages() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target directory");
    let packages = target.join("tools/max-client");
    assert!(packages.join("node_modules/@maxhub/max-bot-api").exists(), "{HINT}");
    packages
}

/// Lets Node tell one story to a sandbox of its own.
async fn tell(story: &str, clock: Clock) {
    let packages = packages();
    let sandbox = Sandbox::start(Options { clock, ..Options::default() }).await.expect("free ports on loopback");
    let stand = json!({
        "packages": packages,
        "max_api": sandbox.get("max_api"),
        "phone": sandbox.get("phone"),
        "max_link": sandbox.get("max_link"),
        "token": sandbox.get("bot/token"),
    });
    let mut node = Command::new("node");
    node.arg("run.js")
        .arg(story)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/official_client"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let mut node = node.spawn().unwrap_or_else(|error| panic!("{HINT} ({error})"));
    let mut inlet = node.stdin.take().expect("piped");
    inlet.write_all(stand.to_string().as_bytes()).await.expect("Node reads");
    drop(inlet);
    let told = tokio::time::timeout(PATIENCE, node.wait_with_output()).await;
    let told = told.unwrap_or_else(|_| panic!("{story}: no end")).expect("an end");
    let said = [told.stdout, told.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(told.status.success(), "{story}: {said}");
}

#[tokio::test]
async fn a_wrong_token_is_refused() {
    tell("wrong_token", standing()).await;
}

#[tokio::test]
async fn a_bot_may_not_write_first() {
    tell("nobody_started", hurrying()).await;
}

#[tokio::test]
async fn what_is_not_there_is_refused() {
    tell("nothing_there", hurrying()).await;
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_a_code() {
    tell("malformed", hurrying()).await;
}

#[tokio::test]
async fn whoever_is_too_quick_is_refused() {
    tell("too_many", standing()).await;
}

#[tokio::test]
async fn trouble_at_max_reaches_the_client() {
    tell("trouble_at_max", standing()).await;
}

#[tokio::test]
async fn a_forged_or_foreign_contact_proves_nothing() {
    tell("contacts_that_prove_nothing", hurrying()).await;
}

#[tokio::test]
async fn a_number_is_proven() {
    tell("a_number_is_proven", hurrying()).await;
}

#[tokio::test]
async fn a_bot_writes_reads_edits_and_removes() {
    tell("a_dialog", hurrying()).await;
}

#[tokio::test]
async fn a_webhook_brings_updates() {
    tell("a_webhook", hurrying()).await;
}
