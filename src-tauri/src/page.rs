//! The page in the window: whether it has painted, whether its process lives, and what it remembers.
//!
//! The page tells the shell what a page that follows it would have to know: what was typed and not sent, where the focus was. It is
//! kept in memory alone, unread, and given back. Whatever decides when to begin anew is in [`watch`].

mod dialog;
pub mod paint_watch;
mod process_end;
mod state;

use std::time::Instant;

use mostik_engine::Engine;
use mostik_flow::News;
use tauri::{AppHandle, Manager, WebviewWindow};

use crate::{news_queue::NewsQueue, renderer::Renderer, system, window};
use paint_watch::{LOOK, WatchAction};

pub use state::{MEMORY_LIMIT, Page};

/// Begins with the page of a new window: hears of its end, and looks whether it paints.
pub fn begin(window: &WebviewWindow) -> tauri::Result<()> {
    // Apple's systems tell the app's builder, Android its own client.
    #[cfg(not(any(target_os = "macos", mobile)))]
    process_end::listen(window, |app, end, how| match end {
        process_end::End::Page => ended(app, how),
        #[cfg(windows)]
        process_end::End::Browser => lost(app, how),
    })?;
    look_at(window.app_handle());
    Ok(())
}

/// The page has been begun: looks at it until it has painted.
fn look_at(app: &AppHandle) {
    if std::mem::replace(&mut app.state::<Page>().state().looked_at, true) {
        return;
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let mut beat = tokio::time::interval_at(tokio::time::Instant::now() + LOOK, LOOK);
        // After a sleep of the machine one look is enough.
        beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            beat.tick().await;
            let seen = can_be_seen(&app);
            let action = {
                let page = app.state::<Page>();
                let mut state = page.state();
                let action = state.watch.look(seen);
                state.looked_at = matches!(action, WatchAction::LookAgain);
                action
            };
            if action != WatchAction::LookAgain {
                return perform(&app, action);
            }
        }
    });
}

/// Whether the window is where somebody could see it; before it is shown for the first time, that is ours to mend.
fn can_be_seen(app: &AppHandle) -> bool {
    let Some(window) = window::find(app) else { return false };
    #[cfg(target_os = "linux")]
    let away = window.is_minimized().unwrap_or(false);
    // There a page draws nothing beneath other windows, and only what has the focus is certainly above them.
    #[cfg(not(target_os = "linux"))]
    let away = !window.is_focused().unwrap_or(true);
    !app.state::<Page>().state().shown || (window.is_visible().unwrap_or(true) && !away)
}

/// The page has drawn its first screen.
pub fn painted(app: &AppHandle) {
    let page = app.state::<Page>();
    let (new, crashes, took) = {
        let mut state = page.state();
        (state.watch.painted(), state.crashes, state.begun.elapsed())
    };
    if !new {
        return;
    }
    tracing::info!(ms = took.as_millis(), crashes, "the page has painted");
    dialog::take_back(app);
    let safe = match page.renderer {
        Renderer::Usual => Some(false),
        Renderer::Safe { reason: mostik_flow::SafeReason::White, .. } => Some(true),
        // The person asked for it, or the page's process ended: neither says how this machine draws.
        Renderer::Safe { .. } => None,
    };
    if let Some(safe) = safe {
        let kept = page.machine.remember(&page.folder, safe);
        kept.unwrap_or_else(|error| tracing::warn!(%error, "how this machine draws is not remembered"));
    }
    if let Some(engine) = app.try_state::<Engine>() {
        app.state::<NewsQueue>().open(engine.inner().clone());
    }
}

/// The page's process has ended by itself.
pub fn ended(app: &AppHandle, how: &str) {
    let action = {
        let page = app.state::<Page>();
        let mut state = page.state();
        state.crashes += 1;
        let now = Instant::now();
        state.begun = now;
        tracing::warn!(how, crashes = state.crashes, "the page's process has ended");
        state.watch.ended(now)
    };
    if let Some(engine) = app.try_state::<Engine>() {
        engine.news(News::Device(system::device(app)));
    }
    perform(app, action);
}

/// All that draws has ended by itself, and this window cannot be mended.
#[cfg(windows)]
fn lost(app: &AppHandle, how: &str) {
    tracing::warn!(how, "the window is lost");
    start_again(app, app.state::<Page>().renderer);
}

fn perform(app: &AppHandle, action: WatchAction) {
    match action {
        WatchAction::LookAgain => look_at(app),
        WatchAction::Rest => {}
        WatchAction::Reload => {
            tracing::warn!("the page is loaded anew");
            if let Err(error) = window::reload(app) {
                tracing::error!(%error, "the page is not loaded anew");
            }
            look_at(app);
        }
        WatchAction::StartSafely(reason) => {
            tracing::warn!(?reason, "starting again with the safe renderer");
            start_again(app, Renderer::Safe { reason, remembered: false });
        }
        WatchAction::GiveUp => {
            tracing::error!(renderer = ?app.state::<Page>().renderer, "the window stays empty");
            dialog::say(app, try_again);
        }
    }
}

/// Starts the program again, with what is typed and what is still to be read.
fn start_again(app: &AppHandle, renderer: Renderer) {
    /// The engine may take so long to stop; closing its database takes less.
    const GRACE: std::time::Duration = std::time::Duration::from_secs(2);
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Some(engine) = app.try_state::<Engine>() {
            let stopped = tokio::time::timeout(GRACE, engine.inner().clone().stop()).await;
            stopped.unwrap_or_else(|_| tracing::warn!("the engine does not stop"));
        }
        let here = app.clone();
        let begun = app.run_on_main_thread(move || {
            window::release(&here);
            #[cfg(target_os = "linux")]
            process_end::end_all();
            let links = here.state::<NewsQueue>().unread();
            let memory = here.state::<Page>().kept();
            let Err(error) = crate::restart::start_again(renderer, memory.as_deref(), links);
            tracing::error!(%error, "the program does not start again");
            dialog::say(&here, try_again);
        });
        begun.unwrap_or_else(|error| tracing::error!(%error, "the program does not start again"));
    });
}

/// The person has been told, and wants it tried once more.
fn try_again(app: &AppHandle) {
    let page = app.state::<Page>();
    // A slow page may have painted while the message was read.
    if !page.state().watch.has_painted() {
        start_again(app, page.renderer);
    }
}
