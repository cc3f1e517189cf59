//! `mostik-town`: lets towns pass, and shows the smallest that fails.

use std::{process::ExitCode, time::Duration};

use anyhow::Result;
use clap::Parser;
use mostik_town::{Options, Outcome, run_telling, shortest};
use tokio::time::Instant;

/// Lets months pass in invented towns, each of one seed, until the time is over or a rule does not hold.
#[derive(Parser)]
struct Arguments {
    /// The first seed; each further town has the next one
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Families of each town
    #[arg(long, default_value_t = 60)]
    families: u32,
    /// Days with faults, in each town; three days without follow
    #[arg(long, default_value_t = 6)]
    days: u32,
    /// How many towns
    #[arg(long, default_value_t = 1)]
    towns: u64,
    /// No further town begins after so many seconds
    #[arg(long)]
    seconds: Option<u64>,
    /// This very run, as it was printed
    #[arg(long, conflicts_with_all = ["seed", "families", "days", "towns"])]
    options: Option<String>,
    /// Each line of the history is printed as it comes
    #[arg(long)]
    tell: bool,
    /// Nothing goes wrong and nobody errs
    #[arg(long)]
    calm: bool,
    /// The smallest run is not looked for
    #[arg(long)]
    as_it_is: bool,
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    if let Some(options) = &arguments.options {
        return show(&run_telling(&serde_json::from_str(options)?, arguments.tell)?, arguments.as_it_is);
    }
    let begun = Instant::now();
    let mut passed = 0;
    for seed in (arguments.seed..).take(usize::try_from(arguments.towns)?) {
        if arguments.seconds.is_some_and(|seconds| begun.elapsed() > Duration::from_secs(seconds)) {
            println!("the time is over before seed {seed}");
            break;
        }
        let made = if arguments.calm { Options::calm } else { Options::of_seed };
        let options = made(seed, arguments.families, arguments.days);
        let one = Instant::now();
        let outcome = run_telling(&options, arguments.tell)?;
        let took = one.elapsed().as_secs_f32();
        println!(
            "seed {seed}: {took:.1} s, {} events, history {} of {} lines",
            outcome.events, outcome.digest, outcome.lines
        );
        println!("  {:?}\n  {:?}", outcome.looked, outcome.struck);
        if outcome.violation.is_some() {
            return show(&outcome, arguments.as_it_is);
        }
        passed += 1;
    }
    println!("soak: {passed} towns");
    Ok(ExitCode::SUCCESS)
}

fn show(outcome: &Outcome, as_it_is: bool) -> Result<ExitCode> {
    let Some(found) = &outcome.violation else {
        println!("every rule held; history {} of {} lines", outcome.digest, outcome.lines);
        return Ok(ExitCode::SUCCESS);
    };
    println!("«{}» did not hold: {}\n  {}", found.rule, found.what, outcome.options);
    let smallest = if as_it_is { outcome.clone() } else { shortest(outcome, 40)? };
    println!("\nThe smallest run that was found:\n");
    for line in &smallest.history {
        println!("{line}");
    }
    println!("\n--options '{}'", smallest.options);
    Ok(ExitCode::FAILURE)
}
