//! What the window may do.

use mostik_rules::{files, root, text, texts};
use serde_json::{Value, json};

fn json_of(path: &str) -> Value {
    let text = text(path).unwrap_or_else(|| panic!("{path} cannot be read"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn one_capability_file_gives_the_one_window_its_commands_and_one_event() {
    let folder: Vec<_> = files().into_iter().filter(|path| path.starts_with("src-tauri/capabilities/")).collect();
    assert_eq!(folder, ["src-tauri/capabilities/main.json"], "rights of several files add up: keep one a window");
    let capability = json_of(&folder[0]);
    assert_eq!(capability["windows"], json!(["main"]));
    assert_eq!(
        capability["permissions"],
        json!([
            "allow-send",
            "allow-snapshot",
            "allow-painted",
            "allow-keep",
            "allow-kept",
            "core:event:allow-listen",
            "core:event:allow-unlisten"
        ])
    );
    for key in ["remote", "webviews", "platforms", "local"] {
        assert!(capability.get(key).is_none(), "`{key}` widens or hides what the window may do");
    }
}

#[test]
fn the_window_is_shut_off_from_everything_else() {
    let config = json_of("tauri.conf.json");
    let app = &config["app"];
    assert_eq!(app["withGlobalTauri"], json!(false));
    let security = &app["security"];
    assert_eq!(security["freezePrototype"], json!(true));
    assert_eq!(security["capabilities"], json!(["main"]));
    assert_eq!(security["pattern"]["use"], json!("isolation"));
    assert!(config["build"].get("devUrl").is_none(), "a plain build would load pages from that address");
    let policy = security["csp"].as_object().expect("a policy for what the window loads");
    assert_eq!(policy["default-src"], json!("'none'"));
    assert_eq!(policy["script-src"], json!("'self'"));
    for (directive, sources) in policy {
        let sources = sources.as_str().unwrap_or_default();
        for forbidden in ["unsafe-", "*", "https:", "blob:"] {
            assert!(!sources.contains(forbidden), "{directive} allows {sources}");
        }
    }
    let isolation = text("src-tauri/isolation/index.js").unwrap_or_default();
    for call in ["send", "snapshot", "painted", "keep", "kept", "plugin:event|listen", "plugin:event|unlisten"] {
        assert!(isolation.contains(&format!("\"{call}\"")), "the isolation frame stops {call}");
    }
}

#[test]
fn an_installed_app_is_given_the_link_that_starts_it() {
    let entry = text("packaging/mostik.desktop").unwrap_or_default();
    assert!(entry.contains("Exec={{exec}} %u"), "without %u a link that starts the app is lost");
    assert!(root().join("icons/icon.png").exists());
}

#[test]
fn code_that_the_compiler_cannot_check_stands_in_one_place() {
    let expected = format!("({}", "unsafe_code");
    let places: Vec<_> = texts(&[".rs"]).into_iter().filter(|(_, text)| text.contains(&expected)).collect();
    let places: Vec<&str> = places.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(places, ["src-tauri/src/page/process_end.rs"], "everywhere else `unsafe_code` is denied");
}
