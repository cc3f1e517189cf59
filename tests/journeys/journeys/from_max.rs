//! From MAX into the app, by a link that the desktop hands over.

use anyhow::{Context, Result, ensure};
use mostik_journeys::{
    Stand,
    app::{Start, test_id},
    person::{LIZA, MISHA, OLGA, Person},
    until,
};
use serde_json::json;

use crate::{begun, links::open_by_the_desktop};

/// What the person does in MAX: the bot is asked for, the number is shared, and the bot's button opens a page.
async fn page_from_max(stand: &Stand, person: &Person) -> Result<String> {
    stand.phone.open_bot(person).await?;
    stand.phone.bot_answer(person, 0).await?;
    stand.phone.share_own_number(person).await?;
    let page = until("the bot's way into the app", || async {
        let said = serde_json::to_string(&stand.phone.bot_messages(person).await.ok()?).ok()?;
        let (_, door) = said.rsplit_once("/open/")?;
        Some(format!("{}/open/{}", stand.proxy.address(), door.get(..22)?))
    });
    page.await
}

/// The link that the page's button makes.
async fn link_of(page: &str) -> Result<String> {
    let made = reqwest::Client::new().post(page).send().await?;
    ensure!(made.status().is_success(), "the page answers {}", made.status());
    let text = made.text().await?;
    let (_, rest) = text.split_once("mostik://open/").context("the page makes no link")?;
    Ok(format!("mostik://open/{}", rest.get(..22).context("the link is cut short")?))
}

/// Shows B6.
#[tokio::test]
async fn a_link_that_is_forged_stale_or_used_changes_nothing_and_says_why() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &MISHA).await?;
    open_by_the_desktop(&stand, "mostik://open/AbCdEfGhIjKlMnOpQrStU-")?;
    app.warns("link_refused").await?;
    app.press("dismiss").await?;

    let page = page_from_max(&stand, &MISHA).await?;
    stand.browser().await?.visit(&page, "form button").await?;
    // A newer link of the same page takes the place of the older one.
    let older = link_of(&page).await?;
    let link = link_of(&page).await?;
    open_by_the_desktop(&stand, &older)?;
    app.warns("link_refused").await?;
    app.press("dismiss").await?;
    app.sees_no("[data-strip='link_refused']").await?;
    assert_eq!(app.view().await?, "diary");

    open_by_the_desktop(&stand, &link)?;
    app.shows("from_max").await?;
    app.press("decline-launch").await?;
    app.shows("diary").await?;
    open_by_the_desktop(&stand, &link)?;
    app.reads("уже переходили").await?;
    app.shows("diary").await?;
    app.sferum_is("not_linked").await
}

/// Shows B6.
#[tokio::test]
async fn the_running_app_asks_whose_it_is_and_then_opens_at_the_right_step() -> Result<()> {
    let (mut stand, app) = begun().await?;
    stand.sign_in(&app, &MISHA).await?;
    let page = page_from_max(&stand, &MISHA).await?;
    open_by_the_desktop(&stand, &link_of(&page).await?)?;
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
    let page = page_from_max(&stand, &MISHA).await?;
    let link = link_of(&page).await?;
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
    let data = stand.mini_app_data(&LIZA)?;
    // An address that differs by its end alone is not loaded anew.
    stand.browser().await?.visit("about:blank", "html").await?;
    stand.browser().await?.visit(&format!("{address}#{data}"), "form button").await?;
    let page = stand.browser().await?.address().await?;
    open_by_the_desktop(&stand, &link_of(&page).await?)?;
    app.shows("from_max").await?;
    app.press("accept-launch").await?;
    // The number is not in that data: the bot asks for it.
    app.shows("max").await?;
    stand.phone.open_bot(&LIZA).await?;
    stand.phone.share(&LIZA, json!({})).await?;
    app.shows("profile").await
}
