//! Whose parts are in the app: `ui/src/generated/licences.json`, for «О программе»; and whose in the service:
//! `packaging/service/third-party.txt`, for its packages. `UPDATE_DOCS=1 cargo test` writes both.
//!
//! Made here and not by a tool that would have to be installed: what cargo and npm know already, with the notices that the parts
//! themselves bring. `cargo xtask test deny` holds which licences there may be.

use std::{collections::BTreeMap, fs};

use mostik_rules::{root, text};
use serde::Serialize;
use spdx::{Expression, ParseMode};

use crate::parts::{Part, crates, of_app};

const LIST: &str = "ui/src/generated/licences.json";
const LIST_OF_SERVICE: &str = "packaging/service/third-party.txt";

/// The list, its fields in the order in which they are written.
#[derive(Serialize)]
struct Licences<'a> {
    groups: Vec<Group>,
    texts: Vec<Text<'a>>,
}

#[derive(Serialize)]
struct Group {
    licence: String,
    parts: Vec<Named>,
}

#[derive(Serialize)]
struct Text<'a> {
    id: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct Named {
    name: String,
    copyright: Vec<String>,
}

/// Parts by their licence, what most of it stands on first, and the texts of the licences.
fn grouped(mut parts: Vec<Part>) -> Licences<'static> {
    let mut groups: BTreeMap<String, Vec<Named>> = BTreeMap::new();
    let mut texts: BTreeMap<&str, &str> = BTreeMap::new();
    parts.sort_by_cached_key(with_version);
    for part in parts {
        let expression = Expression::parse_mode(&part.licence, ParseMode::LAX)
            .unwrap_or_else(|error| panic!("{}: «{}» is no licence: {error}", part.name, part.licence));
        // Where one of the GNU ones would do as well, we take another.
        for id in expression.requirements().filter_map(|needed| needed.req.license.id()).filter(|id| !id.is_gnu()) {
            texts.insert(id.name, id.text());
        }
        let named = Named { name: with_version(&part), copyright: part.copyright };
        groups.entry(part.licence).or_default().push(named);
    }
    let mut groups: Vec<_> = groups.into_iter().map(|(licence, parts)| Group { licence, parts }).collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.parts.len()));
    Licences { groups, texts: texts.into_iter().map(|(id, text)| Text { id, text: text.trim() }).collect() }
}

fn with_version(part: &Part) -> String {
    format!("{} {}", part.name, part.version).trim_end().to_owned()
}

/// Whether a list in the tree is what was made; writes it where that is asked for.
pub fn hold(list: &str, made: &str) {
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(root().join(list), made).unwrap();
    }
    let kept = text(list).unwrap_or_default();
    assert!(kept == made, "{list} is not what cargo and npm say; run: UPDATE_DOCS=1 cargo test --package mostik-rules");
}

#[test]
fn every_part_of_the_app_is_listed_with_its_licence() {
    let parts = of_app();
    assert!(parts.len() > 100, "cargo knows only {} parts", parts.len());
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
