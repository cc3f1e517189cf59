//! What the system tells for us while the window is not in front. The page has no part in it: it may not call the plugin.

use std::sync::Arc;

use mostik_engine::Notifier;
use mostik_flow::{Language, News, Notice};
use serde::Deserialize;
use tauri::{App, AppHandle, Manager, Wry, plugin::PermissionState};
use tauri_plugin_notification::NotificationExt;

use crate::{news_queue::NewsQueue, window};

/// The words stand with the window's other ones. None of them names anybody: they may be read on a lock screen.
const TEXTS: &str = include_str!("../../ui/src/text/notices.json");

/// The system's notifications.
pub fn notifier(app: &AppHandle) -> Arc<dyn Notifier> {
    Arc::new(Notifications {
        app: app.clone(),
        #[cfg(target_os = "linux")]
        missed: std::sync::Once::new(),
    })
}

/// Who presses one comes to the window, at the place that it tells of.
pub fn listen(app: &App) -> tauri_plugin_notification::Result<()> {
    let handle = app.handle().clone();
    app.notification().on_action(move |_| {
        handle.state::<NewsQueue>().take(News::NoticePressed);
        window::bring_to_front(&handle);
    })
}

struct Notifications {
    app: AppHandle<Wry>,
    /// The log says already that nobody shows them.
    #[cfg(target_os = "linux")]
    missed: std::sync::Once,
}

impl Notifier for Notifications {
    // Desktops always say yes: there the person has the system's own switches, and ours.
    fn is_allowed(&self) -> bool {
        let notifications = self.app.notification();
        let state = match notifications.permission_state() {
            Ok(PermissionState::Prompt | PermissionState::PromptWithRationale) => notifications.request_permission(),
            state => state,
        };
        state.is_ok_and(|state| state == PermissionState::Granted)
    }

    fn notify(&self, notice: Notice, language: Language) {
        let words = match words(notice, language) {
            Ok(words) => words,
            Err(error) => return tracing::error!(%error, ?notice, "a notice has no words"),
        };
        #[cfg(target_os = "linux")]
        if let Err(error) = start_server() {
            self.missed.call_once(|| {
                tracing::warn!(
                    %error,
                    "nobody shows notifications here: start or install a program that does, such as dunst or the desktop's own; \
                     until then the window alone tells"
                );
            });
        }
        let shown = self.app.notification().builder().title(words.title).body(words.body).auto_cancel().show();
        if let Err(error) = shown {
            tracing::warn!(%error, ?notice, "the system shows no notice");
        }
    }
}

/// Has the bus start who shows notifications, unless it runs. The plugin keeps it to itself when nobody does.
#[cfg(target_os = "linux")]
fn start_server() -> Result<(), gio::glib::Error> {
    use gio::glib::variant::ToVariant;
    const BUS: &str = "org.freedesktop.DBus";
    const PATH: &str = "/org/freedesktop/DBus";
    /// Longer than a desktop takes to start one.
    const MOST_MS: i32 = 10_000;
    let bus = gio::bus_get_sync(gio::BusType::Session, gio::Cancellable::NONE)?;
    let wanted = ("org.freedesktop.Notifications", 0_u32).to_variant();
    let (what, flags) = ("StartServiceByName", gio::DBusCallFlags::NONE);
    bus.call_sync(Some(BUS), PATH, BUS, what, Some(&wanted), None, flags, MOST_MS, gio::Cancellable::NONE).map(|_| ())
}

#[derive(Debug, Deserialize)]
struct Texts {
    ru: Words,
    en: Words,
}

#[derive(Debug, Deserialize)]
struct Words {
    linked: Text,
    unlinked: Text,
    messenger_left: Text,
    deletion_tomorrow: Text,
    deletion_today: Text,
}

#[derive(Debug, Deserialize)]
struct Text {
    title: String,
    body: String,
}

fn words(notice: Notice, language: Language) -> Result<Text, serde_json::Error> {
    let texts: Texts = serde_json::from_str(TEXTS)?;
    let words = match language {
        Language::Ru => texts.ru,
        Language::En => texts.en,
    };
    Ok(match notice {
        Notice::Linked => words.linked,
        Notice::Unlinked => words.unlinked,
        Notice::MessengerLeft => words.messenger_left,
        Notice::DeletionTomorrow => words.deletion_tomorrow,
        Notice::DeletionToday => words.deletion_today,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notice_has_words_of_its_own_in_both_languages() {
        let notices =
            [Notice::Linked, Notice::Unlinked, Notice::MessengerLeft, Notice::DeletionTomorrow, Notice::DeletionToday];
        let mut titles = std::collections::BTreeSet::new();
        for language in [Language::Ru, Language::En] {
            for notice in notices {
                let Text { title, body } = words(notice, language).unwrap();
                assert!(!title.is_empty() && body.chars().all(|sign| sign != '{'), "{notice:?}");
                assert!(titles.insert(title), "{notice:?} says what another says");
            }
        }
    }
}
