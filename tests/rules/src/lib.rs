//! Reads the repository, for the rules: its files as git knows them, its packages as cargo knows them.

mod circles;
mod modules;
mod paths;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
};

use serde_json::Value;

pub use circles::{Circle, circles_of};

/// The top of the checkout.
#[must_use]
pub fn root() -> &'static Path {
    // tests/rules is two below it.
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap_or(Path::new("."))
}

/// Every file that git keeps or would keep, as `/`-separated paths from the top.
///
/// # Panics
/// When git cannot be asked: a rule that sees no files would hold for nothing.
#[must_use]
pub fn files() -> Vec<String> {
    let listed = answer("git", &["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let files: BTreeSet<&str> = listed.split('\0').filter(|path| root().join(path).is_file()).collect();
    assert!(!files.is_empty(), "git knows no files here");
    files.into_iter().map(str::to_owned).collect()
}

/// The text of a file, or nothing for a picture or another file that is not text.
#[must_use]
pub fn text(path: &str) -> Option<String> {
    fs::read_to_string(root().join(path)).ok()
}

/// Texts of all files with one of these endings.
#[must_use]
pub fn texts(endings: &[&str]) -> Vec<(String, String)> {
    let wanted = files().into_iter().filter(|path| endings.iter().any(|ending| path.ends_with(ending)));
    wanted.filter_map(|path| text(&path).map(|text| (path, text))).collect()
}

/// The packages and who needs whom, tests left out, and the build scripts of others: what those need gets into nothing of ours.
pub struct Packages {
    /// What each package of the workspace names in its manifest, by name.
    pub named: BTreeMap<String, BTreeSet<String>>,
    needs: BTreeMap<String, BTreeSet<String>>,
}

impl Packages {
    /// Asks cargo.
    ///
    /// # Panics
    /// When cargo cannot be asked or answers with something else.
    #[must_use]
    pub fn read() -> Self {
        let all = metadata();
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let names: BTreeMap<String, String> =
            list(&all["packages"]).iter().map(|package| (word(&package["id"]), word(&package["name"]))).collect();
        let members: BTreeSet<String> = list(&all["workspace_members"]).iter().map(word).collect();
        let mut needs: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for node in list(&all["resolve"]["nodes"]) {
            let is_ours = members.contains(&word(&node["id"]));
            let counts = |kind: &Value| match kind["kind"].as_str() {
                None => true,
                Some(kind) => kind == "build" && is_ours,
            };
            let needed = list(&node["deps"]).into_iter().filter(|dep| list(&dep["dep_kinds"]).iter().any(counts));
            let needed = needed.filter_map(|dep| names.get(&word(&dep["pkg"])).cloned());
            needs.entry(names[&word(&node["id"])].clone()).or_default().extend(needed);
        }
        let named = list(&all["packages"]).into_iter().filter(|package| members.contains(&word(&package["id"])));
        let named = named.map(|package| {
            let deps = list(&package["dependencies"]).into_iter().filter(|dep| dep["kind"].as_str() != Some("dev"));
            (word(&package["name"]), deps.map(|dep| word(&dep["name"])).collect())
        });
        Self { named: named.collect(), needs }
    }

    /// Everything that a package reaches.
    #[must_use]
    pub fn reached_from(&self, package: &str) -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        let mut open = vec![package.to_owned()];
        while let Some(next) = open.pop() {
            for needed in self.needs.get(&next).into_iter().flatten() {
                if reached.insert(needed.clone()) {
                    open.push(needed.clone());
                }
            }
        }
        reached
    }
}

/// What cargo knows of every package, those for other systems too.
///
/// # Panics
/// When cargo cannot be asked or answers with something else.
#[must_use]
pub fn metadata() -> Value {
    let told = answer(env!("CARGO"), &["metadata", "--format-version=1", "--locked", "--offline"]);
    serde_json::from_str(&told).expect("cargo metadata is JSON")
}

/// The root files of every crate of the workspace, libraries, programs and tests alike, with the names of their packages.
///
/// # Panics
/// When cargo cannot be asked or answers with something else.
#[must_use]
pub fn crates() -> Vec<(String, String)> {
    let told = answer(env!("CARGO"), &["metadata", "--format-version=1", "--locked", "--offline", "--no-deps"]);
    let told: Value = serde_json::from_str(&told).expect("cargo metadata is JSON");
    let mut crates = Vec::new();
    for package in told["packages"].as_array().into_iter().flatten() {
        for target in package["targets"].as_array().into_iter().flatten() {
            let path = target["src_path"].as_str().map(Path::new).and_then(|path| path.strip_prefix(root()).ok());
            let path = path.expect("a crate lies in the checkout").display().to_string();
            crates.push((package["name"].as_str().unwrap_or_default().to_owned(), path));
        }
    }
    crates
}

fn answer(program: &str, words: &[&str]) -> String {
    let output = Command::new(program).args(words).current_dir(root()).output();
    let output = output.unwrap_or_else(|error| panic!("cannot start {program}: {error}"));
    assert!(output.status.success(), "{program} {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
