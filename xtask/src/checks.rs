//! `cargo xtask test`: every check in an order that fails fast, or some, and one table at the end.

mod counts;
mod steps;
mod tools;

use std::{
    io::{self, BufRead, BufReader, Write},
    process::{Command, ExitCode, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use counts::Counts;
use steps::{STEPS, Step};

use crate::{
    console,
    system::{self, Need},
    ui,
};

/// Leaves the slow steps out.
const FAST: &str = "--fast";

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
        let outcome = if ok { Some(carry_out(step, is_fast)) } else { None };
        ok &= outcome.as_ref().is_some_and(|outcome| outcome.counts.failed == 0);
        done.push((step, outcome));
    }
    let left: Vec<_> = STEPS.iter().filter(|step| is_fast && !step.is_fast).collect();
    summary(&done, &left, begun.elapsed())?;
    Ok(if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Outcome {
    counts: Counts,
    time: Duration,
}

fn carry_out(step: &Step, is_fast: bool) -> Outcome {
    console::step(&format!("{}: {}", step.name, step.what));
    let begun = Instant::now();
    let mut counts = Counts::default();
    let mut run = || -> Result<()> {
        for mut command in (step.commands)()? {
            if is_fast {
                // Tests of very many rounds play some of them.
                command.env("MOSTIK_FAST", "1");
            }
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
        assert_eq!(all[fast.len()..], ["postgres", "nodes", "gallery", "times", "journeys", "keys"]);
    }
}
