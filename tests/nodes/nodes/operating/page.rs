//! The commands of `docs/operating.md`, as they stand there.

use std::fs;

use anyhow::{Result, ensure};
use mostik_world::root;

/// One block of commands.
pub struct Block {
    /// The line of the page on which it begins.
    pub line: usize,
    /// The machines that it is for, in their order.
    pub machines: Vec<String>,
    /// The commands.
    pub commands: String,
}

/// All of them, in the order of the page.
pub fn blocks() -> Result<Vec<Block>> {
    let page = fs::read_to_string(root().join("docs/operating.md"))?;
    let mut blocks = Vec::new();
    let mut lines = page.lines().zip(1..);
    while let Some((line, number)) = lines.next() {
        let Some(kind) = line.strip_prefix("```") else { continue };
        let text: Vec<&str> = lines.by_ref().map(|(line, _)| line).take_while(|line| *line != "```").collect();
        let mut words = kind.split_whitespace();
        if words.next() == Some("sh") {
            let machines: Vec<String> = words.map(str::to_owned).collect();
            ensure!(!machines.is_empty(), "line {number}: it is not said for which machine the commands are");
            blocks.push(Block { line: number, machines, commands: text.join("\n") });
        }
    }
    Ok(blocks)
}
