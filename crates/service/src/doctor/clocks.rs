//! This machine's clock, against those of others.

use mostik_wire::Millis;

use super::finding::Finding;

/// How far apart clocks may be: `Date` counts whole seconds, and an answer takes its time.
const MOST: i64 = 30_000;

/// What another party's clock said, and what ours did.
#[derive(Clone)]
pub(super) struct Reading {
    pub(super) of: &'static str,
    pub(super) theirs: Millis,
    pub(super) ours: Millis,
}

/// One finding: the clock that is farthest from ours, or that all agree.
pub(super) fn compare(readings: &[Reading]) -> Option<Finding> {
    let farthest = readings.iter().max_by_key(|reading| (reading.ours.0 - reading.theirs.0).abs())?;
    let apart = farthest.ours.0 - farthest.theirs.0;
    if apart.abs() <= MOST {
        return Some(Finding::well("clock", format!("within {} s of {}'s", MOST / 1_000, farthest.of)));
    }
    let found =
        format!("this machine's clock is {} s away from the `Date` of {}'s answers", apart / 1_000, farthest.of);
    Some(Finding::wrong("clock", found, "Set it by NTP (`timedatectl set-ntp true`): codes and sign-ins end by it"))
}
