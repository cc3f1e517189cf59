//! Tells Tauri what the window may call, and keeps the database's symbols to ourselves.

use tauri_build::{AppManifest, Attributes};

fn main() {
    // With a pattern of our own Tauri does not watch the folder.
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    println!("cargo:rerun-if-changed=src-tauri/isolation");
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
        // SQLite is linked in; exported, it would take the place of the system's SQLite inside WebKit and libsoup.
        println!("cargo:rustc-link-arg-bins=-Wl,--exclude-libs,ALL");
    }
    let attributes = Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*")
        .app_manifest(AppManifest::new().commands(&["send", "snapshot", "painted", "keep", "kept"]));
    if let Err(error) = tauri_build::try_build(attributes) {
        panic!("{error:#}");
    }
}
