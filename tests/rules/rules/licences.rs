//! Whose parts are in the app: `ui/src/generated/licences.json`, for «О программе»; and whose in the service:
//! `packaging/service/third-party.txt`, for its packages. `UPDATE_DOCS=1 cargo test` writes both.
//!
//! Made here and not by a tool that would have to be installed: what cargo and npm know already, with the notices that the parts
//! themselves bring. `cargo xtask test deny` holds which licences there may be.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use mostik_rules::{metadata, root, text};
use serde::Serialize;
use serde_json::Value;
use spdx::{Expression, ParseMode};

const LIST: &str = "ui/src/generated/licences.json";
const LIST_OF_SERVICE: &str = "packaging/service/third-party.txt";

/// What of npm is in the pages; a test of the window's pages looks into what is built.
const FROM_NPM: [&str; 7] =
    ["@fontsource-variable/golos-text", "@tauri-apps/api", "clsx", "esm-env", "minisearch", "svelte", "uqr"];

/// The list, its fields in the order in which they are written.
#[derive(Serialize)]
struct Licences<'a> {
    groups: Vec<Group>,
    texts: Vec<Text<'a>>,
}

#[derive(Serialize)]
struct Group {
    licence: String,
    parts: Vec<Part>,
}

#[derive(Serialize)]
struct Text<'a> {
    id: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct Part {
    name: String,
    #[serde(skip)]
    licence: String,
    copyright: Vec<String>,
}

fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The crates that are linked into a program, on any system. What only writes code while building is in nothing of ours.
fn crates(program: &str) -> Vec<Part> {
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
    let others = reached.iter().map(|id| packages[id]).filter(|package| !package["source"].is_null());
    others
        .map(|package| {
            let folder = Path::new(package["manifest_path"].as_str().unwrap_or_default()).parent().unwrap();
            Part {
                name: format!("{} {}", word(&package["name"]), word(&package["version"])),
                licence: word(&package["license"]).replace('/', " OR "),
                copyright: notices(folder),
            }
        })
        .collect()
}

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
                name: format!("{name} {}", word(&manifest["version"])),
                licence: word(&manifest["license"]),
                copyright: notices(&folder(name)),
            }
        })
        .collect()
}

/// What was copied in: the icons.
fn copied_in() -> Part {
    let licence = text("ui/src/parts/icons.LICENSE").expect("the icons have their licence beside them");
    Part { name: "Lucide".into(), licence: "ISC".into(), copyright: lines(&licence) }
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

/// Parts by their licence, what most of it stands on first, and the texts of the licences.
fn grouped(mut parts: Vec<Part>) -> Licences<'static> {
    let mut groups: BTreeMap<String, Vec<Part>> = BTreeMap::new();
    let mut texts: BTreeMap<&str, &str> = BTreeMap::new();
    parts.sort_by(|a, b| a.name.cmp(&b.name));
    for part in parts {
        let expression = Expression::parse_mode(&part.licence, ParseMode::LAX)
            .unwrap_or_else(|error| panic!("{}: «{}» is no licence: {error}", part.name, part.licence));
        // Where one of the GNU ones would do as well, we take another.
        for id in expression.requirements().filter_map(|needed| needed.req.license.id()).filter(|id| !id.is_gnu()) {
            texts.insert(id.name, id.text());
        }
        groups.entry(part.licence.clone()).or_default().push(part);
    }
    let mut groups: Vec<_> = groups.into_iter().map(|(licence, parts)| Group { licence, parts }).collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.parts.len()));
    Licences { groups, texts: texts.into_iter().map(|(id, text)| Text { id, text: text.trim() }).collect() }
}

fn hold(list: &str, made: &str) {
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(root().join(list), made).unwrap();
    }
    let kept = text(list).unwrap_or_default();
    assert!(kept == made, "{list} is not what cargo and npm say; run: UPDATE_DOCS=1 cargo test --package mostik-rules");
}

#[test]
fn every_part_of_the_app_is_listed_with_its_licence() {
    let mut parts: Vec<Part> = crates("mostik");
    assert!(parts.len() > 100, "cargo knows only {} parts", parts.len());
    parts.extend(from_npm());
    parts.push(copied_in());
    hold(LIST, &(serde_json::to_string_pretty(&grouped(parts)).unwrap() + "\n"));
}

#[test]
fn every_part_of_the_service_is_listed_with_its_licence() {
    let parts = crates("mostik-service");
    assert!(parts.len() > 100, "cargo knows only {} parts", parts.len());
    let licences = grouped(parts);
    let mut made = String::from("What mostik-service is built with, by licence, and the texts of the licences.\n");
    for group in &licences.groups {
        made += &format!("\n== {} ==\n\n", group.licence);
        for part in &group.parts {
            made += &format!("{}\n", part.name);
            for line in &part.copyright {
                made += &format!("    {line}\n");
            }
        }
    }
    for text in &licences.texts {
        made += &format!("\n== {} ==\n\n{}\n", text.id, text.text);
    }
    hold(LIST_OF_SERVICE, &made);
}
