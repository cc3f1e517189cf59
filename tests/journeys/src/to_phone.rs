//! From the window to another device: the code that the window shows, the page behind it, and the link that the page bears.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::{App, driver::test_id, home::Home};

impl App {
    /// The address in the code that «Отправить на телефон» shows.
    ///
    /// # Errors
    /// When there is no code.
    pub async fn code_for_the_phone(&self) -> Result<String> {
        let code = self.sees(&format!("{} [data-testid='qr']", test_id("to-phone"))).await?;
        code.attr("data-url").await?.context("a code without an address")
    }
}

/// The link on the page behind a code, without a browser.
///
/// # Errors
/// When the page bears none.
pub async fn link_behind(page: &str) -> Result<String> {
    let text = reqwest::get(page).await?.text().await?;
    let (_, rest) = text.split_once("mostik://continue/").with_context(|| format!("no link on the page: {text}"))?;
    Ok(format!("mostik://continue/{}", rest.get(..22).context("the link is cut short")?))
}

impl Home {
    /// Opens a link as any program of this device would.
    ///
    /// # Errors
    /// When nothing opens it.
    pub fn open_link(&self, link: &str) -> Result<()> {
        let mut command = Command::new("xdg-open");
        self.enter(command.arg(link)).stdout(Stdio::null()).stderr(Stdio::null());
        ensure!(command.status().context("cannot start xdg-open")?.success(), "nothing opens {link}");
        Ok(())
    }
}
