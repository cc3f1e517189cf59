//! The one window: how it looks before it shows anything, where it stood last, and how it comes forward.

use mostik_engine::Engine;
use mostik_flow::News;
#[cfg(desktop)]
use tauri::Manager;
use tauri::{
    App, AppHandle, Emitter, Theme, WebviewWindow, WebviewWindowBuilder, WindowEvent, webview::PageLoadEvent,
    window::Color,
};

/// Its label in tauri.conf.json and in capabilities/main.json.
const LABEL: &str = "main";

/// The event that carries each new screen.
const EVENT: &str = "screen";

/// `bg` of the window's pages, so that nothing flashes before they are drawn.
const LIGHT: Color = Color(0xF3, 0xF7, 0xF7, 0xFF);
const DARK: Color = Color(0x0C, 0x17, 0x19, 0xFF);

/// Opens the window and keeps it told.
pub fn open(app: &App, engine: &Engine) -> Result<(), Box<dyn std::error::Error>> {
    let config =
        app.config().app.windows.iter().find(|window| window.label == LABEL).ok_or("tauri.conf.json has no window")?;
    let window = WebviewWindowBuilder::from_config(app.handle(), config)?
        .on_page_load(|window, load| {
            if load.event() == PageLoadEvent::Finished {
                window.show().unwrap_or_else(|error| tracing::error!(%error, "the window does not show"));
            }
        })
        .build()?;
    let dark = window.theme().is_ok_and(|theme| theme == Theme::Dark);
    window.set_background_color(Some(if dark { DARK } else { LIGHT }))?;
    notice_front(&window, engine);
    tell(window, engine);
    Ok(())
}

/// Whoever looks at the window needs nobody to tell them.
fn notice_front(window: &WebviewWindow, engine: &Engine) {
    let engine = engine.clone();
    window.on_window_event(move |event| {
        if let WindowEvent::Focused(in_front) = event {
            engine.news(News::InFront(*in_front));
        }
    });
}

fn tell(window: WebviewWindow, engine: &Engine) {
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
    use tauri_plugin_window_state::{Builder, StateFlags};
    Builder::default().with_state_flags(StateFlags::all() - StateFlags::VISIBLE - StateFlags::DECORATIONS).build()
}

/// Another start of the program: its links come in here, and this window comes forward.
#[cfg(desktop)]
pub fn second_start(app: &AppHandle, words: &[String]) {
    let door = app.state::<crate::door::Door>();
    let mut links = crate::door::links_in(words.iter().skip(1).cloned()).peekable();
    if links.peek().is_none() {
        door.second_start();
    }
    links.for_each(|link| door.link(link));
    come_forward(app);
}

/// The window comes to the front, wherever it was.
#[cfg(desktop)]
pub fn come_forward(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(LABEL) {
        let forward = window.unminimize().and_then(|()| window.show()).and_then(|()| window.set_focus());
        forward.unwrap_or_else(|error| tracing::warn!(%error, "the window does not come forward"));
    }
}

/// A phone has brought it there already.
#[cfg(mobile)]
pub const fn come_forward(_: &AppHandle) {}
