//! A real browser, for the diary's own sign-in page.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use thirtyfour::{By, extensions::query::ElementQueryable};

use crate::{LOOK, PATIENCE, app::test_id, driver::Driven, home::Home, until};

/// WebKit's own small browser comes with the library that the app's window needs anyway.
const PROGRAMS: [&str; 4] = [
    "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
    "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
    "/usr/lib/webkit2gtk-4.1/MiniBrowser",
    "/usr/libexec/webkit2gtk-4.1/MiniBrowser",
];

/// A running browser.
pub struct Browser(Driven);

impl Browser {
    /// Starts it in this home.
    ///
    /// # Errors
    /// When there is none on this system, or it does not start.
    pub async fn start(home: &Home) -> Result<Self> {
        let program = PROGRAMS.iter().map(Path::new).find(|path| path.exists());
        let program = program.context("WebKit's MiniBrowser is not on this system")?;
        Ok(Self(Driven::start(home, "browser", program, &["--automation"], |_| ()).await?))
    }

    /// Goes to the diary's page and presses what bears this test id there (`account-misha`, `refuse`); returns when the
    /// browser has come back from the diary.
    ///
    /// # Errors
    /// When the page is not what it should be.
    pub async fn answer_diary(&self, address: &str, id: &str) -> Result<()> {
        self.0.goto(address).await?;
        let button = self.0.query(By::Css(test_id(id))).wait(PATIENCE, LOOK).first().await;
        let button = button.with_context(|| format!("no {id} on the diary's page"))?;
        let diary = self.0.current_url().await?;
        button.click().await?;
        let back = until("the way back from the diary", || async {
            self.0.current_url().await.ok().filter(|url| url.port() != diary.port())
        });
        ensure!(back.await?.host_str() == Some("127.0.0.1"), "the diary sent the browser elsewhere");
        Ok(())
    }

    /// A picture of the page.
    ///
    /// # Errors
    /// When it cannot be taken.
    pub async fn picture(&self, file: &Path) -> Result<()> {
        std::fs::write(file, self.0.screenshot_as_png().await?)?;
        Ok(())
    }

    /// Goes to a page and waits for something on it.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn visit(&self, address: &str, selector: &str) -> Result<()> {
        self.0.goto(address).await?;
        let seen = self.0.query(By::Css(selector)).wait(PATIENCE, LOOK).first().await;
        seen.map(|_| ()).with_context(|| format!("no {selector} at {address}"))
    }
}
