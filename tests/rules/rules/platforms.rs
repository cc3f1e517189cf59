//! What each system is told of the app: its links, its rights, how it is released.

use std::collections::BTreeSet;

use mostik_rules::{files, text};
use serde_json::{Value, json};

const MANIFEST: &str = "gen/android/app/src/main/AndroidManifest.xml";
const METAINFO: &str = "packaging/app.mostik.mostik.metainfo.xml";
const RELEASE: &str = ".github/workflows/release.yml";

fn read(path: &str) -> String {
    text(path).unwrap_or_else(|| panic!("{path} cannot be read"))
}

fn json_of(path: &str) -> Value {
    serde_json::from_str(&read(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The values of an attribute or element, `before` and `after` being what surrounds each.
fn all<'a>(text: &'a str, before: &str, after: char) -> Vec<&'a str> {
    text.split(before).skip(1).filter_map(|rest| rest.split(after).next()).collect()
}

#[test]
fn our_scheme_is_declared_on_every_system() {
    let links = json_of("tauri.conf.json")["plugins"]["deep-link"].clone();
    assert_eq!(links["desktop"]["schemes"], json!(["mostik"]), "Windows' and macOS' installers declare these");
    assert_eq!(links["mobile"], json!([{ "scheme": ["mostik"], "appLink": false }]), "phones, without anybody's host");
    assert!(read("packaging/mostik.desktop").lines().any(|line| line == "MimeType=x-scheme-handler/mostik;"));
    assert!(read(METAINFO).contains("<mediatype>x-scheme-handler/mostik</mediatype>"));
}

#[test]
fn android_hands_our_links_to_the_one_window() {
    let manifest = read(MANIFEST);
    let block: Vec<&str> = manifest.split("<!-- DEEP LINK PLUGIN. AUTO-GENERATED. DO NOT REMOVE. -->").collect();
    assert_eq!(block.len(), 3, "the build writes the filters between two such comments");
    for part in ["android.intent.action.VIEW", "android.intent.category.DEFAULT", "android.intent.category.BROWSABLE"] {
        assert!(block[1].contains(&format!("android:name=\"{part}\"")), "no link comes without {part}");
    }
    assert_eq!(all(block[1], "android:scheme=\"", '"'), ["mostik"]);
    // A host of a build with `packaging/app-links.json` does not get in here.
    assert!(!block[1].contains("android:host"), "the host is the operator's: {}", block[1]);
    assert_eq!(manifest.matches("<activity").count(), 1);
    assert_eq!(
        all(&manifest, "android:launchMode=\"", '"'),
        ["singleTask"],
        "a link comes to the window that is there"
    );
    assert_eq!(all(&manifest, "android:windowSoftInputMode=\"", '"'), ["adjustResize"], "what is typed is seen");
}

#[test]
fn android_gives_the_network_and_notices_and_nothing_else_and_keeps_the_data_on_the_phone() {
    let manifest = read(MANIFEST);
    let asked = manifest.lines().filter(|line| !line.contains("tools:node=\"remove\"")).collect::<Vec<_>>().join("\n");
    assert_eq!(
        all(&asked, "<uses-permission android:name=\"", '"'),
        ["android.permission.INTERNET", "android.permission.POST_NOTIFICATIONS"]
    );
    assert_eq!(all(&manifest, "android:allowBackup=\"", '"'), ["false"]);
    for part in ["<provider", "<service", "<receiver"] {
        assert!(!manifest.contains(part), "{part} opens the app to others");
    }
    let gradle = read("gen/android/app/build.gradle.kts");
    let identifier = json_of("tauri.conf.json")["identifier"].as_str().unwrap_or_default().to_owned();
    for name in ["namespace", "applicationId"] {
        assert!(gradle.contains(&format!("{name} = \"{identifier}\"")), "{name} in build.gradle.kts is another app's");
    }
}

#[test]
fn android_is_told_when_the_page_is_gone() {
    let config = read(".cargo/config.toml");
    assert!(config.contains("WRY_RUSTWEBVIEWCLIENT_CLASS_EXTENSION") && config.contains("onRenderProcessGone"));
    let called = all(&config, "Boolean = ", '(');
    let (object, function) = called[0].split_once('.').unwrap_or_default();
    let source = read(&format!("gen/android/app/src/main/java/app/mostik/{object}.kt"));
    assert!(
        source.contains(&format!("object {object} ")) && source.contains(&format!("fun {function}(view: WebView)"))
    );
}

#[test]
fn the_services_addresses_open_in_the_app_where_an_operator_says_so() {
    let laid_over = json_of("packaging/app-links.json");
    let main = json_of("tauri.conf.json");
    let mobile = &laid_over["plugins"]["deep-link"]["mobile"];
    assert_eq!(mobile[0], main["plugins"]["deep-link"]["mobile"][0], "a list is laid over as a whole");
    let link = &mobile[1];
    assert_eq!(link["scheme"], json!(["https"]));
    assert_eq!(link["appLink"], json!(true));
    let host = link["host"].as_str().unwrap_or_default();
    assert!(host.ends_with(".example"), "{host} may be somebody's");
    // The same addresses as in the file that the service serves to Apple's systems.
    let service = read("crates/service/src/app_links.rs");
    let served = service.split("const PATHS").nth(1).and_then(|rest| rest.split(';').nth(1)).unwrap_or_default();
    let served: BTreeSet<&str> = all(served, "\"/", '*').into_iter().collect();
    let ours: Vec<String> = serde_json::from_value(link["pathPrefix"].clone()).unwrap_or_default();
    assert_eq!(ours.iter().map(|path| path.trim_start_matches('/')).collect::<BTreeSet<_>>(), served);
}

#[test]
fn a_release_is_built_by_pinned_actions_with_few_rights() {
    let workflow = read(RELEASE);
    for action in all(&workflow, "uses: ", '\n') {
        let pin = action.split(['@', ' ']).nth(1).unwrap_or_default();
        let is_commit = pin.len() == 40 && pin.bytes().all(|byte| byte.is_ascii_hexdigit());
        assert!(is_commit && action.contains(" # v"), "{action}: name the commit, and its version beside it");
    }
    assert!(workflow.contains("\npermissions:\n  contents: read\n"), "a job gets more only where it says why");
    assert_eq!(workflow.matches(": write").count(), 1, "only the job that makes the draft writes");
    assert_eq!(workflow.matches("actions/checkout@").count(), workflow.matches("persist-credentials: false").count());
    for line in workflow.lines().filter(|line| line.contains("${{")) {
        let in_script = line.trim_start().split_once(": ").is_none_or(|(key, _)| key.contains(' '));
        assert!(!in_script, "a script would run what this expands to: {line}");
    }
}

#[test]
fn every_secret_of_a_release_is_explained() {
    let guide = read("docs/releasing.md");
    let workflow = read(RELEASE);
    let explained: BTreeSet<&str> = guide
        .lines()
        .filter(|line| line.starts_with("| `"))
        .flat_map(|line| {
            let first = line.split('|').nth(1).unwrap_or_default();
            first.split('`').skip(1).step_by(2).collect::<Vec<_>>()
        })
        .filter(|word| word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'))
        .collect();
    let named = |kind: &str| all(&workflow, &format!("{{{{ {kind}."), ' ').into_iter().collect::<BTreeSet<_>>();
    let used: BTreeSet<&str> = named("secrets").union(&named("vars")).copied().collect();
    assert!(!used.is_empty());
    assert_eq!(used, explained, "docs/releasing.md explains exactly what {RELEASE} takes");
}

#[test]
fn versions_that_stand_in_two_places_agree() {
    let of = |text: &str, before: &str| all(text, before, '"').first().copied().unwrap_or_default().to_owned();
    let cli = of(&read("xtask/src/package/programs.rs"), "const CLI: &str = \"");
    assert!(!cli.is_empty());
    assert!(read(RELEASE).contains(&format!("TAURI_CLI: {cli}\n")), "{RELEASE} takes another CLI than {cli}");
    let manifest = read("Cargo.toml");
    let version = of(&manifest, "[workspace.package]\nversion = \"");
    assert_eq!(of(&read(METAINFO), "<release version=\""), version, "{METAINFO} names the newest release first");
    assert!(files().contains(&METAINFO.to_owned()));
}
