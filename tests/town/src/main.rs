//! `mostik-town`: lets towns pass, and shows the smallest that fails.

use std::{
    process::ExitCode,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

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
    /// How many of them pass at the same time
    #[arg(long, default_value_t = 1)]
    at_once: usize,
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
    let towns = Towns {
        begun: Instant::now(),
        made: if arguments.calm { Options::calm } else { Options::of_seed },
        next: AtomicU64::new(arguments.seed),
        failed: Mutex::new(None),
        arguments,
    };
    let passed = std::thread::scope(|scope| {
        let rows: Vec<_> = (0..towns.arguments.at_once.max(1)).map(|_| scope.spawn(|| towns.pass())).collect();
        let joined = rows.into_iter().map(|row| row.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        joined.sum::<Result<u64>>()
    })?;
    if let Some(failed) = towns.failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return show(&failed, towns.arguments.as_it_is);
    }
    let families = passed * u64::from(towns.arguments.families);
    println!("{:.0} s\nsoak: {passed} towns\nsoak: {families} families", towns.begun.elapsed().as_secs_f32());
    Ok(ExitCode::SUCCESS)
}

/// Towns of one seed after the other.
struct Towns {
    arguments: Arguments,
    begun: Instant,
    made: fn(u64, u32, u32) -> Options,
    next: AtomicU64,
    failed: Mutex<Option<Outcome>>,
}

impl Towns {
    /// Lets one town pass after the other, and says how many kept every rule.
    fn pass(&self) -> Result<u64> {
        let Arguments { seed: first, families, days, towns, seconds, tell, .. } = self.arguments;
        let mut passed = 0;
        loop {
            let seed = self.next.fetch_add(1, Ordering::Relaxed);
            if seed - first >= towns || self.failed().is_some() {
                return Ok(passed);
            }
            if seconds.is_some_and(|seconds| self.begun.elapsed() > Duration::from_secs(seconds)) {
                println!("the time is over before seed {seed}");
                return Ok(passed);
            }
            let one = Instant::now();
            let outcome = run_telling(&(self.made)(seed, families, days), tell)?;
            let took = one.elapsed().as_secs_f32();
            println!(
                "seed {seed}: {took:.1} s, {} events, history {} of {} lines\n  {:?}\n  {:?}",
                outcome.events, outcome.digest, outcome.lines, outcome.looked, outcome.struck
            );
            if outcome.violation.is_some() {
                self.failed().get_or_insert(outcome);
                return Ok(passed);
            }
            passed += 1;
        }
    }

    fn failed(&self) -> MutexGuard<'_, Option<Outcome>> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
