//! The last resort: a dialog of the system, which needs no web view.

use tauri::AppHandle;

/// Says that the window stays empty, what to do, and where the log lies; `try_again` is called when the person wants that.
#[cfg(desktop)]
pub fn say(app: &AppHandle, try_again: fn(&AppHandle)) {
    use mostik_engine::Engine;
    use rfd::{AsyncMessageDialog, MessageButtons, MessageDialogResult, MessageLevel};
    use tauri::Manager;

    let language = app.try_state::<Engine>().map(|engine| engine.language()).unwrap_or_default();
    let words = texts::of(language);
    let log = app.path().app_log_dir().map(|folder| folder.display().to_string()).unwrap_or_default();
    let app = app.clone();
    let said = app.clone().run_on_main_thread(move || {
        let again = words.again.clone();
        let answer = AsyncMessageDialog::new()
            .set_level(MessageLevel::Error)
            .set_title(&words.title)
            .set_description(words.text.replace("{log}", &log))
            .set_buttons(MessageButtons::OkCancelCustom(words.again, words.close))
            .show();
        tauri::async_runtime::spawn(async move {
            match answer.await {
                MessageDialogResult::Custom(pressed) if pressed == again => try_again(&app),
                MessageDialogResult::Ok | MessageDialogResult::Yes => try_again(&app),
                _ => app.exit(0),
            }
        });
    });
    said.unwrap_or_else(|error| tracing::error!(%error, "nobody is told that the window stays empty"));
}

/// The page has painted after all. The message is modal: the window could be neither used nor closed, and maybe hides it. So it is
/// answered with «try again», which does nothing where the page has painted.
#[cfg(target_os = "linux")]
pub fn take_back(app: &AppHandle) {
    use gtk::prelude::{Cast, DialogExt};
    let taken = app.run_on_main_thread(|| {
        let messages = gtk::Window::list_toplevels().into_iter();
        for message in messages.filter_map(|window| window.downcast::<gtk::MessageDialog>().ok()) {
            message.response(gtk::ResponseType::Ok);
        }
    });
    taken.unwrap_or_else(|error| tracing::warn!(%error, "the message stays before the window"));
}

/// Elsewhere nothing but its buttons closes it.
#[cfg(not(target_os = "linux"))]
pub const fn take_back(_: &AppHandle) {}

/// On a phone an app that shows nothing is swiped away and started again.
#[cfg(mobile)]
pub const fn say(_: &AppHandle, _: fn(&AppHandle)) {}

#[cfg(desktop)]
mod texts {
    use mostik_flow::Language;
    use serde::Deserialize;

    /// They stand with all other texts of the window; `{log}` is the folder of the log.
    const TEXTS: &str = include_str!("../../../ui/src/text/native.json");

    #[derive(Default, Deserialize)]
    pub struct Words {
        pub title: String,
        pub text: String,
        pub again: String,
        pub close: String,
    }

    #[derive(Default, Deserialize)]
    struct Both {
        ru: Words,
        en: Words,
    }

    pub fn of(language: Language) -> Words {
        let both: Both = serde_json::from_str(TEXTS).unwrap_or_default();
        match language {
            Language::Ru => both.ru,
            Language::En => both.en,
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn both_languages_name_the_place_of_the_log_and_both_buttons() {
            for words in [of(Language::Ru), of(Language::En)] {
                assert_eq!(words.text.matches("{log}").count(), 1, "{}", words.text);
                assert!(![words.title, words.again, words.close].contains(&String::new()));
            }
            assert_ne!(of(Language::Ru).text, of(Language::En).text);
        }
    }
}
