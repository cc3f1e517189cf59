//! The app in its own window, as a person sees and uses it.

use std::{
    ops::Deref,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use mostik_world::{program, shift_clock};
use rustix::process::Signal;
use thirtyfour::{By, Key, TypingData, WebElement, extensions::query::ElementQueryable};

use crate::{
    POLL_INTERVAL, TIMEOUT,
    driver::{Driven, test_id},
    home::Home,
    input_method::InputMethod,
    log, page_process, processes, screen, until,
};

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// Dark text on light.
    #[default]
    Light,
    /// Light text on dark.
    Dark,
}

/// How the app is started.
#[derive(Clone, Debug, Default)]
pub struct Start<'a> {
    /// Arguments: a link, as the system hands one over.
    pub words: &'a [&'a str],
    /// The system's look.
    pub look: Look,
    /// How far the device's clock is off, such as `+3d`; right when empty.
    pub clock: &'a str,
    /// The operator's key for releases; none when empty.
    pub release_key: &'a str,
    /// The system's language, such as `en_US.UTF-8`; Russian when empty.
    pub language: &'a str,
    /// How much the app writes to its log, such as `trace`; as usual when empty.
    pub log: &'a str,
    /// A PEM file with the authorities that the system trusts; its own when there is none.
    pub authorities: Option<&'a Path>,
}

/// The running app.
pub struct App {
    driven: Driven,
    display: String,
    logs: PathBuf,
    input_method: InputMethod,
}

impl App {
    /// Starts the app against `service` and waits for its first view.
    ///
    /// # Errors
    /// When it does not start or shows nothing.
    pub async fn start(home: &Home, service: &str, start: Start<'_>) -> Result<Self> {
        let language = if start.language.is_empty() { "ru_RU.UTF-8" } else { start.language };
        let program = program("mostik")?;
        let driven = Driven::start(home, "app", &program, start.words, |command| {
            if !start.clock.is_empty() {
                shift_clock(command, start.clock)?;
            }
            command.env("MOSTIK_SERVICE", service).env("LANG", language).env("LANGUAGE", &language[..2]);
            if !start.release_key.is_empty() {
                command.env("MOSTIK_RELEASE_KEY", start.release_key);
            }
            if !start.log.is_empty() {
                command.env("MOSTIK_LOG", start.log);
            }
            if let Some(authorities) = start.authorities {
                command.env("SSL_CERT_FILE", authorities);
            }
            if start.look == Look::Dark {
                command.env("GTK_THEME", "Adwaita:dark");
            }
            Ok(())
        });
        let (display, logs) = (home.display().to_owned(), home.app_logs());
        let app = Self { driven: driven.await?, display, logs, input_method: InputMethod::of_this_run() };
        app.driven
            .query(By::Css("[data-view]"))
            .wait(TIMEOUT, POLL_INTERVAL)
            .first()
            .await
            .context("the window shows no view")?;
        Ok(app)
    }

    /// Closes the window as a person does, and waits for the program to end.
    ///
    /// # Errors
    /// When it does not end.
    pub async fn close(self) -> Result<()> {
        let pid = screen::close(&self.display, self.driven.group())?;
        until("the end of the app", || async { processes::has_ended(pid).then_some(()) }).await
    }

    /// `kill -9`.
    pub fn kill(self) {
        self.driven.kill();
    }

    /// Ends the process that draws the page, as the system does when memory runs out, and waits until there is a page again. How
    /// long that took.
    ///
    /// # Errors
    /// When the window stays without a page.
    pub async fn lose_page(&mut self) -> Result<Duration> {
        // The shell takes the page's calls in their order; one that is on its way when the process ends is lost, whoever made it.
        const ARRIVED: &str = "const done = arguments[arguments.length - 1];
            window.__TAURI_INTERNALS__.invoke('snapshot').then(() => done(true));";
        self.driven.execute_async(ARRIVED, Vec::new()).await?;
        let before = log::paintings(&self.logs);
        let lost = Instant::now();
        ensure!(page_process::signal(self.driven.group(), Signal::KILL) > 0, "nothing draws the page");
        until("a page", || async { (log::paintings(&self.logs) > before).then_some(()) }).await?;
        let took = lost.elapsed();
        self.driven.take_anew().await?;
        Ok(took)
    }

