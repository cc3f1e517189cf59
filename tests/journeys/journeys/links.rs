//! `mostik://` links and second starts.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use mostik_journeys::{Stand, app::Start, person::MISHA, until};
use mostik_world::program;

use crate::{at_max, begun};

/// Starts the program once more.
fn start_again(stand: &Stand, words: &[&str]) -> Result<()> {
    let mut command = Command::new(program("mostik")?);
    stand.home.enter(command.args(words)).stdout(Stdio::null()).stderr(Stdio::null());
    ensure!(command.status()?.success(), "the second program does not end well");
    Ok(())
}

/// Shows A12.
#[tokio::test]
async fn links_that_are_forged_or_foreign_do_nothing_and_say_why() -> Result<()> {
    let (stand, app, _) = at_max(&MISHA).await?;
    for (link, words) in [("mostik://evil/?code=1", "malformed"), ("mostik://return/AbCdEfGhIjKlMnOpQrStU-", "foreign")]
    {
        stand.open_by_the_desktop(link)?;
        app.warns("link_refused").await.with_context(|| words.to_owned())?;
        assert_eq!(app.view().await?, "max");
        app.press("dismiss").await?;
        app.sees_no("[data-strip='link_refused']").await?;
    }
    Ok(())
}

/// Shows A12.
#[tokio::test]
async fn a_link_that_starts_the_app_is_read_too() -> Result<()> {
    let stand = Stand::new().await?;
    let start = Start { words: &["mostik://return/AbCdEfGhIjKlMnOpQrStU-"], ..Start::default() };
    let app = stand.app_with(start).await?;
    app.warns("link_refused").await?;
    app.shows("sign_in").await
}

/// Shows A12.
#[tokio::test]
async fn the_bots_own_link_leads_back_once() -> Result<()> {
    let (mut stand, app, link) = at_max(&MISHA).await?;
    stand.finish_in_max(&app, &MISHA, &link).await?;
    let page = until("the bot's way back", || async {
        let said = serde_json::to_string(&stand.phone.bot_messages(&MISHA).await.ok()?).ok()?;
        let (_, handle) = said.split_once("/return/")?;
        Some(format!("{}/return/{}", stand.proxy.address(), handle.get(..22)?))
    });
    let page = page.await?;
    let back = stand.browser().await?.link_on(&page, "mostik:").await?;
    stand.open_by_the_desktop(&back)?;
    stand.open_by_the_desktop(&back)?;
    app.warns("link_refused").await?;
    app.shows("linked").await
}

/// Shows B1.
#[tokio::test]
async fn a_second_start_ends_at_once_and_says_so_in_the_window_that_is_open() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &MISHA).await?;
    start_again(&stand, &[])?;
    app.warns("second_start").await?;
    app.press("dismiss").await?;
    app.sees_no("[data-strip='second_start']").await?;
    app.shows("diary").await
}
