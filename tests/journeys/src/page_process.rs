//! The process that draws the page, as the system may stop or end it.

use std::fs;

use rustix::process::{Pid, Signal, kill_process};

use crate::screen;

/// As the kernel shortens WebKitWebProcess.
const DRAWING: &str = "WebKitWebProces";

/// Sends this to each process of the group that draws pages, and says how many there were.
#[must_use]
pub fn signal(group: u32, signal: Signal) -> usize {
    processes(group).iter().filter(|pid| kill_process(**pid, signal).is_ok()).count()
}

pub(crate) fn processes(group: u32) -> Vec<Pid> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = processes.filter_map(|process| process.file_name().to_str()?.parse::<u32>().ok());
    let draws = |pid: &u32| {
        let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
        name.trim() == DRAWING && screen::group_of(*pid) == Some(group) && !screen::has_ended(*pid)
    };
    pids.filter(draws).filter_map(|pid| Pid::from_raw(i32::try_from(pid).ok()?)).collect()
}
