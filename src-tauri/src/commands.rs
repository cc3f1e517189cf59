//! All that the window can call. What it may call is said once more in capabilities/main.json and in isolation/index.js.

use mostik_engine::Engine;
use mostik_flow::{Intent, Screen};
use tauri::State;

/// A person's wish. Sync commands run one after another: wishes arrive in the order in which they were made.
#[tauri::command]
pub fn send(intent: Intent, engine: State<'_, Engine>) {
    engine.send(intent);
}

/// What is to be shown now.
#[tauri::command]
pub fn snapshot(engine: State<'_, Engine>) -> Screen {
    engine.snapshot()
}
