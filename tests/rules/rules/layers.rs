//! The files of a crate need each other one way, so that each can be read with what it needs and without what needs it.

use std::collections::BTreeMap;

use mostik_rules::{Circle, circles_of, crates, text};

#[test]
fn no_files_of_a_crate_need_each_other_in_a_circle() {
    let crates = crates();
    assert!(crates.len() > 10, "cargo names only {crates:?}");
    let told: Vec<String> = crates
        .iter()
        .flat_map(|(package, root)| {
            circles_of(root, &text).into_iter().map(move |circle| format!("{package}: {circle}"))
        })
        .collect();
    assert!(told.is_empty(), "move what both need into a file below them:\n{}", told.join("\n"));
}

/// The circles of a crate that consists of these files.
fn circles(files: &[(&str, &str)]) -> Vec<Vec<String>> {
    let files: BTreeMap<&str, &str> = files.iter().copied().collect();
    let circles = circles_of("src/lib.rs", &|path| files.get(path).map(|text| (*text).to_owned()));
    circles.iter().map(|circle: &Circle| circle.files().iter().map(|file| (*file).to_owned()).collect()).collect()
}

#[test]
fn two_files_that_name_each_other_are_a_circle() {
    let lib = ("src/lib.rs", "mod a; mod b;");
    let (a, b) =
        (("src/a.rs", "use crate::b::B; pub struct A(B);"), ("src/b.rs", "pub struct B(Option<super::a::A>);"));
    assert_eq!(circles(&[lib, a, b]), [["src/a.rs", "src/b.rs"]]);
    assert!(circles(&[lib, a, ("src/b.rs", "pub struct B;")]).is_empty());
}

#[test]
fn three_files_in_a_row_are_a_circle() {
    let files = [
        ("src/lib.rs", "mod a; mod b; mod c;"),
        ("src/a.rs", "pub fn a() { crate::b::b() }"),
        ("src/b.rs", "use crate::c; pub fn b() { c::c() }"),
        ("src/c.rs", "use super::a::*; pub fn c() { a() }"),
    ];
    assert_eq!(circles(&files), [["src/a.rs", "src/b.rs", "src/c.rs"]]);
}

#[test]
fn a_child_and_its_parent_are_a_circle_if_each_needs_what_the_other_defines() {
    let child = ("src/a/child.rs", "use super::A; pub fn child(_: A) {}");
    let needs = ("src/a/mod.rs", "mod child; pub struct A; pub fn run() { child::child(A) }");
    let hands_on = ("src/a/mod.rs", "mod child; pub use child::child; pub struct A;");
    let hands_on_and_needs = ("src/a/mod.rs", "mod child; pub use child::child; pub struct A; fn run() { child(A) }");
    let lib = ("src/lib.rs", "mod a;");
    assert_eq!(circles(&[lib, needs, child]), [["src/a/child.rs", "src/a/mod.rs"]]);
    assert_eq!(circles(&[lib, hands_on_and_needs, child]), [["src/a/child.rs", "src/a/mod.rs"]]);
    assert!(circles(&[lib, hands_on, child]).is_empty());
}

#[test]
fn a_name_that_is_handed_on_is_the_file_s_that_defines_it() {
    let lib = ("src/lib.rs", "mod a; mod b; mod front; pub use front::*; pub use b::B as Both;");
    let front = ("src/front.rs", "pub use crate::a::A;");
    let a = ("src/a.rs", "pub struct A(crate::Both);");
    let b = ("src/b.rs", "use crate::A; pub struct B(A);");
    assert_eq!(circles(&[lib, front, a, b]), [["src/a.rs", "src/b.rs"]]);
}

#[test]
fn what_macros_and_attributes_name_is_seen() {
    let lib = ("src/lib.rs", "mod a; mod b;");
    let b = ("src/b.rs", "pub struct B(crate::a::A);");
    for a in [
        "pub struct A; fn a() { println!(\"{}\", crate::b::b()) }",
        "use crate::b; pub struct A; fn a(x: u8) -> bool { matches!(x, b::B) }",
        "#[derive(Serialize)] pub struct A { #[serde(with = \"crate::b::b\")] x: u8 }",
    ] {
        let b = (b.0, &*format!("{} pub fn b() {{}}", b.1));
        assert_eq!(circles(&[lib, ("src/a.rs", a), b]), [["src/a.rs", "src/b.rs"]], "{a}");
    }
}

#[test]
fn modules_inside_of_a_file_are_that_file() {
    let lib = ("src/lib.rs", "mod a; mod b;");
    let a = ("src/a.rs", "pub struct A; mod inner { use super::A; use crate::b::B; fn f(_: A, _: B) {} }");
    assert!(circles(&[lib, a, ("src/b.rs", "pub struct B;")]).is_empty());
    assert_eq!(circles(&[lib, a, ("src/b.rs", "pub struct B(crate::a::A);")]), [["src/a.rs", "src/b.rs"]]);
}

#[test]
fn tests_may_name_everything() {
    let lib = ("src/lib.rs", "mod a; mod b;");
    let b = ("src/b.rs", "use crate::a::A; pub struct B(A);");
    for a in [
        "pub struct A; #[cfg(test)] mod tests { use crate::b::B; }",
        "pub struct A; #[cfg(all(test, unix))] use crate::b::B;",
        "pub struct A; #[cfg(test)] fn made() -> crate::b::B { todo!() }",
    ] {
        assert!(circles(&[lib, ("src/a.rs", a), b]).is_empty(), "{a}");
    }
    let compiled = ("src/a.rs", "pub struct A; #[cfg(not(test))] use crate::b::B;");
    assert_eq!(circles(&[lib, compiled, b]), [["src/a.rs", "src/b.rs"]]);
}

#[test]
fn another_crate_s_names_are_no_files_of_ours() {
    let files = [
        ("src/lib.rs", "mod time; mod a;"),
        ("src/time.rs", "use ::a::A; use serde::Serialize; pub struct At(A, time::Date, tokio::time::Instant);"),
        ("src/a.rs", "use crate::time::At; pub struct A(At);"),
    ];
    assert!(circles(&files).is_empty());
}
