//! This copy of the app, for «О программе».

use mostik_engine::Settings;
use mostik_flow::{Installation, Source};
#[cfg(desktop)]
use tauri::utils::{config::BundleType, platform::bundle_type};
use tauri::{App, Manager};

/// What it is, and where it keeps what.
pub fn installation(app: &App, settings: &Settings) -> Installation {
    let shown = |folder: &std::path::Path| folder.display().to_string();
    Installation {
        // Whoever builds a release says it; a build of a developer is of whatever lies in the tree.
        commit: option_env!("MOSTIK_COMMIT").map(|commit| commit.chars().take(12).collect()),
        service: settings.service.to_string(),
        data: shown(&settings.data_dir),
        settings: app.path().app_config_dir().map(|folder| shown(&folder)).unwrap_or_default(),
        downloads: shown(&settings.downloads),
        log: app.path().app_log_dir().ok().map(|folder| shown(&folder)),
        source: source(),
    }
}

/// The bundler has marked what it has packed.
#[cfg(desktop)]
fn source() -> Source {
    match bundle_type() {
        Some(BundleType::Deb) => Source::Deb,
        Some(BundleType::Rpm) => Source::Rpm,
        Some(BundleType::AppImage) => Source::AppImage,
        Some(BundleType::Nsis | BundleType::Msi) => Source::Installer,
        Some(BundleType::App | BundleType::Dmg) => Source::DiskImage,
        None => Source::Built,
    }
}

#[cfg(mobile)]
const fn source() -> Source {
    Source::Store
}