    /// What the app has written to its log.
    #[must_use]
    pub fn log(&self) -> String {
        self.driven.log()
    }

    /// The present view.
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn view(&self) -> Result<String> {
        let root = self.driven.find(By::Css("[data-view]")).await?;
        Ok(root.attr("data-view").await?.unwrap_or_default())
    }

    /// Waits for a view.
    ///
    /// # Errors
    /// When another one stays; the error says which and with what cause.
    pub async fn shows(&self, view: &str) -> Result<()> {
        if self.sees(&format!("[data-view='{view}']")).await.is_ok() {
            return Ok(());
        }
        anyhow::bail!("«{view}» does not come; the window shows «{}»: {}", self.view().await?, self.text().await?)
    }

    /// Waits for what a CSS selector finds.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn sees(&self, selector: &str) -> Result<WebElement> {
        // Asked by single looks: what is drawn anew within a longer question ends it with an error.
        let element = until(selector, || async { self.driven.find(By::Css(selector)).await.ok() });
        match element.await {
            Ok(element) => Ok(element),
            Err(_) => anyhow::bail!("no {selector} in «{}»: {}", self.view().await?, self.text().await?),
        }
    }

    /// Waits for words that come only after a minute by the clock.
    ///
    /// # Errors
    /// When they do not come.
    pub async fn reads_after_a_minute(&self, words: &str) -> Result<()> {
        const MINUTE: Duration = Duration::from_secs(60);
        let query = self.driven.query(By::XPath(format!("//*[contains(text(), '{words}')]")));
        let seen = query.wait(MINUTE + TIMEOUT, MINUTE / 60).exists().await?;
        ensure!(seen, "no «{words}» after a minute: {}", self.text().await?);
        Ok(())
    }

    /// Waits until a CSS selector finds nothing any more.
    ///
    /// # Errors
    /// When it stays.
    pub async fn sees_no(&self, selector: &str) -> Result<()> {
        let gone = until("its end", || async { self.has(selector).await.ok().filter(|there| !there).map(|_| ()) });
        gone.await.with_context(|| format!("{selector} stays"))
    }

    /// Whether a CSS selector finds something at this moment.
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn has(&self, selector: &str) -> Result<bool> {
        Ok(!self.driven.find_all(By::Css(selector)).await?.is_empty())
    }

    /// Waits for a named cause.
    ///
    /// # Errors
    /// When it is not said.
    pub async fn says(&self, cause: &str) -> Result<()> {
        self.sees(&format!("[data-cause='{cause}']")).await.map(|_| ())
    }

    /// Waits for a lasting condition.
    ///
    /// # Errors
    /// When it is not said.
    pub async fn warns(&self, strip: &str) -> Result<WebElement> {
        self.sees(&format!("[data-strip='{strip}']")).await
    }

    /// Waits for words anywhere in the window.
    ///
    /// # Errors
    /// When they do not come.
    pub async fn reads(&self, words: &str) -> Result<()> {
        let found = until(words, || async { self.text().await.ok().filter(|text| text.contains(words)) }).await;
        match found {
            Ok(_) => Ok(()),
            Err(_) => anyhow::bail!("«{words}» is not in the window: {}", self.text().await?),
        }
    }

    /// All words in the window, blanks made single, and without what keeps a number on one line.
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn text(&self) -> Result<String> {
        words_of(&self.driven.find(By::Tag("body")).await?).await
    }

    /// The words inside of what is in the window.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn words(&self, selector: &str) -> Result<String> {
        words_of(&self.sees(selector).await?).await
    }

    /// Presses what bears this test id, as soon as it can be pressed.
    ///
    /// # Errors
    /// When it cannot.
    pub async fn press(&self, id: &str) -> Result<()> {
        self.press_what(By::Css(test_id(id)), id).await
    }

    /// Presses what is found so, as soon as it can be pressed.
    pub(crate) async fn press_what(&self, place: By, id: &str) -> Result<()> {
        if self.input_method == InputMethod::Keys {
            return self.press_by_keys(place, id).await;
        }
        // What moves, is covered or has just been drawn anew takes no press yet.
        let pressed = until(id, || async {
            let element = self.driven.find(place.clone()).await.ok()?;
            if element.is_enabled().await.ok()? && element.click().await.is_ok() {
                return Some(());
            }
            // What lies behind the pinned bar is scrolled to, as a finger does it.
            element.scroll_into_view().await.ok();
            None
        });
        match pressed.await {
            Ok(()) => Ok(()),
            Err(_) => anyhow::bail!("nothing to press: {id} in «{}»: {}", self.view().await?, self.text().await?),
        }
    }

    /// Types into a field, in place of what is there.
    ///
    /// # Errors
    /// When there is no such field.
    pub async fn type_into(&self, id: &str, text: &str) -> Result<()> {
        let field = self.sees(&test_id(id)).await?;
        match self.input_method {
            InputMethod::Mouse => field.click().await?,
            InputMethod::Keys => self.enter_by_keys(&field, id).await?,
        }
        field.send_keys(Key::Control + "a").await?;
        field.send_keys(Key::Delete + text).await?;
        Ok(())
    }

    /// Pastes a text into a field with the system's own clipboard and keys, in place of what is there.
    ///
    /// # Errors
    /// When there is no such field.
    pub async fn paste_into(&self, id: &str, text: &str) -> Result<()> {
        // Copied as a person copies it, out of a field that holds its lines.
        const HOLD: &str =
            "const held = document.createElement('textarea'); held.id = 'held'; held.value = arguments[0];
            held.style = 'position: fixed; inset: 0 auto auto 0; z-index: 9999';
            document.body.append(held); held.focus(); held.select();";
        self.driven.execute(HOLD, vec![text.into()]).await?;
        let held = self.driven.find(By::Id("held")).await?;
        // A page that is still coming may take the focus back, and then nothing is marked: marked and copied again, as a person does.
        let copied = until("the copied text", || async {
            held.send_keys(Key::Control + "a").await.ok()?;
            held.send_keys(Key::Control + "c").await.ok()?;
            self.clipboard().ok().filter(|copied| copied == text)
        });
        copied.await.context("nothing is copied")?;
        self.driven.execute("document.getElementById('held').remove();", Vec::new()).await?;
        let field = self.sees(&test_id(id)).await?;
        field.click().await?;
        field.send_keys(Key::Control + "a").await?;
        field.send_keys(Key::Control + "v").await?;
        Ok(())
    }

    /// What a field holds.
    ///
    /// # Errors
    /// When there is no such field.
    pub async fn value_of(&self, id: &str) -> Result<String> {
        Ok(self.sees(&test_id(id)).await?.value().await?.unwrap_or_default())
    }

    /// The state on the Sferum button.
    ///
    /// # Errors
    /// When it does not become `state`.
    pub async fn sferum_is(&self, state: &str) -> Result<()> {
        self.sees(&format!("[data-testid='sferum-state'][data-state='{state}']")).await.map(|_| ())
    }

    /// Waits until the app, started anew, shows that the pupil is linked: on «Готово» or in the diary.
    ///
    /// # Errors
    /// When it shows something else.
    pub async fn sferum_is_or_linked(&self) -> Result<()> {
        let selector = "[data-view='linked'], [data-testid='sferum-state'][data-state='linked']";
        self.sees(selector).await.map(|_| ())
    }

    /// Presses Tab until the focus is on what bears this test id.
    ///
    /// # Errors
    /// When it never gets there.
    pub async fn reach_by_tab(&self, id: &str) -> Result<()> {
        let element = self.sees(&test_id(id)).await?;
        self.enter_by_keys(&element, id).await
    }

    /// Presses keys, wherever the focus is.
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn type_keys(&self, keys: impl Into<TypingData>) -> Result<()> {
        Ok(self.driven.action_chain().send_keys(keys).perform().await?)
    }

    /// The system's own «back», as a phone's gesture or a mouse's button does it.
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn go_back(&self) -> Result<()> {
        Ok(self.driven.back().await?)
    }

    /// Waits until the window is this large.
    ///
    /// # Errors
    /// When it has another size.
    pub async fn is_sized(&self, width: u32, height: u32) -> Result<()> {
        let wanted = serde_json::json!([width, height]);
        let sized = until("the size", || async {
            let inner = self.driven.execute("return [window.innerWidth, window.innerHeight]", Vec::new()).await.ok()?;
            (*inner.json() == wanted).then_some(())
        });
        sized.await.with_context(|| format!("the window is not {width}×{height}"))
    }

    /// Makes the window this large.
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        self.driven.set_window_rect(0, 0, width, height).await?;
        self.is_sized(width, height).await
    }

    /// Turns the window light or dark, as its own settings do on the pages that have them.
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn dress(&self, look: Look) -> Result<()> {
        let theme = match look {
            Look::Light => "light",
            Look::Dark => "dark",
        };
        let turn = format!("document.documentElement.dataset.theme = '{theme}'");
        self.driven.execute(&turn, Vec::new()).await?;
        Ok(())
    }

    /// The window comes to the front, or another one covers it.
    ///
    /// # Errors
    /// When there is no window.
    pub fn set_front(&self, front: bool) -> Result<()> {
        screen::set_front(&self.display, self.driven.group(), front)
    }

    /// Waits until the window is in front.
    ///
    /// # Errors
    /// When it does not come there.
    pub async fn comes_to_front(&self) -> Result<()> {
        until("the window in front", || async {
            screen::is_front(&self.display, self.driven.group()).ok().filter(|front| *front).map(|_| ())
        })
        .await
    }

    /// What was copied last.
    ///
    /// # Errors
    /// When nothing was.
    pub fn clipboard(&self) -> Result<String> {
        screen::clipboard(&self.display)
    }

    /// A picture of the window, once fonts are there and nothing moves.
    ///
    /// # Errors
    /// When the window does not answer or the file cannot be written.
    pub async fn picture(&self, file: &Path) -> Result<()> {
        const DRAWN: &str = "const done = arguments[arguments.length - 1]; requestAnimationFrame(() => requestAnimationFrame(() => done(true)));";
        self.is_still().await?;
        self.driven.execute_async(DRAWN, Vec::new()).await?;
        let picture = screen::take(&self.display, self.driven.group())?;
        picture.save(file).with_context(|| format!("cannot write {}", file.display()))
    }

    /// A picture of what a CSS selector finds, as far as it is in the window, with a little of what is around it; at most `wide`
    /// dots wide.
    ///
    /// # Errors
    /// When there is no such thing or the file cannot be written.
    pub async fn picture_of(&self, selector: &str, wide: u32, file: &Path) -> Result<()> {
        const AROUND: f64 = 12.0;
        let place = self.sees(selector).await?.rect().await?;
        self.is_still().await?;
        let window = screen::take(&self.display, self.driven.group())?;
        let edge = |at: f64, most: u32| at.clamp(0.0, most.into()) as u32;
        let (left, top) = (edge(place.x - AROUND, window.width()), edge(place.y - AROUND, window.height()));
        let right = edge(place.x + place.width + AROUND, window.width());
        let bottom = edge(place.y + place.height + AROUND, window.height());
        let mut part = image::imageops::crop_imm(&window, left, top, right - left, bottom - top).to_image();
        if part.width() > wide {
            let high = part.height() * wide / part.width();
            part = image::imageops::resize(&part, wide, high, image::imageops::FilterType::Lanczos3);
        }
        screen::write_small(&part, file).with_context(|| format!("cannot write {}", file.display()))
    }

    /// Waits until fonts are there and every animation that ends has ended.
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn is_still(&self) -> Result<()> {
        const STILL: &str = "return document.fonts.status === 'loaded' && document.getAnimations().every(
            (a) => a.playState !== 'running' || a.effect?.getComputedTiming().iterations === Infinity)";
        let still = until("the end of all motion", || async {
            self.driven.execute(STILL, Vec::new()).await.ok()?.json().as_bool().filter(|still| *still)
        });
        ensure!(still.await?, "the window moves");
        Ok(())
    }
}

impl Deref for App {
    type Target = Driven;

    fn deref(&self) -> &Driven {
        &self.driven
    }
}

// Not by the driver's own «text»: that leaves out names which are kept to a few lines (`-webkit-line-clamp`), though people see
// them.
async fn words_of(element: &WebElement) -> Result<String> {
    let text = element.prop("innerText").await?.unwrap_or_default();
    Ok(text.replace('\u{2060}', "").split_whitespace().collect::<Vec<_>>().join(" "))
}
