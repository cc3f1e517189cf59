//! The one window: how it looks before it shows anything, where it stood last, and how it comes forward.

use mostik_engine::Engine;
use mostik_flow::News;
use tauri::{
    App, AppHandle, Emitter, Manager, Theme, WebviewWindow, WebviewWindowBuilder, WindowEvent, webview::PageLoadEvent,
    window::Color,
};

use crate::page::Page;

/// Its label in tauri.conf.json and in capabilities/main.json.
const LABEL: &str = "main";

/// The event that carries each new screen.
const EVENT: &str = "screen";

/// `bg` of the window's pages, so that nothing flashes before they are drawn.
const LIGHT: Color = Color(0xF3, 0xF7, 0xF7, 0xFF);
const DARK: Color = Color(0x0C, 0x17, 0x19, 0xFF);

/// Opens the window and keeps it told.
pub fn open(app: &App, engine: &Engine) -> Result<WebviewWindow, Box<dyn std::error::Error>> {
    let config =
        app.config().app.windows.iter().find(|window| window.label == LABEL).ok_or("tauri.conf.json has no window")?;
    let builder = WebviewWindowBuilder::from_config(app.handle(), config)?.on_page_load(|window, load| {
        if load.event() == PageLoadEvent::Finished {
            window.show().unwrap_or_else(|error| tracing::error!(%error, "the window does not show"));
            window.state::<Page>().shown();
        }
    });
    #[cfg(windows)]
    let builder = with_safe_renderer(app, builder)?;
    let window = builder.build()?;
    let dark = window.theme().is_ok_and(|theme| theme == Theme::Dark);
    window.set_background_color(Some(if dark { DARK } else { LIGHT }))?;
    report_focus(&window, engine);
    send_screens(window.clone(), engine);
    Ok(window)
}

/// WebView2 draws by the arguments that its first window of a data folder was opened with; so the safe one has a folder of its own.
#[cfg(windows)]
fn with_safe_renderer<'a>(
    app: &App,
    builder: WebviewWindowBuilder<'a, tauri::Wry, AppHandle>,
) -> tauri::Result<WebviewWindowBuilder<'a, tauri::Wry, AppHandle>> {
    if app.state::<Page>().renderer.safe_reason().is_none() {
        return Ok(builder);
    }
    let folder = app.path().app_local_data_dir()?.join("EBWebView-safe");
    Ok(builder.additional_browser_args(crate::renderer::SAFE_ARGUMENTS).data_directory(folder))
}

/// The window, unless it is closed.
pub fn find(app: &AppHandle) -> Option<WebviewWindow> {
    app.get_webview_window(LABEL)
}

/// Loads the page anew, in a new process if the old one has ended.
pub fn reload(app: &AppHandle) -> tauri::Result<()> {
    find(app).map_or(Ok(()), |window| window.reload())
}

/// Before the program starts again: nothing of it stays behind, and the next run finds the window where it stands.
#[cfg(desktop)]
pub fn release(app: &AppHandle) {
    use tauri_plugin_window_state::AppHandleExt;
    let kept = app.save_window_state(remembered_flags());
    kept.unwrap_or_else(|error| tracing::warn!(%error, "the window's place is not remembered"));
    tauri_plugin_single_instance::destroy(app);
}

/// A phone's app has one window, and the system ends what belongs to it.
#[cfg(mobile)]
pub const fn release(_: &AppHandle) {}

/// Tells the machine whether the window is in front: notices are for when it is not.
fn report_focus(window: &WebviewWindow, engine: &Engine) {
    let engine = engine.clone();
    window.on_window_event(move |event| {
        if let WindowEvent::Focused(in_front) = event {
            engine.news(News::InFront(*in_front));
        }
    });
}

fn send_screens(window: WebviewWindow, engine: &Engine) {
    let mut screens = engine.screens();
    tauri::async_runtime::spawn(async move {
        while screens.changed().await.is_ok() {
            let screen = screens.borrow_and_update().clone();
            if let Err(error) = window.emit_to(LABEL, EVENT, screen) {
                // The window asks for a snapshot whenever it begins, so it misses nothing for good.
                tracing::warn!(%error, "a screen did not reach the window");
            }
        }
    });
}

/// Remembers size and place; whether it is shown is decided in [`open`].
#[cfg(desktop)]
pub fn remembered() -> tauri::plugin::TauriPlugin<tauri::Wry> {
    tauri_plugin_window_state::Builder::default().with_state_flags(remembered_flags()).build()
}

#[cfg(desktop)]
fn remembered_flags() -> tauri_plugin_window_state::StateFlags {
    use tauri_plugin_window_state::StateFlags;
    StateFlags::all() - StateFlags::VISIBLE - StateFlags::DECORATIONS
}

/// Another start of the program: its links come in here, and this window comes forward.
#[cfg(desktop)]
pub fn second_start(app: &AppHandle, words: &[String]) {
    let news_queue = app.state::<crate::news_queue::NewsQueue>();
    let mut links = crate::news_queue::links_in(words.iter().skip(1).cloned()).peekable();
    if links.peek().is_none() {
        news_queue.second_start();
    }
    links.for_each(|link| news_queue.link(link));
    bring_to_front(app);
}

/// The window comes to the front, wherever it was.
#[cfg(desktop)]
pub fn bring_to_front(app: &AppHandle) {
    if let Some(window) = find(app) {
        let forward = window.unminimize().and_then(|()| window.show()).and_then(|()| window.set_focus());
        forward.unwrap_or_else(|error| tracing::warn!(%error, "the window does not come forward"));
    }
}

/// A phone has brought it there already.
#[cfg(mobile)]
pub const fn bring_to_front(_: &AppHandle) {}
