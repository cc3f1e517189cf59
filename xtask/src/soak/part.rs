//! What a part of `cargo xtask soak` is.

use std::process::Command;

use anyhow::Result;

/// One of the long forms.
pub struct Part {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it looks at.
    pub what: &'static str,
    /// Its share of the time, beside those of the parts that come after it. What takes as long as it takes is ended when all time is up.
    pub share: u32,
    /// Sees to what it needs, builds included.
    pub ready: fn() -> Result<()>,
    /// Makes what is to be run.
    pub runs: fn(&Slice) -> Result<Vec<Run>>,
}

/// What a part is given.
pub struct Slice {
    /// For how long its runs may go on, all of them together.
    pub seconds: u64,
    /// Where they begin, if they throw dice: the same for the same runs.
    pub seed: u32,
}

/// A command, which has a line in the table. What it counts it tells by lines such as `soak: 1242 cases`, or as tests do.
pub struct Run {
    /// What it is called behind its part; empty where it is the whole of it.
    pub name: &'static str,
    /// `None`: it throws no dice.
    pub seed: Option<u32>,
    /// The command.
    pub command: Command,
}
