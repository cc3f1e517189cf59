//! Tells Tauri what the window may call, writes what it makes of its configuration, and keeps the database's symbols to ourselves.

use std::{env, fs, path::Path};

use tauri_build::{AppManifest, Attributes, CodegenContext};

/// As long as a UUID with its hyphens.
const NAME: &str = "00000000-0000-4000-8000-000000mostik";

fn main() {
    // With a pattern of our own Tauri does not watch the folder.
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    println!("cargo:rerun-if-changed=src-tauri/isolation");
    if env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        // SQLite is linked in; exported, it would take the place of the system's SQLite inside WebKit and libsoup.
        println!("cargo:rustc-link-arg-bins=-Wl,--exclude-libs,ALL");
    }
    let attributes = Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*")
        .app_manifest(AppManifest::new().commands(&["send", "snapshot", "painted", "keep", "kept"]))
        .codegen(CodegenContext::new());
    if let Err(error) = tauri_build::try_build(attributes) {
        panic!("{error:#}");
    }
    let context = Path::new(&env::var_os("OUT_DIR").expect("cargo names OUT_DIR")).join("tauri-build-context.rs");
    let made = fs::read_to_string(&context).expect("Tauri has written it");
    fs::write(&context, lines(&named_alike(&made))).expect("it can be written again");
}

/// The context with fixed names for the isolation frame's scheme and key. Tauri makes new ones at each build, so no two builds of one tree
/// would be the same (`cargo xtask reproduce`). They protect nothing: each copy of a release has the same, and what the frame's messages are
/// encrypted with is made at each start.
fn named_alike(context: &str) -> String {
    let mut named = context.to_owned();
    let mut found = 0;
    for at in 0..context.len().saturating_sub(NAME.len()) {
        if context.get(at..at + NAME.len()).is_some_and(is_uuid) {
            named.replace_range(at..at + NAME.len(), NAME);
            found += 1;
        }
    }
    assert_eq!(found, 2, "Tauri's context has other random names than the isolation frame's scheme and key");
    named
}

/// The context with a new line after each path. Tauri writes one line, and a place in it that may panic is told by its column: that
/// depends on how long the name of the tree's folder is.
fn lines(context: &str) -> String {
    const BEFORE_PATH: &str = "include_bytes ! (\"";
    let mut parts = context.split(BEFORE_PATH);
    let mut broken = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (path, rest) = part.split_once('"').expect("a path ends");
        broken += &format!("{BEFORE_PATH}{path}\"\n{rest}");
    }
    broken
}

fn is_uuid(text: &str) -> bool {
    text.bytes().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    })
}
