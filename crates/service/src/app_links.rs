//! What phones ask for before they open our https addresses in the app: Android's `assetlinks.json` (App Links) and Apple's
//! `apple-app-site-association` (Universal Links). Each is there once the operator has named the app.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use mostik_wire::Code;
use serde_json::json;

use crate::{app::App, refusal::Refusal};

/// The addresses that belong to the app: the way in from MAX, back from it, and in from another device.
const PATHS: [&str; 3] = ["/open/*", "/return/*", "/continue/*"];

/// Digital Asset Links, as Android reads them.
///
/// # Errors
/// `not_found` where no Android app is named.
#[utoipa::path(get, path = "/.well-known/assetlinks.json", tag = "pages", responses((status = 200, description = "Digital Asset Links", content_type = "application/json")))]
pub async fn android(State(app): State<App>) -> Result<Response, Refusal> {
    let live = app.live();
    let config = &live.config.app_links;
    let package = config.android_package.as_ref().ok_or_else(|| Refusal::new(Code::NotFound))?;
    Ok(document(&json!([{
        "relation": ["delegate_permission/common.handle_all_urls"],
        "target": {
            "namespace": "android_app",
            "package_name": package,
            "sha256_cert_fingerprints": config.android_certificates,
        },
    }])))
}

/// The association file, as Apple's systems read it.
///
/// # Errors
/// `not_found` where no app for Apple's systems is named.
#[utoipa::path(get, path = "/.well-known/apple-app-site-association", tag = "pages", responses((status = 200, description = "The association file", content_type = "application/json")))]
pub async fn apple(State(app): State<App>) -> Result<Response, Refusal> {
    let live = app.live();
    let id = live.config.app_links.apple_app.as_ref().ok_or_else(|| Refusal::new(Code::NotFound))?;
    let components: Vec<_> = PATHS.iter().map(|path| json!({ "/": path })).collect();
    // Codes that an SMS binds to this host are offered in what shares its credentials.
    Ok(document(&json!({
        "applinks": { "details": [{ "appIDs": [id], "components": components }] },
        "webcredentials": { "apps": [id] },
    })))
}

// Both systems insist on this content type.
fn document(value: &serde_json::Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}
