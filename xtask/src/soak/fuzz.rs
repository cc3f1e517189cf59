//! The properties of `fuzz/`: with cargo-fuzz, which follows what the code does with a case, where it is there; else by mutants of the
//! corpora in the tests on stable.

use std::{
    fs,
    process::{Command, Stdio},
};

use anyhow::Result;
use mostik_world::root;

use super::part::{Run, Slice};
use crate::{
    build,
    checks::linted,
    console,
    system::{self, Need},
    ui,
};

/// A target, and the test that has its property on stable.
struct Property {
    target: &'static str,
    program: &'static str,
    /// How the test's name begins.
    test: &'static str,
}

const fn property(target: &'static str, program: &'static str, test: &'static str) -> Property {
    Property { target, program, test }
}

const PROPERTIES: [Property; 9] = [
    property("link", "flow", "links::"),
    property("contact", "contact", "corpus::"),
    property("webhook", "service", "updates::"),
    property("name", "fuzzed", "a_name_"),
    property("code", "fuzzed", "a_code_"),
    property("idempotency", "fuzzed", "one_key_"),
    property("configuration", "fuzzed", "settings_"),
    property("receipt", "fuzzed", "a_receipt_"),
    property("letter", "fuzzed", "a_letter_"),
];

/// What a run takes to begin, in seconds.
const BEGINNING: u64 = 2;

/// What is not read from the corpora in the tree: what cargo-fuzz comes upon.
const FOUND: &str = "target/soak/corpus";

/// Whether cargo-fuzz and a nightly compiler are there.
fn is_guided() -> bool {
    let asked = nightly(&["--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    asked.is_ok_and(|status| status.success())
}

/// `cargo +nightly fuzz`, by rustup's own cargo: the one that runs this belongs to a toolchain.
fn nightly(words: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(["+nightly", "fuzz"]).args(words).current_dir(root());
    command
}

/// Builds all of it, one way or the other.
pub fn ready() -> Result<()> {
    system::ready(Need::FastChecks)?;
    if is_guided() {
        console::detail("guided by what the code does: cargo-fuzz");
        build::fetch_for_fuzz()?;
        return build::succeed(&mut nightly(&["build"]));
    }
    console::detail("by mutants on stable: there is no `cargo +nightly fuzz` here");
    ui::ready()?;
    let mut tests = linted(&["test", "--workspace", "--no-run"])?;
    for program in ["contact", "flow", "fuzzed", "service"] {
        tests.args(["--test", program]);
    }
    build::succeed(&mut tests)
}

/// Each for as long as the others.
pub fn runs(slice: &Slice) -> Result<Vec<Run>> {
    let guided = is_guided();
    let seconds = (slice.seconds / PROPERTIES.len() as u64).saturating_sub(BEGINNING).max(1);
    let one = |property: &Property| {
        let command = if guided { by_libfuzzer(property, seconds, slice.seed)? } else { by_mutants(property)? };
        Ok((property.target, command))
    };
    let commands: Result<Vec<_>> = PROPERTIES.iter().map(one).collect();
    let run = |(name, mut command): (_, Command)| {
        // Read by fuzz/properties/mutate.rs.
        command.env("MOSTIK_SOAK_SECONDS", seconds.to_string()).env("MOSTIK_SOAK_SEED", slice.seed.to_string());
        Run { name, seed: Some(slice.seed), command }
    };
    Ok(commands?.into_iter().map(run).collect())
}

fn by_mutants(property: &Property) -> Result<Command> {
    let mut command = linted(&["test", "--workspace", "--test", property.program])?;
    command.args(["--", property.test, "--nocapture"]);
    Ok(command)
}

fn by_libfuzzer(property: &Property, seconds: u64, seed: u32) -> Result<Command> {
    let found = format!("{FOUND}/{}", property.target);
    fs::create_dir_all(root().join(&found))?;
    let mut run = Command::new("sh");
    // It tells its numbers on standard error.
    run.args(["-c", "exec \"$@\" 2>&1", "sh", "cargo", "+nightly", "fuzz", "run", property.target, &found]);
    run.arg(format!("fuzz/corpus/{}", property.target)).current_dir(root());
    run.args(["--", "-print_final_stats=1", "-timeout=60", "-verbosity=0"]);
    run.args([format!("-max_total_time={seconds}"), format!("-seed={seed}")]);
    Ok(run)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &str) -> Vec<String> {
        let listed = fs::read_dir(root().join(folder)).unwrap();
        let mut names: Vec<_> = listed.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn every_target_is_soaked() {
        let mut soaked: Vec<_> = PROPERTIES.iter().map(|property| property.target.to_owned()).collect();
        soaked.sort();
        assert_eq!(names("fuzz/corpus"), soaked);
        assert_eq!(names("fuzz/fuzz_targets"), soaked.iter().map(|name| format!("{name}.rs")).collect::<Vec<_>>());
    }

    #[test]
    fn every_property_has_its_test() {
        for Property { target, program, test } in PROPERTIES {
            let folders = ["wire", "flow", "service"].map(|package| format!("crates/{package}/tests/{program}"));
            let file = test.strip_suffix("::").unwrap_or("main");
            let texts =
                folders.iter().filter_map(|folder| fs::read_to_string(root().join(format!("{folder}/{file}.rs"))).ok());
            let is_there = |text: &String| {
                text.contains(&format!("mutate::run(\"{target}\""))
                    && (file != "main" || text.contains(&format!("fn {test}")))
            };
            assert!(texts.into_iter().any(|text| is_there(&text)), "no test gives {target} its mutants");
        }
    }
}
