//! The steps of `cargo xtask test`, in their order: the cheapest and most telling first, what opens a browser or windows last.

use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use serde_json::Value;

use super::tools;
use crate::{build, ui};

/// The test program that opens windows.
const JOURNEYS: &str = "journeys";

/// The test program that starts several nodes.
const NODES: &str = "nodes";

/// The test program that drives the API by its document.
const CONTRACT: &str = "contract";

/// Test programs that only compute: no network, no programs beside them, no database.
const PURE: [&str; 5] = ["contact", "flow", "linking", "model", "rules"];

/// The tests that compare the times of answers.
const TIMES: &str = "indistinguishable::";

/// Tests of the service in which no database has a part, but for what others ask of it as well: networks, outside parties, documents.
const NO_DATABASE: [&str; 10] = [
    "centres::",
    "client_address::",
    "connections::",
    "docs::",
    "observability::",
    // PostgreSQL's own disk is another matter.
    "power_loss::",
    "release::",
    "request_ids::",
    "tls::",
    "traces::",
];

/// A part of the test run that has a name and a line in the summary.
pub struct Step {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it looks at.
    pub what: &'static str,
    /// Whether `--fast` has it.
    pub is_fast: bool,
    /// Makes what is to be run, after what that needs.
    pub commands: fn() -> Result<Vec<Command>>,
}

const fn fast(name: &'static str, what: &'static str, commands: fn() -> Result<Vec<Command>>) -> Step {
    Step { name, what, is_fast: true, commands }
}

const fn slow(name: &'static str, what: &'static str, commands: fn() -> Result<Vec<Command>>) -> Step {
    Step { name, what, is_fast: false, commands }
}

/// All of them. Types and tests of the pages come before Rust is built: they say within a minute what the longest build would not.
pub const STEPS: &[Step] = &[
    fast("format", "Rust formatting", || Ok(vec![build::cargo_plain(&["fmt", "--all", "--check"])])),
    fast("typos", "spelling", tools::typos),
    fast("ui-lint", "TypeScript lints and formatting", || Ok(vec![ui::script("lint")])),
    // The app, which is part of the workspace, has the pages in it.
    fast("ui-build", "the window's pages", || ui::ready().map(|()| Vec::new())),
    // Not watched for silence: on a small machine the first build says nothing on its output for a quarter of an hour.
    fast("clippy", "Rust lints and the build", || {
        build::succeed(&mut linted(&["build", "--workspace", "--all-targets"])?)?;
        Ok(Vec::new())
    }),
    fast("pure", "the machine, the linking rules, both in a model checker, contacts, the repository's rules", || {
        tests(&[], |name| PURE.contains(&name))
    }),
    fast("ui-types", "types of the window's pages", || Ok(vec![ui::script("check")])),
    fast("ui-test", "tests of the window's pages", || Ok(vec![ui::script("test")])),
    fast("deny", "licences, sources and bans of crates", tools::deny),
    fast("rust", "all other tests of Rust", rust_tests),
    slow("postgres", "the service's tests on PostgreSQL", || {
        let mut service = linted(&["test", "--workspace", "--test", "service"])?;
        service.arg("--").env("MOSTIK_TEST_DATABASE", "postgres");
        for name in NO_DATABASE.into_iter().chain([TIMES]) {
            service.args(["--skip", name]);
        }
        // A server for all of them takes its share of the processors.
        service.env("RUST_TEST_THREADS", (2 * cores()).to_string());
        Ok(vec![service])
    }),
    slow("nodes", "nodes and a database that come and go", || {
        let mut nodes = linted(&["test", "--workspace", "--test", NODES])?;
        // Three nodes, a balancer and two databases are enough at a time.
        nodes.args(["--", "--test-threads=1", "--nocapture"]);
        Ok(vec![programs(NODES)?, nodes])
    }),
    slow("contract", "the API, driven by its document", || Ok(contract()?.into())),
    slow("gallery", "every screen in a real browser", || Ok(vec![ui::gallery(&["--test"])])),
    // They take all cores for minutes: the others would starve beside them.
    slow("times", "answers that take equally long", || {
        let mut times = linted(&["test", "--workspace", "--test", "service"])?;
        times.args(["--", TIMES]);
        Ok(vec![times])
    }),
    slow("journeys", "the real window on real protocols", || Ok(vec![programs(JOURNEYS)?, journeys()?])),
    slow("keys", "each screen by the keyboard alone", || Ok(keys(&EACH_SCREEN)?.into())),
];

