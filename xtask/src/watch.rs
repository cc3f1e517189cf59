//! Commands that are listened to while they run, and ended where they hang or their time is up.

use std::{
    io::{self, BufRead, BufReader, Write},
    process::{Command, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::console;

/// How long a command may take.
#[derive(Clone, Copy)]
pub struct Patience {
    /// It has something to say at least so often.
    pub silence: Duration,
    /// Then it is ended.
    pub until: Option<Instant>,
}

/// How a command came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Well.
    Passed,
    /// Not well.
    Failed,
    /// It was ended, because its time was up.
    OutOfTime,
}

/// Runs a command with its output on the screen, each line of which `hear` gets. One that hangs is ended: it would keep all that comes
/// after it, and its own failures, from being told.
pub fn watch(command: &mut Command, patience: Patience, mut hear: impl FnMut(&str)) -> Result<End> {
    let name = command.get_program().display().to_string();
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| format!("cannot start {name}"))?;
    let output = child.stdout.take().context("the command has no output")?;
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        BufReader::new(output).lines().map_while(Result::ok).try_for_each(|line| tell.send(line)).ok();
    });
    loop {
        let left = patience.until.map(|until| until.saturating_duration_since(Instant::now()));
        match told.recv_timeout(left.unwrap_or(patience.silence).min(patience.silence)) {
            Ok(line) => {
                writeln!(io::stdout(), "{line}")?;
                hear(&line);
            }
            Err(RecvTimeoutError::Disconnected) => {
                return Ok(if child.wait()?.success() { End::Passed } else { End::Failed });
            }
            Err(RecvTimeoutError::Timeout) => {
                end(child.id());
                child.wait()?;
                if patience.until.is_some_and(|until| until <= Instant::now()) {
                    return Ok(End::OutOfTime);
                }
                bail!("{name} said nothing for {} and was ended", console::duration(patience.silence));
            }
        }
    }
}

/// Ends a process and all that it started.
fn end(process: u32) {
    let of = |parent: u32| Command::new("pgrep").args(["--parent", &parent.to_string()]).output();
    let mut all = vec![process];
    let mut seen = 0;
    while let Some(parent) = all.get(seen) {
        let children = of(*parent).map(|found| String::from_utf8_lossy(&found.stdout).into_owned());
        all.extend(children.unwrap_or_default().split_whitespace().filter_map(|pid| pid.parse::<u32>().ok()));
        seen += 1;
    }
    Command::new("kill").arg("-KILL").args(all.iter().map(u32::to_string)).status().ok();
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]);
        shell
    }

    const A_MINUTE: Patience = Patience { silence: Duration::from_secs(60), until: None };

    #[test]
    fn what_hangs_is_ended_with_all_that_it_started() {
        // The shell's child has the output open too: were it left, who reads that would wait on.
        let mut hangs = shell("echo begun; sleep 600 & echo $!; wait");
        let short = Patience { silence: Duration::from_millis(300), until: None };
        let refused = watch(&mut hangs, short, |_| ()).err().unwrap().to_string();
        assert_eq!(refused, "sh said nothing for 0.3 s and was ended");
    }

    #[test]
    fn what_has_no_time_left_is_ended_and_nothing_is_wrong_with_it() {
        let until = Some(Instant::now() + Duration::from_millis(300));
        let mut heard = Vec::new();
        let end = watch(&mut shell("echo begun; sleep 600 & wait"), Patience { until, ..A_MINUTE }, |line| {
            heard.push(line.to_owned());
        });
        assert_eq!((end.unwrap(), heard), (End::OutOfTime, vec!["begun".to_owned()]));
    }

    #[test]
    fn how_a_command_ends_is_how_it_is_told() {
        assert_eq!(watch(&mut shell("exit 1"), A_MINUTE, |_| ()).unwrap(), End::Failed);
        assert_eq!(watch(&mut shell("exit 0"), A_MINUTE, |_| ()).unwrap(), End::Passed);
    }
}
