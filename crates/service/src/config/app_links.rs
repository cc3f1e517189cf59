//! `[app_links]`, checked.

use super::{sections::AppLinksConfig, values::Values};

pub(super) fn check(values: &mut Values) -> AppLinksConfig {
    let android_package = values.get("app_links.android_package");
    let certificates = values.get("app_links.android_certificates").unwrap_or_default();
    let android_certificates: Vec<String> = certificates.split_whitespace().map(str::to_uppercase).collect();
    if android_certificates.iter().any(|certificate| !is_fingerprint(certificate)) {
        let next = "Give SHA-256 fingerprints, 32 pairs of hex digits with colons, apart by blanks";
        values.fault("app_links.android_certificates", &format!("found {certificates:?}"), next);
    }
    if android_package.is_some() && android_certificates.is_empty() {
        let next = "Give the fingerprint of the key that signs the app";
        values.fault("app_links.android_certificates", "not set, though app_links.android_package is", next);
    }
    let apple_app = values.get("app_links.apple_app");
    if apple_app.as_ref().is_some_and(|id| !is_app_id(id)) {
        let found = format!("found {:?}", apple_app.clone().unwrap_or_default());
        values.fault(
            "app_links.apple_app",
            &found,
            "Give the team's id and the bundle's: ABCDE12345.ru.example.mostik",
        );
    }
    let mut page = |key| values.get(key).is_some().then(|| values.page(key));
    let (android_page, apple_page) = (page("app_links.android_page"), page("app_links.apple_page"));
    AppLinksConfig { android_package, android_certificates, apple_app, android_page, apple_page }
}

fn is_fingerprint(text: &str) -> bool {
    let pairs: Vec<&str> = text.split(':').collect();
    pairs.len() == 32 && pairs.iter().all(|pair| pair.len() == 2 && pair.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn is_app_id(text: &str) -> bool {
    let Some((team, bundle)) = text.split_once('.') else { return false };
    let word = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.');
    team.len() == 10 && team.bytes().all(|b| b.is_ascii_alphanumeric()) && !bundle.is_empty() && word(bundle)
}
