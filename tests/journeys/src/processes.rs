//! Processes as the kernel knows them.

use std::fs;

/// All of this process group, those included that have ended and wait to be asked how.
pub fn in_group(group: u32) -> impl Iterator<Item = u32> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = processes.filter_map(|process| process.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(move |pid| group_of(*pid) == Some(group))
}

/// The process group: the fifth word of `stat`, and the second one, in brackets, may hold anything.
#[must_use]
pub fn group_of(pid: u32) -> Option<u32> {
    after_name(pid)?.split_whitespace().nth(2)?.parse().ok()
}

/// Whether a process has ended, be it that nobody has asked how.
#[must_use]
pub fn has_ended(pid: u32) -> bool {
    after_name(pid).is_none_or(|rest| rest.trim_start().starts_with('Z'))
}

/// What the kernel calls a process: the first fifteen bytes of its program's name.
#[must_use]
pub fn name_of(pid: u32) -> String {
    fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default().trim().to_owned()
}

/// What each process of the group waits for, one a line: for the error of a test in which nothing moves.
#[must_use]
pub fn states(group: u32) -> String {
    let state = |pid: u32| {
        let waits = fs::read_to_string(format!("/proc/{pid}/wchan")).unwrap_or_default();
        let state = after_name(pid).and_then(|rest| rest.split_whitespace().next().map(str::to_owned));
        format!("\n  {pid} {} {} {waits}", name_of(pid), state.unwrap_or_default())
    };
    in_group(group).map(state).collect()
}

fn after_name(pid: u32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    Some(stat.rsplit_once(')')?.1.to_owned())
}
