//! Whole runs, and the search for the smallest one that fails in the same way.

use anyhow::Result;

use crate::{
    Looked, Options, Struck, Town, Violation,
    options::{Faults, Habits},
};

/// What came of a run.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What it was made of.
    pub options: Options,
    /// The rule that did not hold, if one.
    pub violation: Option<Violation>,
    /// How often something was looked at.
    pub looked: Looked,
    /// How often faults struck.
    pub struck: Struck,
    /// Lines of the history, and a digest of all of them.
    pub lines: u64,
    /// The same for the same options.
    pub digest: String,
    /// Events of the town.
    pub events: u64,
    /// What happened, of the family that was struck.
    pub history: Vec<String>,
}

/// Lets a town's month pass.
pub fn run(options: &Options) -> Result<Outcome> {
    run_telling(options, false)
}

/// The same; each line of the history may be printed at once.
pub fn run_telling(options: &Options, is_told: bool) -> Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut town = Town::build(options.clone()).await?;
        town.history.is_told = is_told;
        let violation = town.run().await?;
        let family = violation.as_ref().and_then(|violation| violation.family);
        Ok(Outcome {
            options: options.clone(),
            looked: town.ledger.looked.clone(),
            struck: town.faults.clone(),
            lines: town.history.count(),
            digest: town.history.digest(),
            events: town.events(),
            history: if violation.is_some() { town.history.of(family) } else { Vec::new() },
            violation,
        })
    })
}

/// Looks for the smallest run that breaks the same rule: fewer families, then fewer kinds of faults and habits, then fewer days. Tries at most
/// `tries` runs.
pub fn shortest(failed: &Outcome, tries: u32) -> Result<Outcome> {
    let Some(rule) = failed.violation.as_ref().map(|violation| violation.rule) else { return Ok(failed.clone()) };
    let mut best = failed.clone();
    let mut left = tries;
    let mut attempt = |options: Options, best: &mut Outcome| -> Result<bool> {
        if left == 0 || options == best.options {
            return Ok(false);
        }
        left -= 1;
        let outcome = run(&options)?;
        let same = outcome.violation.as_ref().is_some_and(|violation| violation.rule == rule);
        if same {
            *best = outcome;
        }
        Ok(same)
    };
    if let Some(family) = best.violation.as_ref().and_then(|violation| violation.family) {
        attempt(Options { only: Some(vec![family]), ..best.options.clone() }, &mut best)?;
    }
    while halve(&mut best, &mut attempt)? {}
    for options in [
        Options { attackers: 0, ..best.options.clone() },
        Options { habits: Habits::default(), ..best.options.clone() },
        Options { faults: Faults::default(), ..best.options.clone() },
    ] {
        attempt(options, &mut best)?;
    }
    for kind in KINDS {
        let mut options = best.options.clone();
        kind(&mut options);
        attempt(options, &mut best)?;
    }
    Ok(best)
}

// Half of the families, the first or the second.
fn halve(best: &mut Outcome, attempt: &mut impl FnMut(Options, &mut Outcome) -> Result<bool>) -> Result<bool> {
    let all = best.options.only.clone().unwrap_or_else(|| (0..best.options.families).collect());
    if all.len() < 2 {
        return Ok(false);
    }
    let (first, second) = all.split_at(all.len() / 2);
    for half in [first, second] {
        if attempt(Options { only: Some(half.to_vec()), ..best.options.clone() }, best)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Each leaves one kind out.
const KINDS: [fn(&mut Options); 23] = [
    |o| o.attackers = 0,
    |o| o.nodes = 1,
    |o| o.faults.request_lost = 0,
    |o| o.faults.request_doubled = 0,
    |o| o.faults.answer_lost = 0,
    |o| o.faults.portal = 0,
    |o| o.faults.pause = 0,
    |o| o.faults.node_killed = 0,
    |o| o.faults.database_refuses = 0,
    |o| (o.faults.clocks_apart_ms, o.faults.clock_set, o.faults.devices_off_min) = (0, 0, 0),
    |o| o.faults.restores.clear(),
    |o| {
        (o.faults.sms_lost, o.faults.sms_late, o.faults.sms_refused, o.faults.sms_cut, o.faults.receipt_odd) =
            (0, 0, 0, 0, 0)
    },
    |o| (o.faults.mail_refused, o.faults.mail_cut) = (0, 0),
    |o| (o.faults.max_refused, o.faults.max_cut) = (0, 0),
    |o| (o.faults.update_doubled, o.faults.update_late) = (0, 0),
    |o| (o.faults.diary_refuses, o.faults.vk_refuses) = (0, 0),
    |o| (o.faults.app_killed, o.faults.keyring_fails) = (0, 0),
    |o| (o.habits.double_press, o.habits.leaves, o.habits.changes_mind) = (0, 0, 0),
    |o| (o.habits.wrong_code, o.habits.wrong_number) = (0, 0),
    |o| (o.habits.older_code, o.habits.reads_late) = (0, 0),
    |o| o.habits.two_devices = 0,
    |o| o.habits.photographed = 0,
    |o| (o.habits.unlinks, o.habits.deletes) = (0, 0),
];
