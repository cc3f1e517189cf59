//! The shell: the window, and what only a window's program can do. Whatever decides anything lives in `mostik_flow`; whatever
//! speaks to the service, the keyring or the disk lives in `mostik_engine`.

#![cfg_attr(target_os = "ios", expect(missing_docs, reason = "what tauri::mobile_entry_point adds has none"))]

mod commands;
mod door;
mod host;
mod installed;
mod notices;
#[cfg(mostik_planted)]
mod planted;
mod settings;
mod window;

use door::Door;
use mostik_engine::{Engine, Ports};
use mostik_flow::News;
use tauri::{App, Manager, RunEvent};

/// Opens the window and stays until it is closed.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
pub fn run() {
    host::log_to_stderr();
    let door = Door::default();
    for link in door::links_in(std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned())) {
        door.link(link);
    }
    let app = tauri::Builder::default();
    // First of all: a second program hands its arguments over and ends before it opens anything.
    #[cfg(desktop)]
    let app = app.plugin(tauri_plugin_single_instance::init(|app, words, _folder| window::second_start(app, &words)));
    #[cfg(desktop)]
    let app = app.plugin(window::remembered());
    let built = app
        .plugin(tauri_plugin_deep_link::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(host::opener())
        .manage(door)
        .invoke_handler(tauri::generate_handler![commands::send, commands::snapshot])
        .setup(|app| begin(app).or_else(|error| host::cannot_start(&*error)))
        .build(tauri::generate_context!());
    match built {
        Ok(app) => app.run(|app, event| {
            if let (RunEvent::Exit, Some(engine)) = (event, app.try_state::<Engine>()) {
                tauri::async_runtime::block_on(engine.inner().clone().stop());
            }
        }),
        Err(error) => host::cannot_start(&error),
    }
}

fn begin(app: &mut App) -> Result<(), Box<dyn std::error::Error>> {
    let settings = settings::read(app.path())?;
    let installation = installed::installation(app, &settings);
    let ports = Ports::system(host::browser(app.handle()), notices::notifier(app.handle()), &settings);
    let engine = tauri::async_runtime::block_on(Engine::start(settings, ports))?;
    engine.news(News::Device(host::device(app)));
    engine.news(News::Installed(installation));
    notices::listen(app)?;
    host::listen_for_links(app)?;
    app.state::<Door>().open(engine.clone());
    window::open(app, &engine)?;
    app.manage(engine);
    Ok(())
}
