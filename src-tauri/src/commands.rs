//! All that the window can call. What it may call is said once more in capabilities/main.json and in isolation/index.js.

use mostik_engine::Engine;
use mostik_flow::{Intent, Screen};
use tauri::{AppHandle, State};

use crate::page::{self, Page};

/// What the person asks for. Sync commands run one after another, so intents arrive in the order in which they were sent.
#[tauri::command]
pub fn send(intent: Intent, engine: State<'_, Engine>) {
    engine.send(intent);
}

/// What is to be shown now.
#[tauri::command]
pub fn snapshot(engine: State<'_, Engine>) -> Screen {
    engine.snapshot()
}

/// The page has drawn its first screen.
#[tauri::command]
pub fn painted(app: AppHandle) {
    page::painted(&app);
}

/// What a page that follows this one would have to know. It is given back as it is, and read by nobody.
#[tauri::command]
pub fn keep(memory: String, page: State<'_, Page>) {
    page.keep(memory);
}

/// What the page before this one said last, if there was one.
#[tauri::command]
pub fn kept(page: State<'_, Page>) -> Option<String> {
    page.kept()
}
