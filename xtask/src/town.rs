//! The town's long runs. `cargo xtask faults`: whether it finds faults of our own making. All are written into a copy of the tree, each asleep until it is
//! named; that is built once, and for each fault towns pass until a rule is broken.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use mostik_world::root;
use serde::Deserialize;

use crate::{build, copies::copy_to};

/// The environment variable that wakes a fault.
const VARIABLE: &str = "MOSTIK_FAULT";
/// What the towns are made of: no attackers sleep, and nothing is rare.
const TOWNS: [&str; 6] = ["--families", "40", "--days", "5", "--towns", "80"];

#[derive(Deserialize)]
struct Faults {
    fault: Vec<Fault>,
}

#[derive(Deserialize)]
struct Fault {
    name: String,
    edits: Vec<Edit>,
}

#[derive(Deserialize)]
struct Edit {
    file: PathBuf,
    old: String,
    new: String,
}

impl Edit {
    /// The text of the file with the fault in it, asleep.
    fn apply(&self, text: &str, fault: &str) -> Result<String> {
        let found = text.matches(&self.old).count();
        ensure!(found == 1, "«{fault}»: what it changes is {found} times in {}", self.file.display());
        let awake = format!("(std::env::var_os({VARIABLE:?}).is_some_and(|fault| fault == {fault:?}))");
        Ok(text.replace(&self.old, &self.new.replace("FAULT", &awake)))
    }
}

fn faults() -> Result<Vec<Fault>> {
    let text = std::fs::read_to_string(root().join("tests/town/faults.toml"))?;
    Ok(toml::from_str::<Faults>(&text)?.fault)
}

/// Looks for all of them, or for those whose names hold one of these words.
///
/// # Errors
/// When the tree cannot be copied or built, or when a fault was not found.
pub fn faults_are_found(words: &[String]) -> Result<()> {
    let all = faults()?;
    let town = build_with(&all)?;
    let seed = "1";
    let (mut found, mut missed) = (Vec::new(), Vec::new());
    for fault in all.iter().filter(|fault| words.is_empty() || words.iter().any(|word| fault.name.contains(word))) {
        let output =
            Command::new(&town).args(TOWNS).args(["--seed", seed, "--as-it-is"]).env(VARIABLE, &fault.name).output()?;
        let said = String::from_utf8_lossy(&output.stdout);
        let rule = said.lines().find(|line| line.contains("did not hold"));
        let towns = said.lines().filter(|line| line.starts_with("seed ")).count();
        match rule {
            Some(rule) => found.push(format!(
                "{}: {} (town {towns})",
                fault.name,
                rule.split(" did not hold").next().unwrap_or_default()
            )),
            None => missed.push(format!("{}: {towns} towns kept every rule", fault.name)),
        }
        println!("{}", found.last().filter(|_| rule.is_some()).or(missed.last()).map_or("", String::as_str));
    }
    println!("\n{} found, {} missed; seed {seed}", found.len(), missed.len());
    ensure!(missed.is_empty(), "not found: {}", missed.join("; "));
    Ok(())
}

/// Copies what is in the tree, writes the faults into it and builds the town, apart from our own: cargo would take the one for the other.
fn build_with(faults: &[Fault]) -> Result<PathBuf> {
    let copy = root().join("target/faults");
    copy_to(&copy)?;
    for fault in faults {
        for edit in &fault.edits {
            let path = copy.join(&edit.file);
            let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            std::fs::write(&path, edit.apply(&text, &fault.name)?)?;
        }
    }
    built_in(&copy)
}

/// The town, for long runs.
///
/// # Errors
/// When it cannot be built.
pub fn built() -> Result<PathBuf> {
    built_in(root())
}

fn built_in(tree: &Path) -> Result<PathBuf> {
    let mut cargo = build::cargo(&["build", "--profile", "simulation", "-p", "mostik-town", "--bin", "mostik-town"])?;
    build::in_tree(&mut cargo, tree);
    build::succeed(&mut cargo)?;
    Ok(tree.join("target/simulation/mostik-town"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_its_place_in_the_tree() {
        let all = faults().unwrap();
        assert!(all.len() >= 20, "{}", all.len());
        let mut names: Vec<_> = all.iter().map(|fault| &fault.name).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all.len(), "two faults of one name");
        // One after the other, as they are written into the copy.
        let mut texts = std::collections::BTreeMap::new();
        for fault in &all {
            for edit in &fault.edits {
                assert!(edit.new.contains("FAULT"), "«{}» is always awake", fault.name);
                let path = root().join(&edit.file);
                let text = texts.entry(edit.file.clone()).or_insert_with(|| std::fs::read_to_string(path).unwrap());
                *text = edit.apply(text, &fault.name).unwrap();
            }
        }
    }
}
