//! What the app and the service are built of: crates by what cargo says, packages of npm by their manifests.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use mostik_rules::{metadata, root, text};
use serde_json::Value;

/// What of npm is in the pages; a test of the window's pages looks into what is built.
const FROM_NPM: [&str; 7] =
    ["@fontsource-variable/golos-text", "@tauri-apps/api", "clsx", "esm-env", "minisearch", "svelte", "uqr"];

/// Where a part comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum From {
    Cargo,
    Npm,
    /// It is copied into the tree.
    Here,
}

/// Something of others that is in a program.
pub struct Part {
    pub from: From,
    pub name: String,
    /// Empty where nobody has told it.
    pub version: String,
    pub licence: String,
    pub copyright: Vec<String>,
    /// Of the archive that it comes in, as the lock file has it: SHA-256.
    pub checksum: Option<String>,
}

fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The crates that are linked into a program, on any system. What only writes code while building is in nothing of ours.
pub fn crates(program: &str) -> Vec<Part> {
    let all = metadata();
    let packages: BTreeMap<String, &Value> =
        list(&all["packages"]).iter().map(|package| (word(&package["id"]), package)).collect();
    let nodes: BTreeMap<String, &Value> =
        list(&all["resolve"]["nodes"]).iter().map(|node| (word(&node["id"]), node)).collect();
    let is_linked = |id: &String| {
        let targets = list(&packages[id]["targets"]);
        !targets.iter().any(|target| list(&target["kind"]).iter().any(|kind| kind == "proc-macro"))
    };
    let program = packages.iter().find(|(_, package)| package["name"] == program).map(|(id, _)| id.clone());
    let mut open: Vec<String> = program.into_iter().collect();
    assert!(!open.is_empty(), "the program is no package");
    let mut reached = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !reached.insert(id.clone()) {
            continue;
        }
        let needed = list(&nodes[&id]["deps"]).iter().filter(|dep| {
            // Neither for tests nor for build scripts.
            list(&dep["dep_kinds"]).iter().any(|kind| kind["kind"].is_null())
        });
        open.extend(needed.map(|dep| word(&dep["pkg"])).filter(is_linked));
    }
    let checksums = checksums();
    let others = reached.iter().map(|id| packages[id]).filter(|package| !package["source"].is_null());
    others
        .map(|package| {
            let folder = Path::new(package["manifest_path"].as_str().unwrap_or_default()).parent().unwrap();
            let (name, version) = (word(&package["name"]), word(&package["version"]));
            Part {
                from: From::Cargo,
                checksum: checksums.get(&(name.clone(), version.clone())).cloned(),
                name,
                version,
                licence: word(&package["license"]).replace('/', " OR "),
                copyright: notices(folder),
            }
        })
        .collect()
}

/// All that the app is built of.
pub fn of_app() -> Vec<Part> {
    let mut parts = crates("mostik");
    parts.extend(from_npm());
    parts.push(copied_in());
    parts
}

/// By name and version.
fn checksums() -> BTreeMap<(String, String), String> {
    let lock = text("Cargo.lock").expect("the lock file");
    let field = |package: &str, name: &str| {
        let line = package.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = \""))?;
        Some(line.trim_end_matches('"').to_owned())
    };
    let read = |package| Some(((field(package, "name")?, field(package, "version")?), field(package, "checksum")?));
    lock.split("[[package]]").filter_map(read).collect()
}

/// What of npm is in the pages.
fn from_npm() -> Vec<Part> {
    let folder = |name: &str| root().join("ui/node_modules").join(name);
    FROM_NPM
        .iter()
        .map(|name| {
            let manifest = folder(name).join("package.json");
            let manifest =
                fs::read_to_string(&manifest).unwrap_or_else(|error| panic!("{name}: {error}; `npm ci` in ui"));
            let manifest: Value = serde_json::from_str(&manifest).unwrap();
            Part {
                from: From::Npm,
                name: (*name).to_owned(),
                version: word(&manifest["version"]),
                checksum: None,
                licence: word(&manifest["license"]),
                copyright: notices(&folder(name)),
            }
        })
        .collect()
}

/// What was copied in: the icons.
fn copied_in() -> Part {
    let licence = text("ui/src/parts/icons.LICENSE").expect("the icons have their licence beside them");
    Part {
        from: From::Here,
        name: "Lucide".into(),
        version: String::new(),
        licence: "ISC".into(),
        copyright: lines(&licence),
        checksum: None,
    }
}

/// The lines of copyright in the files that a part brings for that.
fn notices(folder: &Path) -> Vec<String> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
            path.is_file() && ["LICEN", "COPYING", "COPYRIGHT", "NOTICE"].iter().any(|start| name.starts_with(start))
        })
        .collect();
    files.sort();
    let mut found: Vec<String> = Vec::new();
    for line in files.iter().flat_map(|file| lines(&String::from_utf8_lossy(&fs::read(file).unwrap_or_default()))) {
        if !found.contains(&line) {
            found.push(line);
        }
    }
    found
}

fn lines(text: &str) -> Vec<String> {
    let plain = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_notice = |line: &String| {
        let named = line.contains("(c)") || line.contains("(C)") || line.contains('©');
        line.starts_with("Copyright")
            && (named || line.bytes().any(|sign| sign.is_ascii_digit()))
            // Blanks that the licence's own text shows how to fill in.
            && !["[yyyy]", "{yyyy}", "<year>", "[year]"].iter().any(|blank| line.contains(blank))
            && line.chars().count() <= 200
    };
    text.lines().map(|line| plain(line.trim_start_matches(['*', '/', '#', ' ', '\t', '-']))).filter(is_notice).collect()
}
