//! `cargo xtask test`: every check in an order that fails fast, or some, and one table at the end.

mod counts;
mod steps;
mod tools;

pub use counts::Counts;
pub use steps::{
    all_keys, all_losses, all_texts, attack_on, contract, contract_for, kills_on, linted, races_on, times_all,
};
pub use tools::cargo_deny;

use std::{
    io::{self, Write},
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use steps::{STEPS, Step};

use crate::{
    build, console,
    system::{self, Need},
    ui,
    watch::{End, Patience, watch},
};

/// Leaves the slow steps out.
const FAST: &str = "--fast";

/// No step is without a word for so long, building from nothing included.
pub const SILENCE: Duration = Duration::from_secs(12 * 60);

/// What races are played on.
pub const DATABASES: [&str; 2] = ["sqlite", "postgres"];

/// What to run: all steps, those of `--fast`, or the named ones.
fn chosen(words: &[String]) -> Result<Vec<&'static Step>> {
    let names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
    let known = format!("`cargo xtask test` takes {FAST} or names of steps: {}", names.join(", "));
    if let Some(flag) = words.iter().find(|word| word.starts_with('-') && *word != FAST) {
        bail!("no flag `{flag}`; {known}");
    }
    if let Some(unknown) = words.iter().find(|word| *word != FAST && !names.contains(&word.as_str())) {
        bail!("no step `{unknown}`; {known}");
    }
    let is_fast = words.iter().any(|word| word == FAST);
    if is_fast && words.len() > 1 {
        bail!("{FAST} names the steps itself; {known}");
    }
    let is_named = |step: &&Step| words.is_empty() || words.iter().any(|word| word == step.name);
    Ok(STEPS.iter().filter(|step| if is_fast { step.is_fast } else { is_named(step) }).collect())
}

/// Runs what the words choose.
pub fn test(words: &[String]) -> Result<ExitCode> {
    let steps = chosen(words)?;
    let is_fast = words.iter().any(|word| word == FAST);
    let begun = Instant::now();
    system::ready(if steps.iter().all(|step| step.is_fast) { Need::FastChecks } else { Need::Checks })?;
    ui::packages()?;
    let mut done = Vec::new();
    let mut ok = true;
    for step in steps {
        let outcome = if ok { Some(carry_out(step)) } else { None };
        ok &= outcome.as_ref().is_some_and(|outcome| outcome.counts.failed == 0);
        done.push((step, outcome));
    }
    let left: Vec<_> = STEPS.iter().filter(|step| is_fast && !step.is_fast).collect();
    summary(&done, &left, begun.elapsed())?;
    Ok(if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Plays all rounds of the races, on a file and on PostgreSQL: `test` plays some of them.
pub fn races(words: &[String]) -> Result<ExitCode> {
    if !words.is_empty() {
        bail!("races takes nothing");
    }
    system::ready(Need::FastChecks)?;
    ui::ready()?;
    for database in DATABASES {
        console::step(&format!("ten thousand rounds of races on {database}"));
        build::succeed(&mut races_on(database)?)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Compares the times of answers by four times as many requests as `test` does.
pub fn times(words: &[String]) -> Result<ExitCode> {
    if !words.is_empty() {
        bail!("times takes nothing");
    }
    system::ready(Need::FastChecks)?;
    ui::ready()?;
    build::succeed(&mut times_all()?)?;
    Ok(ExitCode::SUCCESS)
}

/// Plays all journeys by the keyboard alone: `test` plays those that meet each screen once.
pub fn keys(words: &[String]) -> Result<ExitCode> {
    if !words.is_empty() {
        bail!("keys takes nothing");
    }
    system::ready(Need::Checks)?;
    ui::ready()?;
    for mut command in all_keys()? {
        build::succeed(&mut command)?;
    }
    Ok(ExitCode::SUCCESS)
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
            let patience = Patience { silence: SILENCE, until: None };
            let end = watch(&mut command, patience, |line| counts.read(line))?;
            if end != End::Passed {
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

/// A line for each step in the order in which they ran; what `--fast` left out; the sum, which CI reads.
fn summary(done: &[(&Step, Option<Outcome>)], left: &[&Step], time: Duration) -> Result<()> {
    let mut out = io::stdout();
    let mut all = Counts::default();
    writeln!(out, "\n{:<10} {:<38} {:>8} {:>8}  {:>13}", "step", "what", "passed", "failed", "time")?;
    for (step, outcome) in done {
        match outcome {
            None => writeln!(out, "{:<10} {:<38} {:>8} {:>8}  {:>13}", step.name, step.what, "-", "-", "not run")?,
            Some(Outcome { counts, time: took }) => {
                all.add(*counts);
                let took = console::duration(*took);
                writeln!(
                    out,
                    "{:<10} {:<38} {:>8} {:>8}  {took:>13}",
                    step.name, step.what, counts.passed, counts.failed
                )?;
            }
        }
    }
    if !left.is_empty() {
        writeln!(out, "\nnot run:")?;
        for step in left {
            writeln!(out, "{:<10} {}", step.name, step.what)?;
        }
        let names: Vec<_> = left.iter().map(|step| step.name).collect();
        writeln!(out, "`cargo xtask test {}` runs these, `cargo xtask test` runs everything", names.join(" "))?;
    }
    writeln!(out, "\nin {}:", console::duration(time))?;
    writeln!(out, "{} passed, {} failed", all.passed, all.failed)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{STEPS, chosen};

    fn names(words: &[&str]) -> Vec<&'static str> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        chosen(&words).unwrap().iter().map(|step| step.name).collect()
    }

    fn refusal(words: &[&str]) -> String {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        chosen(&words).err().unwrap().to_string()
    }

    #[test]
    fn a_wrong_word_is_told_what_there_is() {
        assert!(refusal(&["--fats"]).starts_with("no flag `--fats`; "));
        assert!(refusal(&["format", "clipy"]).starts_with("no step `clipy`; "));
        assert!(refusal(&["--fast", "keys"]).starts_with("--fast names the steps itself; "));
        for words in [&["--fats"][..], &["clipy"], &["--fast", "keys"]] {
            let said = refusal(words);
            assert!(said.contains("takes --fast or names of steps: "), "{said}");
            assert!(STEPS.iter().all(|step| said.contains(step.name)), "{said}");
        }
    }

    #[test]
    fn all_steps_the_fast_ones_or_the_named_ones_in_their_own_order() {
        let all: Vec<_> = STEPS.iter().map(|step| step.name).collect();
        assert_eq!(names(&[]), all);
        assert_eq!(names(&["rust", "format"]), ["format", "rust"]);
        let fast = names(&["--fast"]);
        assert_eq!(fast, all[..fast.len()], "what is fast comes first");
        assert_eq!(all[fast.len()..], ["postgres", "nodes", "contract", "gallery", "times", "journeys", "keys"]);
    }
}
