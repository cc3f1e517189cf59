//! The process that draws the page, as the system may stop or end it.

use rustix::process::{Pid, Signal, kill_process};

use crate::processes::{has_ended, in_group, name_of};

/// As the kernel shortens WebKitWebProcess.
const DRAWING: &str = "WebKitWebProces";

/// Sends this to each process of the group that draws pages, and says how many there were.
#[must_use]
pub fn signal(group: u32, signal: Signal) -> usize {
    processes(group).iter().filter(|pid| kill_process(**pid, signal).is_ok()).count()
}

pub(crate) fn processes(group: u32) -> Vec<Pid> {
    let drawing = in_group(group).filter(|pid| name_of(*pid) == DRAWING && !has_ended(*pid));
    drawing.filter_map(|pid| Pid::from_raw(i32::try_from(pid).ok()?)).collect()
}
