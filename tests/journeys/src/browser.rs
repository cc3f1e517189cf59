//! A real browser, for the diary's own sign-in page.

use std::path::Path;

use anyhow::{Context, Result};
use thirtyfour::{By, WebElement};

use crate::{
    driver::{Driven, test_id},
    home::Home,
    until,
};

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
        // It knows no authority of a journey; what the app trusts is another matter.
        let words = ["--automation", "--ignore-tls-errors"];
        Ok(Self(Driven::start(home, "browser", program, &words, |_| Ok(())).await?))
    }

    /// Presses what bears this test id on the diary's page (`account-misha`, `refuse`), and returns when the app has the answer:
    /// it listens at the address that is the last on the way.
    ///
    /// # Errors
    /// When the page is not what it should be.
    pub async fn answer_diary(&self, id: &str) -> Result<()> {
        let button = self.sees(&test_id(id)).await.with_context(|| format!("no {id} on the diary's page"))?;
        button.click().await?;
        until("the way back to the app", || async {
            let url = self.0.current_url().await.ok()?;
            let ready = self.0.execute("return document.readyState", Vec::new()).await.ok()?;
            let arrived = url.path() == "/callback" && url.query().is_some_and(|query| query.contains("state="));
            (arrived && ready.json().as_str() == Some("complete")).then_some(())
        })
        .await
    }

    /// Presses what is on the page, once it is there.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn press(&self, selector: &str) -> Result<()> {
        self.sees(selector).await.with_context(|| format!("no {selector} on the page"))?.click().await?;
        Ok(())
    }

    // By single looks: a page that gives way to the next within a longer question ends it with an error.
    async fn sees(&self, selector: &str) -> Result<WebElement> {
        until(selector, || async { self.0.find(By::Css(selector)).await.ok() }).await
    }

    /// Goes to a page and reads the link on it that begins so.
    ///
    /// # Errors
    /// When there is none.
    pub async fn link_on(&self, address: &str, begins: &str) -> Result<String> {
        let selector = format!("a[href^='{begins}']");
        self.visit(address, &selector).await?;
        let link = self.0.find(By::Css(selector)).await?.attr("href").await?;
        link.context("a link without an address")
    }

    /// Waits for words on the page.
    ///
    /// # Errors
    /// When they do not come.
    pub async fn reads(&self, words: &str) -> Result<()> {
        until(words, || async {
            let text = self.0.find(By::Tag("body")).await.ok()?.text().await.ok()?;
            text.contains(words).then_some(())
        })
        .await
    }

    /// Where the browser is.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn address(&self) -> Result<String> {
        Ok(self.0.current_url().await?.into())
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
        self.sees(selector).await.map(|_| ()).with_context(|| format!("no {selector} at {address}"))
    }
}