/// Of the journeys those that meet each screen and each kind of control once, by the beginnings of their names.
const EACH_SCREEN: [&str; 37] = [
    "about::what_is_kept",
    "by_max::another_number",
    "by_max::max_proves",
    "code::a_wrong_code",
    "code::the_number_can_be_changed",
    "contact::what_is_no_mobile",
    "device::a_keyring_that_comes_later",
    "diary_bar::the_dialog_says",
    "exists::a_recovered_password",
    "family::each_child",
    "from_max::the_running_app",
    "help::an_error_opens",
    "help::an_outage",
    "help::the_help_is_searched",
    "linked_before::who_was_linked",
    "mail::what_is_no_address",
    "max::a_contact_that_is_not",
    "max::the_window_turns",
    "new_profile::a_password_can_be_looked_at",
    "new_profile::a_pupil_alone",
    "new_profile::details_are",
    "new_profile::short_common",
    "new_profile::the_whole_route",
    "pasted::look_alike",
    "profile::a_number_that_is_linked",
    "profile::a_profile_that_bears",
    "school::a_lesson",
    "security::a_deletion_waits",
    "security::a_profile_by_phone",
    "security::everything_that_is_held",
    "security::what_happened_is_listed",
    "security::without_the_right_proof",
    "sign_in::a_blocked_account",
    "sign_in::giving_the_sign_in_up",
    "to_phone::the_phone_goes_on",
    "vk::a_child",
    "vk::with_both_messengers",
];

/// What is the same whichever hand it was: the tour takes pictures, axe looks at pages, nodes end, and texts are pasted.
const ONE_HAND: [&str; 8] = ["--skip", "tour::", "--skip", "axe_", "--skip", "nodes::", "--skip", "hostile_text::"];

/// All rounds of the races on a kind of database.
///
/// # Errors
/// When Cargo cannot be asked.
pub fn races_on(database: &str) -> Result<Command> {
    whole_on(database, "races::", ("MOSTIK_ALL_RACES", "1"))
}

/// A day of attack from 10^5 addresses, on a kind of database.
///
/// # Errors
/// When Cargo cannot be asked.
pub fn attack_on(database: &str) -> Result<Command> {
    whole_on(database, "day_of_attack::", ("MOSTIK_ALL_ATTACKS", "1"))
}

/// A thousand losses of power.
///
/// # Errors
/// When Cargo cannot be asked.
pub fn all_losses() -> Result<Command> {
    whole_on("sqlite", "power_loss::", ("MOSTIK_POWER_LOSSES", "1000"))
}

/// Ten thousand kills of the service, on a kind of database.
///
/// # Errors
/// When Cargo cannot be asked.
pub fn kills_on(database: &str) -> Result<Command> {
    whole_on(database, "kills::", ("MOSTIK_KILLS", "10000"))
}

/// These tests of the service with what makes them whole, and what they count on their output.
fn whole_on(database: &str, tests: &str, (variable, value): (&str, &str)) -> Result<Command> {
    let mut command = linted(&["test", "--workspace", "--test", "service"])?;
    command.args(["--", tests, "--nocapture"]).env(variable, value).env("MOSTIK_TEST_DATABASE", database);
    Ok(command)
}

/// The times of answers, by four times as many requests as the step has.
///
/// # Errors
/// When Cargo cannot be asked.
pub fn times_all() -> Result<Command> {
    let mut times = linted(&["test", "--workspace", "--test", "service"])?;
    times.args(["--", TIMES, "--nocapture"]).env("MOSTIK_ALL_TIMES", "1");
    Ok(times)
}

/// The programs that the API's document is held against, and the test that does so.
///
/// # Errors
/// When a tool or Cargo is not to be had.
pub fn contract() -> Result<[Command; 2]> {
    tools::schemathesis()?;
    let mut contract = linted(&["test", "--workspace", "--test", CONTRACT])?;
    contract.args(["--", "--nocapture"]);
    Ok([programs(CONTRACT)?, contract])
}

/// The same for as long as a soak has for it.
///
/// # Errors
/// When a tool or Cargo is not to be had.
pub fn contract_for(seconds: u64, seed: u32) -> Result<Command> {
    let [_, mut command] = contract()?;
    command.env("MOSTIK_SOAK_SECONDS", seconds.to_string()).env("MOSTIK_SOAK_SEED", seed.to_string());
    Ok(command)
}

