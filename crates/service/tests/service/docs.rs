//! The documents that tests write, and the routes they must cover.

use std::path::PathBuf;

use mostik_service::{contract, metrics, router::document};

fn compare(name: &str, text: &str) {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs")).join(name);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(stored == text, "docs/{name} is stale: run the tests with UPDATE_DOCS=1");
}

#[test]
fn openapi_json_is_what_the_handlers_say() {
    compare("openapi.json", &(document().to_pretty_json().unwrap() + "\n"));
}

#[test]
fn errors_md_is_what_the_contract_says() {
    compare("errors.md", &contract::errors_md());
}

#[test]
fn metrics_md_is_what_is_measured() {
    compare("metrics.md", &metrics::document());
}

#[test]
fn every_route_is_in_the_contract_and_the_other_way_round() {
    let api = serde_json::to_value(document()).unwrap();
    let mut routes: Vec<String> = Vec::new();
    for (path, item) in api["paths"].as_object().unwrap() {
        routes.extend(item.as_object().unwrap().keys().map(|method| format!("{} {path}", method.to_uppercase())));
    }
    let mut listed: Vec<String> = contract::ENDPOINTS.iter().map(|e| format!("{} {}", e.method, e.path)).collect();
    routes.sort();
    listed.sort();
    assert_eq!(routes, listed);
}

#[test]
fn every_code_is_answered_somewhere_or_reserved() {
    for code in mostik_wire::Code::ALL {
        let answered = contract::ENDPOINTS.iter().any(|e| e.codes().contains(&code));
        assert!(answered != contract::RESERVED.contains(&code), "{code:?}");
    }
}
