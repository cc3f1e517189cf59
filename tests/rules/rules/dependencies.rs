//! Who may need whom: `ARCHITECTURE.md`.

use std::collections::BTreeSet;

use mostik_rules::{Packages, texts};

/// The crates that hold the program, all under crates/.
const CRATES: [&str; 5] = ["mostik-engine", "mostik-flow", "mostik-sandbox", "mostik-service", "mostik-wire"];

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
        ("mostik-service", &["mostik-wire"][..]),
        ("mostik-engine", &["mostik-flow", "mostik-wire"][..]),
        ("mostik", &["mostik-engine", "mostik-flow"][..]),
    ] {
        assert_eq!(ours(&packages.named[name]), allowed, "{name}");
    }
}

#[test]
fn the_machine_has_no_runtime_no_network_and_no_database() {
    let packages = Packages::read();
    let reached = packages.reached_from("mostik-flow");
    for forbidden in ["tokio", "async-std", "reqwest", "hyper", "sqlx", "rand", "getrandom", "keyring-core"] {
        assert!(!reached.contains(forbidden), "mostik-flow reaches {forbidden}: decisions there, acts in the engine");
    }
}

#[test]
fn the_machine_reads_no_clock_no_file_and_no_environment() {
    for (path, text) in texts(&[".rs"]) {
        if path.starts_with("crates/flow/src/") {
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