/// Ten thousand hostile texts for each field of the window, and the programs that takes.
///
/// # Errors
/// When Cargo cannot be asked.
pub fn all_texts() -> Result<[Command; 2]> {
    let mut texts = journeys()?;
    texts.args(["--", "hostile_text::", "--nocapture"]).env("MOSTIK_ALL_TEXTS", "1");
    Ok([programs(JOURNEYS)?, texts])
}

/// All journeys that a keyboard can go.
///
/// # Errors
/// When Cargo cannot be asked.
pub fn all_keys() -> Result<[Command; 2]> {
    keys(&ONE_HAND)
}

/// The programs that they start, and they.
fn keys(words: &[&str]) -> Result<[Command; 2]> {
    let mut keys = journeys()?;
    keys.env("MOSTIK_HAND", "keys").arg("--").args(words);
    Ok([programs(JOURNEYS)?, keys])
}

/// Cargo with Clippy in the compiler's place for the workspace's own packages, as `cargo clippy` has it, but for a build: what the lints
/// were looked for in is what the tests run. With `cargo clippy` all that we build upon would be compiled twice, for the lints and for the
/// tests. The same in all steps, else each would build the workspace in its own way.
///
/// # Errors
/// When there is no Clippy, or the crates cannot be fetched.
pub fn linted(words: &[&str]) -> Result<Command> {
    let mut command = build::cargo(words)?;
    command.env("RUSTC_WORKSPACE_WRAPPER", build::clippy()?).env("CLIPPY_ARGS", "--deny__CLIPPY_HACKERY__warnings");
    Ok(command)
}

/// The tests that are in no other step.
fn rust_tests() -> Result<Vec<Command>> {
    tools::mail_server()?;
    tools::max_client()?;
    tools::sms_centre()?;
    let mut commands =
        tests(&["--lib", "--bins"], |name| ![CONTRACT, JOURNEYS, NODES].contains(&name) && !PURE.contains(&name))?;
    for command in &mut commands {
        command.args(["--", "--skip", TIMES]);
        side_by_side(command);
    }
    Ok(commands)
}

/// Some of the test programs, and what `words` say. The whole workspace is named every time, and test programs one by one: with
/// some packages left out cargo would choose other features and build half of the dependencies anew.
fn tests(words: &[&str], is_one: impl Fn(&str) -> bool) -> Result<Vec<Command>> {
    // One program that fails says nothing about the others.
    let mut command = linted(&["test", "--workspace", "--no-fail-fast"])?;
    command.args(words);
    for name in test_programs()?.iter().filter(|name| is_one(name)) {
        command.args(["--test", name]);
    }
    Ok(vec![command])
}

/// What these tests start. Named with them it gets the features that tests have: without, all that stands on tokio is built anew.
fn programs(tests: &str) -> Result<Command> {
    linted(&["build", "--workspace", "--bins", "--test", tests])
}

fn journeys() -> Result<Command> {
    linted(&["test", "--workspace", "--test", JOURNEYS])
}

/// The service's tests wait for disks and for one another most of the time.
fn side_by_side(tests: &mut Command) {
    tests.env("RUST_TEST_THREADS", (3 * cores()).to_string());
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Names of the workspace's test programs.
fn test_programs() -> Result<Vec<String>> {
    let output = build::cargo(&["metadata", "--format-version=1", "--no-deps"])?.stderr(Stdio::inherit()).output()?;
    let all: Value = serde_json::from_slice(&output.stdout).context("cargo metadata is not JSON")?;
    let packages = all["packages"].as_array().into_iter().flatten();
    let targets = packages.flat_map(|package| package["targets"].as_array().into_iter().flatten());
    let tests = targets.filter(|target| target["kind"][0] == "test").filter_map(|target| target["name"].as_str());
    Ok(tests.map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use mostik_world::root;

    use super::EACH_SCREEN;

    #[test]
    fn the_keyboards_journeys_are_there() {
        for name in EACH_SCREEN {
            let (file, test) = name.split_once("::").unwrap();
            let text = std::fs::read_to_string(root().join(format!("tests/journeys/journeys/{file}.rs"))).unwrap();
            assert!(text.contains(&format!("async fn {test}")), "no journey begins with {name}");
        }
    }
}
