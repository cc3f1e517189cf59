//! `cargo xtask test`: every check in an order that fails fast, and one table at the end.

mod counts;
mod tools;

use std::{
    io::{self, BufRead, BufReader, Write},
    process::{Command, ExitCode, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use counts::Counts;
use serde_json::Value;

use crate::{
    build, console,
    system::{self, Need},
    ui,
};

/// The test program that opens windows.
const JOURNEYS: &str = "journeys";

/// The tests that compare the times of answers.
const TIMES: &str = "alike::";

struct Step {
    name: &'static str,
    what: &'static str,
    commands: fn() -> Result<Vec<Command>>,
}

const STEPS: &[Step] = &[
    Step {
        name: "format",
        what: "Rust formatting",
        commands: || Ok(vec![build::cargo_plain(&["fmt", "--all", "--check"])]),
    },
    Step { name: "ui-lint", what: "TypeScript lints and formatting", commands: || Ok(vec![ui::script("lint")]) },
    Step { name: "typos", what: "spelling", commands: tools::typos },
    Step { name: "deny", what: "licences, sources and bans of crates", commands: tools::deny },
    Step {
        name: "rules",
        what: "the repository's own rules",
        commands: || cargo(&["test", "--package", "mostik-rules"]),
    },
    Step { name: "ui-types", what: "types of the window's pages", commands: || Ok(vec![ui::script("check")]) },
    Step { name: "ui-test", what: "tests of the window's pages", commands: || Ok(vec![ui::script("test")]) },
    Step { name: "ui-build", what: "the window's pages", commands: || ui::ready().map(|()| Vec::new()) },
    Step { name: "gallery", what: "every screen in a real browser", commands: || Ok(vec![ui::gallery(&["--test"])]) },
    Step {
        name: "clippy",
        what: "Rust lints, warnings refused",
        commands: || {
            let mut clippy = build::cargo(&["clippy", "--workspace", "--all-targets"])?;
            clippy.args(["--", "--deny", "warnings"]);
            Ok(vec![clippy])
        },
    },
    Step { name: "rust", what: "unit, property and contract tests", commands: rust_tests },
    Step {
        name: "journeys",
        what: "the real window on real protocols",
        commands: || {
            let mut commands = cargo(&["build", "--workspace", "--bins"])?;
            commands.extend(cargo(&["test", "--workspace", "--test", JOURNEYS])?);
            Ok(commands)
        },
    },
    Step {
        name: "keys",
        what: "the same by the keyboard alone",
        commands: || {
            let mut commands = cargo(&["build", "--workspace", "--bins"])?;
            let mut keys = build::cargo(&["test", "--workspace", "--test", JOURNEYS])?;
            // The tour takes pictures, and what axe looks at is the same.
            keys.env("MOSTIK_HAND", "keys").args(["--", "--skip", "tour::", "--skip", "axe_"]);
            commands.push(keys);
            Ok(commands)
        },
    },
];

/// Runs the named steps, or all.
pub fn test(names: &[String]) -> Result<ExitCode> {
    if let Some(unknown) = names.iter().find(|name| !STEPS.iter().any(|step| step.name == name.as_str())) {
        let known: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        bail!("no step `{unknown}`; the steps are: {}", known.join(", "));
    }
    system::ready(Need::Checks)?;
    ui::packages()?;
    let mut done = Vec::new();
    let mut ok = true;
    for step in STEPS.iter().filter(|step| names.is_empty() || names.iter().any(|name| name == step.name)) {
        let outcome = if ok { Some(carry_out(step)) } else { None };
        ok &= outcome.as_ref().is_some_and(|outcome| outcome.counts.failed == 0);
        done.push((step, outcome));
    }
    summary(&done)?;
    Ok(if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Outcome {
    counts: Counts,
    time: Duration,
}

fn carry_out(step: &Step) -> Outcome {
    console::step(&format!("{}: {}", step.name, step.what));
    let begun = Instant::now();
    let mut counts = Counts::default();
    let mut run = || -> Result<()> {
        for mut command in (step.commands)()? {
            let (passed, seen) = watch(&mut command)?;
            counts.add(seen);
            if !passed {
                counts.failed = counts.failed.max(1);
                break;
            }
        }
        Ok(())
    };
    if let Err(error) = run() {
        console::failure(&error);
        counts.failed = counts.failed.max(1);
    }
    // A step that counts nothing is one check.
    if counts.failed == 0 {
        counts.passed = counts.passed.max(1);
    }
    Outcome { counts, time: begun.elapsed() }
}

/// Runs a command with its output on the screen, and counts the tests that it tells of.
fn watch(command: &mut Command) -> Result<(bool, Counts)> {
    let name = command.get_program().display().to_string();
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| format!("cannot start {name}"))?;
    let mut counts = Counts::default();
    for line in child.stdout.take().into_iter().flat_map(|out| BufReader::new(out).lines()).map_while(Result::ok) {
        writeln!(io::stdout(), "{line}")?;
        counts.read(&line);
    }
    Ok((child.wait()?.success(), counts))
}

fn summary(done: &[(&Step, Option<Outcome>)]) -> Result<()> {
    let mut out = io::stdout();
    let mut all = Counts::default();
    let mut time = Duration::ZERO;
    writeln!(out, "\n{:<10} {:<38} {:>8} {:>8}  {:>13}", "step", "what", "passed", "failed", "time")?;
    for (step, outcome) in done {
        match outcome {
            None => writeln!(out, "{:<10} {:<38} {:>8} {:>8}  {:>13}", step.name, step.what, "-", "-", "not run")?,
            Some(Outcome { counts, time: took }) => {
                all.add(*counts);
                time += *took;
                let took = console::duration(*took);
                writeln!(
                    out,
                    "{:<10} {:<38} {:>8} {:>8}  {took:>13}",
                    step.name, step.what, counts.passed, counts.failed
                )?;
            }
        }
    }
    writeln!(out, "\nin {}:", console::duration(time))?;
    writeln!(out, "{} passed, {} failed", all.passed, all.failed)?;
    Ok(())
}

/// All tests but the journeys. The whole workspace is named every time, and test programs one by one: with some packages left
/// out cargo would choose other features and build half of the dependencies anew.
fn rust_tests() -> Result<Vec<Command>> {
    tools::mail_server()?;
    tools::max_client()?;
    tools::sms_centre()?;
    let mut all = build::cargo(&["test", "--workspace", "--lib", "--bins"])?;
    for name in test_programs()?.iter().filter(|name| *name != JOURNEYS) {
        all.args(["--test", name]);
    }
    // What compares times takes all cores for minutes: the others would starve beside it.
    all.args(["--", "--skip", TIMES]);
    let mut times = build::cargo(&["test", "--workspace", "--test", "service"])?;
    times.args(["--", TIMES]);
    Ok(vec![all, times])
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

fn cargo(words: &[&str]) -> Result<Vec<Command>> {
    Ok(vec![build::cargo(words)?])
}
