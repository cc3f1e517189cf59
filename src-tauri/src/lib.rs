//! The shell: the window, and what only a window's program can do. Whatever decides anything lives in `mostik_flow`; whatever
//! speaks to the service, the keyring or the disk lives in `mostik_engine`.

#![cfg_attr(target_os = "ios", expect(missing_docs, reason = "what tauri::mobile_entry_point adds has none"))]

mod commands;
mod installation;
mod news_queue;
mod notices;
mod page;
#[cfg(mostik_planted)]
mod planted;
mod renderer;
mod restart;
mod settings;
mod system;
mod window;

use mostik_engine::{Engine, Ports};
use mostik_flow::{News, SafeReason};
use news_queue::NewsQueue;
use page::Page;
use renderer::{Machine, Renderer};
use restart::Start;
use tauri::{App, Manager, RunEvent};

/// Opens the window and stays until it is closed.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
pub fn run() {
    let start = restart::Start::read(std::env::args_os().skip(1));
    #[cfg(target_os = "linux")]
    restart::set_environment(&start).unwrap_or_else(|error| system::cannot_start(&error));
    let news_queue = NewsQueue::default();
    for link in news_queue::links_in(std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned())) {
        news_queue.link(link);
    }
    let app = tauri::Builder::default();
    // First of all: a second program hands its arguments over and ends before it opens anything.
    #[cfg(desktop)]
    let app = app.plugin(tauri_plugin_single_instance::init(|app, words, _folder| window::second_start(app, &words)));
    #[cfg(desktop)]
    let app = app.plugin(window::remembered());
    #[cfg(any(target_os = "macos", target_os = "ios"))]
    let app =
        app.on_web_content_process_terminate(|view| page::ended(view.app_handle(), "WebContentProcessTerminated"));
    let built = app
        .plugin(tauri_plugin_deep_link::init())
        .plugin(tauri_plugin_notification::init())
        .plugin(system::opener())
        .manage(news_queue)
        .invoke_handler(tauri::generate_handler![
            commands::send,
            commands::snapshot,
            commands::painted,
            commands::keep,
            commands::kept
        ])
        .setup(move |app| begin(app, &start).or_else(|error| system::cannot_start(&*error)))
        .build(tauri::tauri_build_context!());
    match built {
        Ok(app) => app.run(|app, event| {
            if let (RunEvent::Exit, Some(engine)) = (event, app.try_state::<Engine>()) {
                tauri::async_runtime::block_on(engine.inner().clone().stop());
            }
        }),
        Err(error) => system::cannot_start(&error),
    }
}

fn begin(app: &mut App, start: &Start) -> Result<(), Box<dyn std::error::Error>> {
    system::log(app.path().app_log_dir().ok().as_deref());
    let settings = settings::read(app.path())?;
    let installation = installation::installation(app, &settings);
    let machine = Machine::here(&app.package_info().version.to_string(), &system::webview());
    if start.renderer == Renderer::Usual && machine.needs_safe(&settings.data_dir) {
        let safe = Renderer::Safe { reason: SafeReason::White, remembered: true };
        #[cfg(desktop)]
        tauri_plugin_single_instance::destroy(app);
        let Err(error) = restart::start_again(safe, None, app.state::<NewsQueue>().unread());
        return Err(error.into());
    }
    let memory = start.memory(std::io::stdin());
    app.manage(Page::new(start.renderer, machine, settings.data_dir.clone(), memory));
    let ports = Ports::system(system::browser(app.handle()), notices::notifier(app.handle()), &settings);
    let engine = tauri::async_runtime::block_on(Engine::start(settings, ports))?;
    engine.news(News::Device(system::device(app.handle())));
    engine.news(News::Installed(installation));
    notices::listen(app)?;
    system::listen_for_links(app)?;
    page::begin(&window::open(app, &engine)?)?;
    app.manage(engine);
    Ok(())
}
