//! What lies in the repository.

use std::path::Path;

use mostik_rules::{files, root, text, texts};

/// More than anyone reads in one go.
const MOST_LINES: usize = 500;

/// Style sheets and the window's sentences are lists, looked into and not read.
const MOST_LINES_OF_A_LIST: usize = 800;

#[test]
fn every_source_file_can_be_read_in_one_go() {
    for (path, text) in texts(&[".rs", ".ts", ".svelte", ".css", ".js"]) {
        let lines = text.lines().count();
        let is_list = path.ends_with(".css") || path.starts_with("ui/src/text/");
        let most = if is_list { MOST_LINES_OF_A_LIST } else { MOST_LINES };
        assert!(
            path.contains("generated") || lines < most,
            "{path} has {lines} lines: give its parts files of their own"
        );
    }
}

#[test]
fn no_file_names_a_place_on_somebodys_machine() {
    let top = root().parent().unwrap_or(Path::new("/")).display().to_string();
    let home = std::env::var("HOME").unwrap_or_default();
    // A checkout at the top of the disk or a home of `/` would be in every file.
    let places: Vec<String> =
        [top, home].into_iter().filter(|place| place.len() > 1).map(|place| place + "/").collect();
    for path in files() {
        let text = text(&path).unwrap_or_default();
        for place in &places {
            assert!(!text.contains(place.as_str()), "{path} names {place}: no other machine has it");
        }
    }
}

#[test]
fn no_file_says_where_packages_come_from() {
    let named = ["package-lock.json", "package.json", ".npmrc", ".cargo/config.toml", "rust-toolchain.toml"];
    for path in files().iter().filter(|path| named.iter().any(|name| path.ends_with(name))) {
        let text = text(path).unwrap_or_default();
        for word in ["\"resolved\"", "registry=", "[source", "index ="] {
            assert!(!text.contains(word), "{path} has `{word}`: that is for each machine to say");
        }
    }
    for lock in files().iter().filter(|path| path.ends_with("Cargo.lock")) {
        let text = text(lock).unwrap_or_default();
        for line in text.lines().filter(|line| line.starts_with("source = ")) {
            assert!(line.contains("github.com/rust-lang/crates.io-index"), "{lock} has a crate from elsewhere: {line}");
        }
    }
}
