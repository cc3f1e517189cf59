//! Who may need whom: `ARCHITECTURE.md`.

use std::collections::BTreeSet;

use mostik_rules::{Packages, texts};

/// The crates that hold the program, all under crates/.
const CRATES: [&str; 7] = [
    "mostik-engine",
    "mostik-flow",
    "mostik-linking",
    "mostik-sandbox",
    "mostik-service",
    "mostik-store",
    "mostik-wire",
];
/// The two that decide: the app's machine, and the service's rules.
const PURE: [&str; 2] = ["mostik-flow", "mostik-linking"];

fn ours(names: &BTreeSet<String>) -> Vec<&str> {
    names.iter().map(String::as_str).filter(|name| name.starts_with("mostik")).collect()
}

#[test]
fn nothing_under_crates_reaches_tauri() {
    let packages = Packages::read();
    for name in CRATES {
        let reached = packages.reached_from(name);
        let tauri: Vec<_> = reached.iter().filter(|name| name.starts_with("tauri") || *name == "wry").collect();
        assert!(tauri.is_empty(), "{name} reaches {tauri:?}: what needs a window belongs into src-tauri");
    }
}

#[test]
fn dependencies_run_one_way() {
    let packages = Packages::read();
    for (name, allowed) in [
        ("mostik-wire", &[][..]),
        ("mostik-sandbox", &[][..]),
        ("mostik-flow", &["mostik-wire"][..]),
        ("mostik-linking", &["mostik-wire"][..]),
        ("mostik-store", &["mostik-linking", "mostik-wire"][..]),
        ("mostik-service", &["mostik-linking", "mostik-store", "mostik-wire"][..]),
        ("mostik-engine", &["mostik-flow", "mostik-wire"][..]),
        ("mostik", &["mostik-engine", "mostik-flow"][..]),
    ] {
        assert_eq!(ours(&packages.named[name]), allowed, "{name}");
    }
}

#[test]
fn what_decides_has_no_runtime_no_network_and_no_database() {
    let packages = Packages::read();
    for name in PURE {
        let reached = packages.reached_from(name);
        for forbidden in ["tokio", "async-std", "reqwest", "hyper", "sqlx", "rand", "getrandom", "keyring-core"] {
            assert!(!reached.contains(forbidden), "{name} reaches {forbidden}: decisions there, acts elsewhere");
        }
    }
}

#[test]
fn what_decides_reads_no_clock_no_file_and_no_environment() {
    for (path, text) in texts(&[".rs"]) {
        if path.starts_with("crates/flow/src/") || path.starts_with("crates/linking/src/") {
            for forbidden in
                ["SystemTime", "Instant::now", "std::fs", "std::env", "std::net", "std::thread", "async fn"]
            {
                assert!(!text.contains(forbidden), "{path} has {forbidden}: time and answers come in as inputs");
            }
        }
    }
}

#[test]
fn one_file_of_the_window_knows_tauri() {
    for (path, text) in texts(&[".ts", ".svelte", ".js"]) {
        let knows = text.contains("@tauri-apps/") || text.contains("__TAURI");
        let may = path == "ui/src/bridge/tauri.ts" || path.starts_with("src-tauri/isolation/");
        assert!(may || !path.starts_with("ui/src/") || !knows, "{path} names Tauri: only ui/src/bridge/tauri.ts may");
    }
}

#[test]
fn the_store_alone_knows_sql() {
    for (path, text) in texts(&[".rs"]) {
        let names = path.starts_with("crates/service/src/") && text.contains("sqlx");
        assert!(!names, "{path} names sqlx: SQL is an operation of the store");
    }
}
