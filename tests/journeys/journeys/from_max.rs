//! From MAX into the app, by a link that the desktop hands over.

use anyhow::{Result, ensure};
use mostik_journeys::{
    Stand,
    app::Start,
    driver::test_id,
    person::{LIZA, MISHA, OLGA},
};
use serde_json::json;

use crate::begun;

/// Shows B6.
#[tokio::test]
async fn a_link_that_is_forged_stale_or_used_changes_nothing_and_says_why() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &MISHA).await?;
    stand.open_by_the_desktop("mostik://open/AbCdEfGhIjKlMnOpQrStU-")?;
    app.warns("link_refused").await?;
    app.press("dismiss").await?;

    let page = stand.page_from_max(&MISHA).await?;
    stand.browser().await?.visit(&page, "form button").await?;
    // A newer link of the same page takes the place of the older one.
    let older = stand.link_of(&page).await?;
    let link = stand.link_of(&page).await?;
    stand.open_by_the_desktop(&older)?;
    app.warns("link_refused").await?;
    app.press("dismiss").await?;
    app.sees_no("[data-strip='link_refused']").await?;
    assert_eq!(app.view().await?, "diary");

    stand.open_by_the_desktop(&link)?;
    app.shows("from_max").await?;
    app.press("decline-launch").await?;
    app.shows("diary").await?;
    stand.open_by_the_desktop(&link)?;
    app.reads("уже переходили").await?;
    app.shows("diary").await?;
    app.sferum_is("not_linked").await
}

/// Shows B6.
#[tokio::test]
async fn the_running_app_asks_whose_it_is_and_then_opens_at_the_right_step() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &MISHA).await?;
    let page = stand.page_from_max(&MISHA).await?;
    stand.open_by_the_desktop(&stand.link_of(&page).await?)?;
    app.shows("from_max").await?;
    app.reads("Миша О.").await?;
    app.reads("+7 900 •••-••-42, номер подтверждён").await?;
    app.reads("Михаил Орлов, 8 «Б»").await?;
    app.press("accept-launch").await?;
    app.shows("profile").await?;
    app.press("confirm-profile").await?;
    app.shows("linked").await?;
    ensure!(stand.phone.codes(&MISHA).await?.is_empty(), "an SMS was sent");
    Ok(())
}

/// Shows B6.
#[tokio::test]
async fn a_link_starts_the_app_and_waits_for_the_sign_in() -> Result<()> {
    let mut stand = Stand::new().await?;
    let page = stand.page_from_max(&MISHA).await?;
    let link = stand.link_of(&page).await?;
    let app = stand.app_with(Start { words: &[&link], ..Start::default() }).await?;
    app.sees(&test_id("from-max")).await?;
    app.press("sign-in").await?;
    stand.choose_at_diary(&stand.home.opened_page().await?, &OLGA).await?;
    app.shows("from_max").await?;
    // Whose diary it is, is for the mother to say.
    app.press("accept-launch").await?;
    app.sees("#whose-error").await?;
    app.choose_whose(&MISHA).await?;
    app.press("accept-launch").await?;
    app.shows("profile").await?;
    app.reads("Михаил").await?;
    app.press("confirm-profile").await?;
    app.shows("linked").await
}

/// Shows B6.
#[tokio::test]
async fn the_mini_app_leads_in_as_well() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &LIZA).await?;
    // Opened by anything but MAX it says so.
    let address = format!("{}/app", stand.proxy.address());
    stand.browser().await?.visit(&address, "h1").await?;
    stand.browser().await?.reads("Эта страница открывается из MAX").await?;
    // A mini app is opened out of the bot's chat.
    stand.phone.open_bot(&LIZA).await?;
    stand.phone.bot_answer(&LIZA, 0).await?;
    let data = stand.mini_app_data(&LIZA)?;
    // An address that differs by its end alone is not loaded anew.
    stand.browser().await?.visit("about:blank", "html").await?;
    stand.browser().await?.visit(&format!("{address}#{data}"), "form button").await?;
    let page = stand.browser().await?.address().await?;
    stand.open_by_the_desktop(&stand.link_of(&page).await?)?;
    app.shows("from_max").await?;
    app.press("accept-launch").await?;
    // The number is not in that data: the bot asks for it.
    app.shows("max").await?;
    app.reads("MAX открыт").await?;
    stand.phone.share(&LIZA, json!({})).await?;
    app.shows("profile").await
}
