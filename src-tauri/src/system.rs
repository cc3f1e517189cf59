//! What the system does for us: the browser, links, the log.

use std::{path::Path, sync::Arc};

use mostik_engine::{OpenError, Opener};
use mostik_flow::Device;
use tauri::{App, AppHandle, Manager, Wry, plugin::Plugin};
use tauri_plugin_deep_link::DeepLinkExt;
use tauri_plugin_opener::OpenerExt;
use tracing::Level;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::{EnvFilter, filter::Targets, fmt, prelude::*};
use url::Url;

use crate::page::Page;

/// The log goes to standard error; `MOSTIK_LOG` sets how much, `warn` if it does not. And it goes into files in `folder`, for
/// who is to be helped: one a day, a week of them, and in them nothing but what our own code says for that, in which nobody is
/// named. A folder that cannot be had is said to standard error.
pub fn log(folder: Option<&Path>) {
    const DAYS: usize = 7;
    let wished = EnvFilter::try_from_env("MOSTIK_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    let to_stderr = fmt::layer().with_writer(std::io::stderr).with_filter(wished);
    let files = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .max_log_files(DAYS)
        .filename_prefix("mostik")
        .filename_suffix("log");
    let opened = folder.map(|folder| std::fs::create_dir_all(folder).map(|()| files.build(folder)));
    let (files, refused) = match opened {
        Some(Ok(Ok(files))) => (Some(files), None),
        Some(Ok(Err(error))) => (None, Some(error.to_string())),
        Some(Err(error)) => (None, Some(error.to_string())),
        None => (None, None),
    };
    let ours =
        Targets::new().with_targets(["mostik_app", "mostik_engine", "mostik_flow"].map(|room| (room, Level::INFO)));
    let to_files = files.map(|files| fmt::layer().with_ansi(false).with_writer(files).with_filter(ours));
    tracing_subscriber::registry().with(to_stderr).with(to_files).init();
    if let Some(error) = refused {
        tracing::warn!(error, "there is no log on the disk");
    }
}

/// Says why there is no window, and ends the program.
pub fn cannot_start(error: &dyn std::error::Error) -> ! {
    let reasons = std::iter::successors(Some(error), |error| error.source());
    let words: Vec<String> = reasons.map(ToString::to_string).collect();
    eprintln!("mostik cannot start: {}", words.join(": "));
    std::process::exit(1)
}

/// What runs here: for the report that a person may copy for support.
pub fn device(app: &AppHandle) -> Device {
    let page = app.state::<Page>();
    Device {
        app: app.package_info().version.to_string(),
        system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        webview: webview(),
        drawn_safely: page.renderer.safe_reason(),
        page_crashes: page.crashes(),
    }
}

/// The version of what draws the window.
pub fn webview() -> String {
    tauri::webview_version().unwrap_or_default()
}

/// The plugin that asks the system to open addresses. The window may not call it.
pub fn opener() -> impl Plugin<Wry> {
    tauri_plugin_opener::Builder::new().open_js_links_on_click(false).build()
}

/// The system's browser.
pub fn browser(app: &AppHandle) -> Arc<dyn Opener> {
    Arc::new(Browser(app.clone()))
}

struct Browser(AppHandle);

impl Opener for Browser {
    fn open(&self, url: &str) -> Result<(), OpenError> {
        // Whatever the service may say: nothing but a web page is ever opened.
        let page = Url::parse(url).map_err(OpenError::new)?;
        if !matches!(page.scheme(), "http" | "https") {
            return Err(OpenError::new("not a web page's address"));
        }
        self.0.opener().open_url(page, None::<&str>).map_err(OpenError::new)
    }

    fn is_max_installed(&self) -> Option<bool> {
        handles(MAX_SCHEME)
    }

    fn show_in_folder(&self, file: &Path) -> Result<(), OpenError> {
        self.0.opener().reveal_item_in_dir(file).map_err(OpenError::new)
    }
}

/// What MAX registers beside its https links. Undocumented: looked for, never opened.
const MAX_SCHEME: &str = "max";

/// Whether a program has registered itself for a scheme; `None`: this system does not say.
#[cfg(all(unix, not(any(target_os = "macos", target_os = "ios", target_os = "android"))))]
fn handles(scheme: &str) -> Option<bool> {
    Some(gio::AppInfo::default_for_uri_scheme(scheme).is_some())
}

/// Whether a program has registered itself for a scheme; `None`: this system does not say.
#[cfg(windows)]
fn handles(scheme: &str) -> Option<bool> {
    // Documented: the key of a scheme's handler bears the value «URL Protocol».
    Some(windows_registry::CLASSES_ROOT.open(scheme).and_then(|key| key.get_string("URL Protocol")).is_ok())
}

/// Whether a program has registered itself for a scheme; `None`: this system does not say.
#[cfg(target_os = "macos")]
fn handles(scheme: &str) -> Option<bool> {
    use objc2_app_kit::NSWorkspace;
    use objc2_foundation::{NSString, NSURL};
    let url = NSURL::URLWithString(&NSString::from_str(&format!("{scheme}://")))?;
    Some(NSWorkspace::sharedWorkspace().URLForApplicationToOpenURL(&url).is_some())
}

/// Phones do not say which apps they hold.
#[cfg(any(target_os = "ios", target_os = "android"))]
fn handles(_: &str) -> Option<bool> {
    None
}

/// Links that the system hands over while the program runs, the one that has started it too. Who installs the app registers it.
#[cfg(any(target_os = "macos", mobile))]
pub fn listen_for_links(app: &App) -> Result<(), tauri_plugin_deep_link::Error> {
    use crate::news_queue::{self, NewsQueue};
    let handle = app.handle().clone();
    app.deep_link().on_open_url(move |event| {
        for url in event.urls() {
            handle.state::<NewsQueue>().link(news_queue::handed_over(&url));
        }
    });
    Ok(())
}

/// Links come as arguments, of this start or of a second one. A program that was not installed makes itself known as the one for
/// our links.
#[cfg(not(any(target_os = "macos", mobile)))]
pub fn listen_for_links(app: &App) -> Result<(), tauri_plugin_deep_link::Error> {
    if is_installed(app) { Ok(()) } else { app.deep_link().register_all() }
}

/// Whether a package has told the system about our links: not for a build of a developer, nor for an AppImage.
#[cfg(all(desktop, target_os = "linux"))]
fn is_installed(app: &App) -> bool {
    !cfg!(debug_assertions) && app.env().appimage.is_none()
}

/// Whether an installer has told the system about our links: not for a build of a developer.
#[cfg(windows)]
const fn is_installed(_: &App) -> bool {
    !cfg!(debug_assertions)
}
